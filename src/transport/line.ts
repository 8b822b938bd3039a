/** One connection, made when it is needed: straight, over TLS, through a proxy. */
import type { buildConnector } from 'undici';
import type UndiciClient from 'undici/types/client.d.ts';
import type { HttpProxy } from './proxy.ts';
import type { Trust } from './trust.ts';

/** A connection, or one that is being made. */
export interface Line {
  readonly client: UndiciClient;
  /** Whether a request has been answered over it. */
  used: boolean;
  /** What the server said against our certificate while the first request was under way, which it never read. */
  refusal(): Error | undefined;
  /** Ends it, also while it is being made. */
  end(error?: Error): Promise<void>;
}

/** Where a line leads, and how. */
export interface LineOptions {
  readonly origin: string;
  /** Without it Node's own certificates. */
  readonly trust: Trust | undefined;
  /** The proxy to ask for a tunnel. */
  readonly tunnel: HttpProxy | undefined;
  /** Larger answers are not read (bytes). */
  readonly largestBody: number;
}

/** What a connection ends with after its one request; made once, since each would collect a stack. */
const spent = new Error('the connection was used');

/** Nothing is connected before the first request. */
export async function openLine(options: LineOptions): Promise<Line> {
  const Client = await loadClient();
  const given = new AbortController();
  let refusal: Error | undefined;
  const connect = await connectorOf(options, given.signal, (alert) => {
    refusal = alert;
  });
  const client = new Client(options.origin, {
    pipelining: 1,
    keepAliveTimeout: 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: options.largestBody,
    connect,
  });
  return {
    client,
    used: false,
    refusal: () => refusal,
    async end(error) {
      given.abort();
      await client.destroy(error ?? spent);
    },
  };
}

async function connectorOf(
  { origin, trust, tunnel }: LineOptions,
  signal: AbortSignal,
  refused: (alert: Error) => void,
): Promise<buildConnector.connector | buildConnector.BuildOptions> {
  if (tunnel !== undefined) {
    const { tunnelConnector } = await import('./tunnel.ts');
    return tunnelConnector(tunnel, trust, signal, refused);
  }
  // undici's own, without its clock: the request's clock sees to connecting too.
  if (!origin.startsWith('https:')) return { timeout: 0 };
  const { secureConnector } = await import('./secure-socket.ts');
  return secureConnector(trust, signal, refused);
}

let loading: Promise<typeof UndiciClient> | undefined;

/** undici's client alone, not the package: its index loads fetch, caches and more (start-up). */
function loadClient(): Promise<typeof UndiciClient> {
  loading ??= import('undici/lib/dispatcher/client.js').then((module) => module.default);
  return loading;
}
