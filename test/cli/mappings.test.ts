/** Field mappings: merged into a fresh read, and checked. */
import { describe, expect, test } from 'vitest';
import { active, answering, ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const field = {
  ErpFieldId: 501,
  ErpFieldKey: 'Fax',
  CrmFieldKey: 'Fax',
  SyncToCrm: true,
  MissingInERP: true,
  MissingInCRM: false,
};
const mapping = { ErpConnectionId: 124, ActorTypeErp: 'Customer', IsActive: true, FieldMappings: [field] };

async function mappings(args: readonly string[], replies: Readonly<Record<string, Reply>> = {}) {
  const all = { GetConnection: active, GetActorTypeMapping: ok(mapping), ...replies };
  const { url, requests, bodiesOf } = tenant(answering(all));
  const finished = await runHere(['mappings', ...args, '--url', url, '--auth', 'none', '--retries', '0']);
  return { finished, operations: requests.map(({ operation }) => operation), bodiesOf };
}

const which = ['--connection', '124', '--actor-type', 'Customer'];
const saving = (data: unknown) => ['save', ...which, '--data', JSON.stringify(data)];
const change = { fieldMappings: [{ erpFieldId: 501, crmFieldKey: 'Phone' }] };
const save = 'SaveActorTypeMapping';

describe.concurrent('save', () => {
  test('when one member is given then the others are sent as the server has them', async () => {
    const { bodiesOf } = await mappings(saving(change), { [save]: ok(mapping) });
    const changed = { ...mapping, FieldMappings: [{ ...field, CrmFieldKey: 'Phone' }] };
    expect(bodiesOf(save)).toEqual([{ Mapping: changed }]);
  });

  test('when the output of get is given back then nothing is sent', async () => {
    const { finished } = await mappings(['get', ...which, '-o', 'json']);
    const again = await mappings(saving(documentOf(finished)));
    expect(again.finished).toMatchObject({ exitCode: 0 });
    expect(again.operations).toEqual(['GetActorTypeMapping']);
  });

  test.each<[string, unknown, number]>([
    ['an id that the server does not have', { fieldMappings: [{ erpFieldId: 9 }] }, 6],
    ['an id twice', { fieldMappings: [{ erpFieldId: 501 }, { erpFieldId: 501 }] }, 2],
    ['another connection', { erpConnectionId: 125 }, 2],
    ['an unknown member', { fieldMapping: [] }, 2],
  ])('when %s is given then nothing is saved', async (_, data, exitCode) => {
    const { finished, operations } = await mappings(saving(data), { [save]: ok(mapping) });
    expectRefusal(finished, exitCode, []);
    expect(operations).not.toContain(save);
  });

  test('when it is a dry run then the difference is shown and nothing is saved', async () => {
    const { finished, operations } = await mappings([...saving(change), '--dry-run']);
    expect(finished.stdout).toContain('"Fax" becomes "Phone"');
    expect(operations).not.toContain(save);
  });

  test('when the answer is lost then the code is 11', async () => {
    const { finished } = await mappings(saving(change), { [save]: { status: 502 } });
    expectRefusal(finished, 11, ['erpsync mappings get']);
  });
});

test.each([{ Actors: [{ ActorType: 'Customer' }] }])(
  'when a mapped field is missing then check names it',
  async (summary) => {
    const { finished } = await mappings(['check', '--connection', '124'], {
      GetErpSyncConnectionSummary: ok(summary),
    });
    expect(finished).toMatchObject({ exitCode: 6 });
    expect(finished.stdout).toContain('ERP field Fax (501), mapped to Fax, is missing in the ERP system');
  },
);
