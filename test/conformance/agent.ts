/** The client as the commands use it, but with a clock that a test reads instead of waiting for. */
import { createServer, type Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { type AgentClient, agentClient } from '../../src/agent/client.ts';
import type { ServicesVersion } from '../../src/agent/wire-xml.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { httpConnections } from '../../src/transport/http.ts';
import type { Outcome } from '../../src/transport/outcome.ts';
import { restTransport } from '../../src/transport/rest.ts';
import type { Attempted } from '../../src/transport/retry.ts';
import { type SoapOptions, soapTransport } from '../../src/transport/soap.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { listening } from '../support/listening.ts';
import type { Reaction } from '../support/wire-server.ts';

/** What the clock of every client says. */
export const now = Date.UTC(2026, 9, 21, 7, 28);

export interface TestAgent {
  readonly client: AgentClient;
  /** The waits between tries, in ms; none of them took any time. */
  readonly waits: readonly number[];
}

/** How a test's calls travel; over REST unless it names services. */
interface Way {
  readonly timeoutMs?: number;
  readonly connectMs?: number;
  readonly services?: ServicesVersion | undefined;
  readonly soapVersion?: SoapOptions['soapVersion'];
  /** Null where nobody has logged in yet. */
  readonly ticket?: string | null;
  readonly appToken?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** A client with two retries and a jitter of exactly one half: it waits 250 ms, then 500 ms. */
export function agentFor(
  baseUrl: string,
  {
    timeoutMs = 10_000,
    connectMs = timeoutMs,
    services,
    soapVersion = '1.1',
    ticket = '7T:abc',
    appToken,
    timeZone,
  }: Way = {},
): TestAgent {
  const wire = {
    connections: httpConnections({ baseUrl, timeoutMs, connectMs }),
    credentials: {
      headers: () => Promise.resolve({ Authorization: `SOTicket ${ticket}` }),
      soapLogin: () => Promise.resolve({ ticket: ticket ?? undefined, applicationToken: appToken }),
    },
    userAgent: 'erpsync/test',
    language: 'en',
    timeZone,
  };
  return agentOver(
    services === undefined ? restTransport(wire) : soapTransport({ ...wire, services, soapVersion }),
  );
}

/** The same over SOAP, of Services88. */
export function soapAgentFor(baseUrl: string, options: Partial<SoapOptions> = {}): TestAgent {
  const transport = soapTransport({
    connections: httpConnections({ baseUrl, timeoutMs: 10_000 }),
    credentials: { soapLogin: () => Promise.resolve({ ticket: '7T:abc', applicationToken: undefined }) },
    userAgent: 'erpsync/test',
    language: 'en',
    timeZone: undefined,
    services: 88,
    soapVersion: '1.1',
    ...options,
  });
  return agentOver(transport);
}

function agentOver(transport: Transport): TestAgent {
  const waits: number[] = [];
  const clock = {
    now: () => now,
    random: () => 0.5,
    sleep(ms: number) {
      waits.push(ms);
      return Promise.resolve();
    },
  };
  const client = agentClient({ transport, retries: 2, clock });
  onTestFinished(() => client.close());
  return { client, waits };
}

/** Calls with every kind of result: none, PluginResponse, true or false, list, carrier, code, map. */
export const calls = {
  ForceResyncBatchTask: (client: AgentClient) =>
    client.call('ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [100, 959] }),
  ForceResync: (client: AgentClient) =>
    client.call('ForceResync', { ErpConnectionId: 124, InternalKeyIds: [100, 959] }),
  SaveErpConnectionSyncPriorities: (client: AgentClient) =>
    client.call('SaveErpConnectionSyncPriorities', { ErpConnectionIds: [124, 0] }),
  ToggleErpConnectionActive: (client: AgentClient) =>
    client.call('ToggleErpConnectionActive', { ErpConnectionId: 124 }),
  GetConnection: (client: AgentClient) => client.call('GetConnection', { ErpConnectionId: 124 }),
  TestConnectionById: (client: AgentClient) => client.call('TestConnectionById', { ErpConnectionId: 124 }),
  SupportsAdvancedSearch: (client: AgentClient) =>
    client.call('SupportsAdvancedSearch', { ErpConnectionId: 124, ErpActorType: 'Customer' }),
  TestConnectorUrl: (client: AgentClient) => client.call('TestConnectorUrl', { Url: 'https://erp.example/' }),
  GetErpConnectionConfigFields: (client: AgentClient) =>
    client.call('GetErpConnectionConfigFields', { ErpConnectionId: 124 }),
} as const;

export type CallName = keyof typeof calls;

/** One call over the wire, judged. */
export async function outcomeOfCall({ client }: TestAgent, name: CallName): Promise<Attempted<unknown>> {
  return await calls[name](client);
}

/** What a row of the outcome table promises, in facts. */
export interface Expected {
  readonly kind: Outcome['kind'];
  readonly code?: ErrorCode;
  readonly exitCode?: number;
  readonly httpStatus?: number | undefined;
  readonly stops?: boolean;
  readonly notFound?: boolean;
  readonly value?: unknown;
  /** Requests that reached the server. */
  readonly requests: number;
  readonly waits: readonly number[];
}

const once = { requests: 1, waits: [] };
/** The second and the third try, with the waits of {@link agentFor}. */
export const thrice = { requests: 3, waits: [250, 500] };

export const accepted = (value?: unknown): Expected => ({ kind: 'accepted', value, ...once });
export const rejected = (httpStatus: number, more: Partial<Expected> = {}): Expected => {
  return { kind: 'rejected', code: 'rejected', exitCode: 6, httpStatus, stops: false, ...once, ...more };
};
export const unknown = (httpStatus?: number, more: Partial<Expected> = {}): Expected => {
  return { kind: 'unknown', code: 'unknown', exitCode: 11, httpStatus, ...once, ...more };
};
export const unsent = (
  code: 'auth' | 'forbidden' | 'network' | 'unavailable',
  httpStatus: number | undefined,
  more: Partial<Expected> = {},
): Expected => {
  const exitCode = { auth: 4, forbidden: 5, network: 7, unavailable: 9 }[code];
  return { kind: 'unsent', code, exitCode, httpStatus, ...once, ...more };
};

/** The facts that an {@link Expected} is compared with. */
export function factsOf({ outcome }: Attempted<unknown>, requests: number, waits: readonly number[]) {
  if (outcome.kind === 'accepted') return { kind: outcome.kind, value: outcome.value, requests, waits };
  const { code, exitCode, httpStatus } = outcome.error;
  const more = outcome.kind === 'rejected' ? { stops: outcome.stops, notFound: outcome.notFound } : {};
  return { kind: outcome.kind, code, exitCode, httpStatus, ...more, requests, waits };
}

/** A row for `test.each`, which says `when %s then %s`. */
export type Row = readonly [when: string, then: string, call: CallName, reaction: Reaction, Expected];

export function row(when: string, call: CallName, reaction: Reaction, expected: Expected): Row {
  const tries = expected.requests === 1 ? 'sent once' : `sent ${expected.requests} times`;
  const code = expected.code === undefined || expected.code === expected.kind ? '' : ` (${expected.code})`;
  const stops = expected.stops === true ? ', stops the run' : '';
  return [`${call}: ${when}`, `it is ${expected.kind}${code}, ${tries}${stops}`, call, reaction, expected];
}

/** A port of loopback on which each connection is handed to `onConnection`, before it has sent anything. */
export async function socketServer(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; connections(): number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  return { port: await listening(server), connections: () => connections };
}

/** A port of loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The monotonic clock of this process, standing still until it is moved. */
export function stoppedClock(): { advance(ms: number): void } {
  let time = 1_000;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => spy.mockRestore());
  return {
    advance(ms) {
      time += ms;
    },
  };
}
