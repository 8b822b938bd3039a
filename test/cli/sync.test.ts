/** An ordinary sync of all active connections. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

async function sync(args: readonly string[], reply: Reply) {
  const { url, requests } = tenant(() => reply);
  const finished = await machineHere().run(['sync', ...args, '--url', url, '--auth', 'none']);
  return { finished, operations: requests.map(({ operation }) => operation) };
}

describe.concurrent('sync', () => {
  const changes = {
    AddedRecords: [],
    UpdatedRecords: [{ Tablename: 'contact', RecordId: 1 }],
    DeletedRecords: null,
  };
  const done = {
    status: 200,
    body: { IsOk: true, UserExplanation: 'NO:"Ferdig";US:"Done"', Changes: changes },
  };

  test.each([
    ['SyncAll', []],
    ['ForceSyncAll', ['--force']],
  ])('when it is done with %s then its changes are counted', async (operation, args) => {
    const { finished, operations } = await sync(args, done);
    expect(finished).toMatchObject({
      exitCode: 0,
      stdout: 'Synced: 0 records added, 1 updated, 0 deleted. Done\n',
    });
    expect(operations).toEqual([operation]);
  });

  test('when the form is JSON then the operation is named', async () => {
    const { finished } = await sync(['-o', 'json'], done);
    expect(documentOf(finished)).toMatchObject({
      operation: 'SyncAll',
      explanation: 'Done',
      changes: { updated: 1 },
    });
  });

  test.each<[string, Reply, number, string]>([
    ['IsOk=false', { status: 200, body: { IsOk: false, UserExplanation: 'Not now' } }, 6, 'Not now'],
    ['null', { status: 200, body: null }, 6, 'null'],
    ['nothing at all', { status: 500 }, 11, 'SyncAll took effect is not known'],
    ['403', { status: 403 }, 5, 'HTTP 403'],
  ])('when the answer is %s then the code tells, and it is sent once', async (_, reply, exitCode, words) => {
    const { finished, operations } = await sync([], reply);
    expectRefusal(finished, exitCode, [words]);
    expect(operations).toEqual(['SyncAll']);
  });

  test('when it is a dry run then nothing is sent', async () => {
    const { finished, operations } = await sync(['--force', '--dry-run'], done);
    expect(finished.stdout).toMatch(/^Dry run, nothing was sent\.\n\nPOST .*\/ForceSyncAll\n$/);
    expect(operations).toEqual([]);
  });
});
