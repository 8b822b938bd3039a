/** Every record is an empty list on the wire: only on purpose, and only once. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

async function resyncAll(args: readonly string[]) {
  const { url, requests, bodiesOf } = tenant();
  const finished = await machineHere().run([
    'force-resync',
    '--all',
    '--url',
    url,
    '--auth',
    'none',
    ...args,
  ]);
  return { finished, requests, sent: bodiesOf('ForceResyncBatchTask') };
}

const noCounts = {
  given: null,
  duplicates: null,
  unresolved: null,
  accepted: null,
  rejected: null,
  unsent: null,
  unknown: null,
};

describe.concurrent('without a terminal', () => {
  test.each([
    ['--connection', ['--connection', '124']],
    ['--from-crm', ['--from-crm']],
    ['--no-input', ['--from-crm', '--no-input']],
    ['--quiet', ['--from-crm', '--quiet']],
  ])('when --all stands with %s and without --yes then no request leaves', async (_, args) => {
    const { finished, requests } = await resyncAll(args);
    expectRefusal(finished, 2, ['--all means every record', '--yes']);
    expect(requests).toEqual([]);
  });

  test('when --yes stands before the command then it confirms', async () => {
    const { url, bodiesOf } = tenant();
    const args = ['-y', 'force-resync', '--from-crm', '--all', '--url', url, '--auth', 'none'];
    expect((await machineHere().run(args)).exitCode).toBe(0);
    expect(bodiesOf('ForceResyncBatchTask')).toEqual([{ ErpConnectionId: 0, InternalKeyIds: [] }]);
  });
});

describe.concurrent('confirmed', () => {
  test('when --yes is given then exactly one request with an empty list leaves', async () => {
    const { finished, requests, sent } = await resyncAll([
      '--connection',
      '124',
      '--yes',
      '--chunk-size',
      '1',
    ]);
    expect(finished).toMatchObject({
      exitCode: 0,
      stdout:
        'Queued on the server, not yet synced: every record in 1 request, from ERP connection 124 "Visma Net" to all other connections and SuperOffice.\n',
    });
    expect(sent).toEqual([{ ErpConnectionId: 124, InternalKeyIds: [] }]);
    expect(requests.map(({ operation }) => operation)).toEqual([
      'GetConnection',
      'ForceResyncBatchTask',
      'GetConnection',
    ]);
  });

  test('when the form is JSON then the counts of keys are null', async () => {
    const { finished } = await resyncAll(['--from-crm', '--yes', '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({
      status: 'ok',
      exitCode: 0,
      keys: noCounts,
      requests: { planned: 1, accepted: 1, rejected: 0, unsent: 0, unknown: 0 },
      error: null,
    });
  });

  test('when the server fails without a word of its own then it is not sent again', async () => {
    const { url, bodiesOf } = tenant(() => ({ status: 500 }));
    const args = ['force-resync', '--all', '--yes', '--from-crm', '--url', url, '--auth', 'none'];
    expect((await machineHere().run(args)).exitCode).toBe(11);
    expect(bodiesOf('ForceResyncBatchTask')).toHaveLength(1);
  });
});

describe.concurrent('a dry run', () => {
  test('when every record is planned then nothing is sent and --yes is not needed', async () => {
    const { finished, requests } = await resyncAll(['--connection', '124', '--dry-run', '-o', 'json']);
    const plan = [{ index: 0, method: 'POST', keys: null, first: null, last: null }];
    expect(documentOf(finished)).toMatchObject({ status: 'dry-run', exitCode: 0, keys: noCounts, plan });
    expect(requests.map(({ operation }) => operation)).toEqual(['GetConnection']);
  });

  test('when it is for people then it says every record', async () => {
    const { finished, requests } = await resyncAll(['--from-crm', '--dry-run']);
    expect(finished.exitCode).toBe(0);
    expect(finished.stdout).toMatch(
      /^Dry run, nothing was sent\. The plan: every record in 1 request, from Super/,
    );
    expect(requests).toEqual([]);
  });
});
