/** Runs `erpsync call` against a server that answers everything with one reply. */
import { expect } from 'vitest';
import { runHere } from './in-process.ts';
import type { Finished, RunOptions } from './program.ts';
import { type Received, type Reply, tenantServer } from './tenant-server.ts';

/** The path of the operations. */
export const agentPath = '/api/v1/Agents/ErpSync';

/** What a call left, and what the server saw of it. */
export interface Called {
  readonly url: string;
  readonly finished: Finished;
  readonly requests: readonly Received[];
}

/** Starts a server before the tests of the file and returns what calls operations on it. */
export function callRunner(): (
  args: readonly string[],
  reply?: Reply,
  options?: RunOptions,
) => Promise<Called> {
  const tenant = tenantServer();
  return async (args, reply = { status: 204 }, options = {}) => {
    const { url, requests } = tenant(() => reply);
    const finished = await runHere(['call', ...args, '--url', url, '--auth', 'none'], options);
    return { url, finished, requests };
  };
}

/** The one request that came, by its path and its body. */
export function onlyRequest(requests: readonly Received[]): { path: string; body: unknown } {
  expect(requests).toHaveLength(1);
  const [request] = requests;
  return {
    path: request?.path ?? '',
    body: request?.body === '' ? undefined : JSON.parse(request?.body ?? ''),
  };
}
