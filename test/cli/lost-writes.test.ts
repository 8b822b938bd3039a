/** Writes whose answer was lost: each ends with 11 and the command that shows what came of it. */
import { expect, test } from 'vitest';
import { expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

const connections = ['GetAllConnections', 'GetConnectionsAndDisplayFields'];
const known: Reply = {
  status: 200,
  body: [{ ErpConnectionId: 124, ConnectionName: 'A', Active: true, IsActive: true }],
};

test.concurrent.each([
  ['engine start', 'look before you repeat it: erpsync engine status'],
  ['engine stop', 'look before you repeat it: erpsync engine status'],
  ['engine interval 15m', 'look before you repeat it: erpsync engine status'],
  ['sync', 'look before you repeat it: erpsync log'],
  ['connections priority crm,124', 'look before you repeat it: erpsync connections list'],
  ['call SyncAll', 'the operations: erpsync call --help'],
])('when the answer to %s is lost then the next command is told', async (line, next) => {
  const { url } = tenant(({ operation }) => (connections.includes(operation) ? known : { status: 502 }));
  const finished = await machineHere().run([...line.split(' '), '--url', url, '--auth', 'none']);
  expectRefusal(finished, 11, ['took effect is not known', next]);
});

test('when an answer that only reads is lost then nothing is at stake', async () => {
  const { url } = tenant(() => ({ status: 502 }));
  const finished = await machineHere().run([
    'engine',
    'status',
    '--retries',
    '0',
    '--url',
    url,
    '--auth',
    'none',
  ]);
  expectRefusal(finished, 7, ['run the same command again, or find what is wrong: erpsync doctor']);
  expect(finished.stdout).toBe('');
});
