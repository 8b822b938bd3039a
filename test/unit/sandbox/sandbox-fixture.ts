/** A sandbox per test, with a clock that only the test moves, and the requests that tests send to it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { BatchTaskInfoValue } from '../../../src/agent/batch-carriers.ts';
import { parseFault } from '../../../src/sandbox/faults.ts';
import type { LogEntry } from '../../../src/sandbox/request-log.ts';
import {
  type RunningSandbox,
  type SandboxOptions,
  type Surroundings,
  startSandbox,
} from '../../../src/sandbox/server.ts';

/** `Authorization` of the administrator with name and password, as the documentation's sample sends it. */
export const admin = 'Basic dGplMDpUamUw';
/** `Authorization` of the user without the right to use the ErpSync agent. */
export const reader = `Basic ${Buffer.from('reader:Reader0').toString('base64')}`;

/** One line of the log. */
export type LogLine = LogEntry;

/** A running sandbox with its clock and log. */
export interface Fixture extends RunningSandbox {
  /** Moves the clock forward. */
  advance(milliseconds: number): void;
  /** How long the sandbox was asked to pause, in order. */
  readonly pauses: readonly number[];
  readonly logFile: string;
  logText(): string;
  logLines(): LogLine[];
  /** Calls an operation of an agent; headers given here replace those of the administrator. */
  call(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Sends any request. */
  send(path: string, init?: RequestInit): Promise<Reply>;
  /** Sends these characters over a socket and returns all that comes back until the other side closes. */
  raw(text: string): Promise<{ text: string; error: string | undefined }>;
}

/** An answer that has been read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: unknown;
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Starts a sandbox that the test's end closes; faults are given as on the command line. */
export async function open(
  options: { faults?: readonly string[] } & Partial<Omit<SandboxOptions, 'faults'>> &
    Partial<Surroundings> = {},
): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'erpsync-sandbox-'));
  const logFile = options.logFile ?? join(folder, 'requests.ndjson');
  let time = Date.UTC(2026, 0, 15, 8, 30, 0);
  const pauses: number[] = [];
  const running = await startSandbox({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    faults: (options.faults ?? []).map(parseFault),
    logFile,
    tls: options.tls,
    state: options.state,
    online: options.online,
    tenantName: options.tenantName,
    tenantState: options.tenantState,
    signIn: options.signIn,
    tokenLife: options.tokenLife,
    surroundings: {
      now: () => time,
      random: options.random ?? Math.random,
      ...(options.begin === undefined ? {} : { begin: options.begin }),
      pause:
        options.pause ??
        ((milliseconds) => {
          pauses.push(milliseconds);
          return Promise.resolve();
        }),
    },
  });
  opened.push(async () => {
    await running.close();
    rmSync(folder, { recursive: true });
  });
  const send = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(`${running.url}${path}`, { redirect: 'manual', ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  };
  return {
    ...running,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    pauses,
    logFile,
    logText: () => readFileSync(logFile, 'utf8'),
    logLines: () => linesOf(readFileSync(logFile, 'utf8')),
    send,
    call: (path, body = null, headers = {}) =>
      send(`/api/v1/Agents/${path}`, {
        method: 'POST',
        headers: { Authorization: admin, 'Content-Type': 'application/json; charset=utf-8', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    raw: (text) => rawExchange(running.url, text),
  };
}

function rawExchange(url: string, text: string): Promise<{ text: string; error: string | undefined }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''), () => socket.write(text));
    const chunks: Buffer[] = [];
    let problem: string | undefined;
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem = error.code;
    });
    socket.on('close', () => resolve({ text: Buffer.concat(chunks).toString('utf8'), error: problem }));
  });
}

function linesOf(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The raw text of an operation's request that asks the server to close the connection afterwards. */
export function rawOperation(path: string, body: unknown, ...headers: readonly string[]): string {
  const text = JSON.stringify(body);
  return [
    `POST /api/v1/Agents/${path} HTTP/1.1`,
    'Host: sandbox',
    'Connection: close',
    'Content-Type: application/json',
    `Authorization: ${admin}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...headers,
    '',
    text,
  ].join('\r\n');
}

/** The batch tasks that the administrator has started so far. */
export async function startedTasks(sandbox: Fixture): Promise<readonly BatchTaskInfoValue[]> {
  const reply = await sandbox.call('Batch/GetBatchTaskInfosByAssociates', { AssociateIds: [5] });
  return reply.json as readonly BatchTaskInfoValue[];
}

/** Calls an operation and returns its result, which has to be there: HTTP 200 and JSON. */
export async function resultOf<T = unknown>(
  sandbox: Fixture,
  path: string,
  body: unknown = null,
): Promise<T> {
  const reply = await sandbox.call(path, body);
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return reply.json as T;
}

/** The tenant refuses: 500 with the server's own error object, which says so. */
export async function expectRefusal(
  sandbox: Fixture,
  path: string,
  body: unknown,
  words: string,
): Promise<void> {
  const reply = await sandbox.call(path, body);
  expect([reply.status, reply.json]).toEqual([
    500,
    {
      Error: true,
      ErrorType: expect.stringMatching(/^So(NotFound)?Exception$/),
      ErrorMessage: expect.stringContaining(words),
      ErrorSource: 'SuperOffice.Services.Implementation',
    },
  ]);
}
