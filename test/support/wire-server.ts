/**
 * A server that is nothing but a socket: it keeps what arrives byte for byte, and answers with whatever
 * bytes a test gives it, however wrong they are.
 */
import { createServer, type Socket } from 'node:net';
import { listening } from './listening.ts';

/** What the server does with a request: bytes to answer with, or anything with the socket. */
export type Reaction = string | ((socket: Socket, request: string) => void);

export interface WireServer {
  readonly url: string;
  readonly port: number;
  /** Each request as it came, head and body, in order. */
  readonly requests: readonly string[];
  /** Connections that were opened. */
  connections(): number;
  /** How many requests of the path's end have come. */
  count(operation: string): number;
}

/** A 204 as NetServer sends it. */
export const noContent = 'HTTP/1.1 204 No Content\r\n\r\n';

/** A whole answer with a JSON body. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): string {
  return answer(status, JSON.stringify(body), {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** A whole answer. */
export function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  return `HTTP/1.1 ${status} Said\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** ERP connection 124, active. */
export const activeConnection = jsonAnswer(200, {
  ErpConnectionId: 124,
  DisplayName: 'Visma Net',
  Active: true,
  Deleted: false,
});

/** A server on a free port of loopback for one test; `react` is asked for each whole request, by its number from 0. */
export async function wireServer(react: (request: string, index: number) => Reaction): Promise<WireServer> {
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    let pending = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let length = requestLength(pending); length !== undefined; length = requestLength(pending)) {
        const request = pending.subarray(0, length).toString('latin1');
        pending = pending.subarray(length);
        const reaction = react(request, requests.push(request) - 1);
        if (typeof reaction === 'string') socket.write(reaction);
        else reaction(socket, request);
      }
    });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    count: (operation) =>
      requests.filter((request) => request.split(' ', 2)[1]?.endsWith(`/${operation}`)).length,
  };
}

/** The length of the first whole request, or undefined while it is not whole. */
function requestLength(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head === -1) return undefined;
  const body = /content-length: *(\d+)/i.exec(bytes.subarray(0, head).toString('latin1'))?.[1] ?? '0';
  const length = head + 4 + Number(body);
  return bytes.length >= length ? length : undefined;
}
