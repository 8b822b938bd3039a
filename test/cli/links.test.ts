/** Links between CRM records and ERP actors: what is sent, and what must not be. */
import { describe, expect, test } from 'vitest';
import { active, answering, ok, visma } from '../support/connections-runner.ts';
import { expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

async function links(line: string, replies: Readonly<Record<string, readonly Reply[] | Reply>>) {
  const { url, requests, bodiesOf } = tenant(answering({ GetConnection: active, ...replies }));
  const given = ['links', ...line.split(' '), '--url', url, '--auth', 'none', '--retries', '0'];
  const finished = await runHere(given);
  return { finished, operations: requests.map(({ operation }) => operation), bodiesOf };
}

const actor = '--connection 124 --company 15 --erp-key C-1 --actor-type Customer';
const linked = (Connected: boolean) =>
  ok([{ ErpConnectionId: 124, Connected, ErpActorType: 'Customer', ErpFields: [] }]);
const asked = ok([
  { FieldKey: 'Name', Access: 'Mandatory', FieldType: 'Text' },
  { FieldKey: 'Group', Access: 'Mandatory', FieldType: 'List', DefaultValue: '10' },
  { FieldKey: 'Pin', Access: 'Normal', FieldType: 'Password' },
]);
const newActor = 'create-actor --connection 124 --company 15 --actor-type Customer';

describe.concurrent('writes', () => {
  test.each<[string, string, Readonly<Record<string, Reply>>, string, unknown]>([
    [
      'create',
      `create ${actor}`,
      { CreateActorLink: ok(true) },
      'CreateActorLink',
      {
        ErpConnectionId: 124,
        CrmRecordId: 15,
        CrmActorType: 'Contact',
        ErpKey: 'C-1',
        ErpActorType: 'Customer',
      },
    ],
    [
      'break',
      'break --connection 124 --company 15 --yes',
      { GetConnectionsAndDisplayFields: linked(true), BreakActorLink: ok(true) },
      'BreakActorLink',
      { ErpConnectionId: 124, CrmRecordId: 15, CrmActorType: 'Contact' },
    ],
    [
      'connect',
      `connect ${actor} --field Phone=1=2`,
      {
        GetFieldValuesFromErp: ok([{ CrmFieldKey: 'Phone', Value: '9', SyncToCrm: true, SyncToErp: false }]),
        TryConnectActor: ok(true),
      },
      'TryConnectActor',
      expect.objectContaining({
        FieldValues: [
          expect.objectContaining({ CrmFieldKey: 'Phone', Value: '1=2', SyncToCrm: true, SyncToErp: false }),
        ],
      }),
    ],
    [
      'connect on a server without TryConnectActor',
      `connect ${actor}`,
      { TryConnectActor: { status: 404 }, ConnectActor: { status: 204 } },
      'ConnectActor',
      expect.objectContaining({ CrmRecordId: 15, FieldValues: [] }),
    ],
    [
      'connect on a server that does not take TryConnectActor',
      `connect ${actor}`,
      { TryConnectActor: { status: 405 }, ConnectActor: { status: 204 } },
      'ConnectActor',
      expect.objectContaining({ CrmRecordId: 15, FieldValues: [] }),
    ],
    [
      'create-actor',
      `${newActor} --field Name=A`,
      { GetFieldsForNewErpActor: asked, CreateErpActorFromCrm: ok(true) },
      'CreateErpActorFromCrm',
      {
        ConnectionId: 124,
        CrmEntityId: 15,
        ErpActorType: 'Customer',
        CrmActorType: 'Contact',
        ErpFieldKeyValues: { Name: 'A', Group: '10' },
      },
    ],
  ])('when it is %s then this is sent', async (_, line, replies, operation, body) => {
    const { finished, bodiesOf } = await links(line, replies);
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(bodiesOf(operation)).toEqual([body]);
  });

  const breaking = 'break --connection 124 --company 15';
  const deleted = { GetConnection: ok({ ...visma, Deleted: true }) };
  test.each<[string, string, Readonly<Record<string, Reply>>, number, string[], string]>([
    [
      'there is no record',
      'create --connection 124 --erp-key C --actor-type Customer',
      {},
      2,
      [],
      '--company',
    ],
    ['there are two records', `create ${actor} --sale 3`, {}, 2, [], 'exclude each other'],
    ['nobody confirms', breaking, {}, 2, [], '--yes'],
    ['the connection is deleted', `create ${actor}`, deleted, 6, [], 'is deleted'],
    [
      'there is no link',
      `${breaking} --yes`,
      { GetConnectionsAndDisplayFields: linked(false) },
      6,
      [],
      'is not linked',
    ],
    [
      'a field is not mapped',
      `connect ${actor} --field X=1`,
      { GetFieldValuesFromErp: ok([]) },
      2,
      [],
      '"X"',
    ],
    [
      'a field is given twice',
      `connect ${actor} --field Phone=1 --field Phone=2`,
      { GetFieldValuesFromErp: ok([{ CrmFieldKey: 'Phone' }]) },
      2,
      [],
      '--field Phone is given twice',
    ],
    [
      'a field of a new actor is given twice',
      `${newActor} --field Name=A --field Name=B`,
      { GetFieldsForNewErpActor: asked },
      2,
      [],
      '--field Name is given twice',
    ],
    [
      'the server refuses the try',
      `connect ${actor}`,
      { TryConnectActor: { status: 400 }, ConnectActor: { status: 204 } },
      6,
      ['TryConnectActor'],
      'was not linked',
    ],
    ['a mandatory field is missing', newActor, { GetFieldsForNewErpActor: asked }, 2, [], '--field Name=...'],
    [
      'the server answers false',
      `create ${actor}`,
      { CreateActorLink: ok(false) },
      6,
      ['CreateActorLink'],
      'connections records company 15',
    ],
    [
      'the answer is lost',
      `create ${actor}`,
      { CreateActorLink: { status: 502 } },
      11,
      ['CreateActorLink'],
      'connections records company 15',
    ],
    [
      'the answer of a break is lost',
      `${breaking} --yes`,
      { BreakActorLink: { status: 502 } },
      11,
      ['BreakActorLink'],
      'look before you repeat it',
    ],
    [
      'the answer of a try is lost',
      `connect ${actor}`,
      { TryConnectActor: { status: 502 } },
      11,
      ['TryConnectActor'],
      'look before',
    ],
  ])('when %s then it is refused', async (_, line, replies, exitCode, sent, words) => {
    const { finished, operations } = await links(line, replies);
    expectRefusal(finished, exitCode, [words]);
    expect(operations.filter((name) => !name.startsWith('Get'))).toEqual(sent);
  });

  test.each([
    `create ${actor}`,
    breaking,
    `connect ${actor}`,
    `${newActor} --field Name=A --field Pin=geheim`,
  ])('when "%s" is a dry run then only reads are sent and no password is shown', async (line) => {
    const { finished, operations } = await links(`${line} --dry-run`, { GetFieldsForNewErpActor: asked });
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stdout).toContain('Dry run, nothing was changed');
    expect(finished.stdout).not.toContain('geheim');
    expect(operations.filter((name) => !name.startsWith('Get'))).toEqual([]);
  });

  test('when the actor is of a kind that is not supported then it is warned of and sent', async () => {
    const line = 'create --connection 124 --sale 21 --erp-key S --actor-type Sale';
    const { finished, operations } = await links(line, { CreateActorLink: ok(true) });
    expect(finished.stderr).toContain('not currently supported');
    expect(operations).toContain('CreateActorLink');
  });
});
