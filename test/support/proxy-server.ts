/** A proxy for tests: tunnels and forwards as it is told, and keeps what it was asked for. */
import { createServer, request as forward } from 'node:http';
import { connect } from 'node:net';
import { listening } from './listening.ts';

/** How a proxy behaves; without anything it does what is asked. */
export interface ProxyManner {
  /** What it wants in `Proxy-Authorization`. */
  readonly login?: string;
  /** What it answers to every CONNECT instead of a tunnel; an empty text closes the connection. */
  readonly answer?: string;
}

export interface TestProxy {
  readonly port: number;
  /** The targets of tunnels, and the addresses of requests to http. */
  readonly asked: readonly string[];
}

/** A proxy on a free port of loopback for one test. */
export async function proxyServer({ login, answer }: ProxyManner = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.headers['proxy-authorization'] !== expected) {
      response.writeHead(407).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const passed = forward(
      request.url ?? '',
      { method: request.method, headers, agent: false },
      (answered) => {
        response.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  server.on('connection', (socket) => socket.on('error', () => undefined));
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const refused = request.headers['proxy-authorization'] !== expected;
    const said = answer ?? (refused ? 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' : undefined);
    if (said !== undefined) {
      socket.end(said);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(/:(?=\d+$)/);
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  return { port: await listening(server), asked };
}
