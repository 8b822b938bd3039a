/**
 * Every command against a server that answers anything: it ends in time, with an exit code that says what happened and
 * is never that of a bug; nothing of the answer steers the terminal; and a resync is accepted only where the server
 * has said so.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectSafeOutput } from '../support/expectations.ts';
import { hostileAnswer, hostileBodies, hostileHeads } from '../support/hostile-answers.ts';
import { machineHere } from '../support/in-process.ts';
import { wireServer } from '../support/wire-server.ts';

/** Within this time everything ends (ms); the commands' own limit is below it. */
const patience = 30_000;

const commands = [
  'force-resync --connection 124 --ids 100,959',
  'force-resync --from-crm --ids 1 --mode direct',
  'force-resync --from-crm --company 12',
  'connections list',
  'connections get 124',
  'connections summary 124',
  'connections test 124',
  'connectors list',
  'mappings get --connection 124 --actor-type Customer',
  'links values --company 959',
  'keys list --connection 124',
  'keys resolve --company 959',
  'tasks list --all',
  'tasks show 70',
  'log --limit 5',
  'engine status',
  'call GetAllConnectors',
  'call GetConnectionsAndDisplayFields -F CrmActorType=Contact -F CrmKey=1',
  'api /api/v1/User/currentPrincipal',
  'api /api/v1/Agents/ErpSync/GetConnection -F ErpConnectionId=124',
  'doctor',
] as const;

const ways = [
  '',
  '-o json',
  '-o ndjson',
  '-vv',
  '--transport soap',
  '--transport soap -vv',
  '--services auto',
] as const;

async function ended<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not end')), patience);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

describe.each(commands)('%s', (command) => {
  test('when the answers are anything then it ends truthfully', { timeout: 120_000 }, async () => {
    let bytes: Buffer = Buffer.alloc(0);
    let closes = true;
    const server = await wireServer(() => (socket) => {
      if (closes) socket.end(bytes);
      else socket.write(bytes);
    });
    const user = machineHere();
    const env = {
      ERPSYNC_PASSWORD: 'Tje0',
      ERPSYNC_USERNAME: 'tje0',
      ERPSYNC_URL: server.url,
      NO_COLOR: '1',
      CI: '1',
    };
    await fc.assert(
      fc.asyncProperty(
        hostileHeads,
        hostileBodies,
        fc.constantFrom(...ways),
        fc.constantFrom(true, true, true, false),
        async (head, body, way, closing) => {
          bytes = hostileAnswer(head, body);
          closes = closing;
          const limits = ['--timeout', '400ms', '--retries', '0'];
          const args = [...`${command} ${way}`.trim().split(' '), ...limits];
          const finished = await ended(user.run(args, { env, terminal: true }));
          expectSafeOutput(finished);
          if (way === '-o json') JSON.parse(finished.stdout);
          if (finished.exitCode === 0 && !command.startsWith('api')) expect(head.status).toBeLessThan(300);
        },
      ),
      { numRuns: 25 },
    );
  });
});
