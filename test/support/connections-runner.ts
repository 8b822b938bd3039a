/** Runs `erpsync connections` against a server that answers by operation. */
import { runHere } from './in-process.ts';
import type { Finished, RunOptions } from './program.ts';
import { type Received, type Reply, tenantServer } from './tenant-server.ts';

/** A 200 with this body. */
export const ok = (body: unknown): Reply => ({ status: 200, body });

/** Answers by operation; a list is answered one after the other, its last one again and again. */
export function answering(
  replies: Readonly<Record<string, readonly Reply[] | Reply>>,
): (request: Received) => Reply {
  const queues = new Map(
    Object.entries(replies).map(([name, given]) => [name, Array.isArray(given) ? [...given] : [given]]),
  );
  return ({ operation }) => {
    const queue = queues.get(operation) ?? [];
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? { status: 404 };
  };
}

/** A connection with everything that is worth a test: languages, steering characters, passwords. */
export const visma = {
  ErpConnectionId: 124,
  ErpConnectorId: 17,
  DisplayName: 'NO:"Visma Norge";US:"Visma Net"',
  DisplayDescription: 'All\u001b[2J',
  Active: true,
  ConnectionId: 'guid',
  MostRecentTimestamp: '8812',
  ConfigFields: { Company: '1001', Password: 'geheim', Other: 'geheim' },
  Deleted: false,
  AllAccess: true,
};

/** GetConnection answers it active, or inactive. */
export const active = ok(visma);
export const inactive = ok({ ...visma, Active: false });

/** What a run left, and what the server saw of it. */
interface ConnectionsRun {
  readonly finished: Finished;
  readonly requests: readonly Received[];
  readonly operations: readonly string[];
  bodiesOf(operation: string): unknown[];
}

/** Starts a server before the tests of the file and returns what runs the commands of a group against it. */
export function connectionsRunner(
  group: 'connections' | 'connectors' = 'connections',
): (
  args: readonly string[],
  react: (request: Received) => Reply,
  options?: RunOptions,
) => Promise<ConnectionsRun> {
  const tenant = tenantServer();
  return async (args, react, options = {}) => {
    const { url, requests, bodiesOf } = tenant(react);
    const given = [group, ...args, '--url', url, '--auth', 'none', '--retries', '0'];
    const finished = await runHere(given, options);
    return { finished, requests, operations: requests.map(({ operation }) => operation), bodiesOf };
  };
}
