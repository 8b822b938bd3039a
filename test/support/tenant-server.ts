/** One server for all tests of a file, with a base path for each test, so that they can run at the same time. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll } from 'vitest';

/** A request as it came. */
export interface Received {
  /** The last word of the path: `ForceResyncBatchTask`. */
  readonly operation: string;
  /** The path below the base path of the test, with its query. */
  readonly path: string;
  /** By lower-case name, as they came. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a tenant answers: a status, and a JSON body where there is one. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** A server of one test. */
export interface Tenant {
  /** Base URL. */
  readonly url: string;
  /** What came, in order. */
  readonly requests: readonly Received[];
  /** The bodies of the requests of one operation. */
  bodiesOf(operation: string): unknown[];
}

/** What ERP connection 124 looks like when nothing is wrong with it. */
export const connection124 = { ErpConnectionId: 124, DisplayName: 'Visma Net', Active: true, Deleted: false };

/** GetConnection finds an active connection, everything else is done: what a healthy server answers. */
export function healthy({ operation }: Received): Reply {
  return operation === 'GetConnection' ? { status: 200, body: connection124 } : { status: 204 };
}

/** Starts a server before the tests of the file and returns the maker of tenants on it. */
export function tenantServer(): (react?: (request: Received, index: number) => Reply) => Tenant {
  const tenants: ((request: Received) => Reply)[] = [];
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      void received(request).then(({ tenant, ...rest }) => {
        const { status, body } = tenants[tenant]?.(rest) ?? { status: 404 };
        const text = body === undefined ? '' : JSON.stringify(body);
        response.writeHead(status, text === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' });
        response.end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return (react = healthy) => {
    const requests: Received[] = [];
    const tenant = tenants.push((request) => react(request, requests.push(request) - 1)) - 1;
    return {
      url: `${origin}/tenant${tenant}`,
      requests,
      bodiesOf: (operation) =>
        requests.filter((request) => request.operation === operation).map(({ body }) => JSON.parse(body)),
    };
  };
}

async function received(request: IncomingMessage): Promise<Received & { readonly tenant: number }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [, tenant, path = ''] = /^\/tenant(\d+)(.*)$/.exec(request.url ?? '') ?? [];
  return {
    tenant: Number(tenant ?? -1),
    operation: path.split('?', 1)[0]?.split('/').at(-1) ?? '',
    path,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
