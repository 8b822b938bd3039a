/** Field values of a CRM record, of an ERP actor, and of the actor that a record is linked to. */
import { describe, expect, test } from 'vitest';
import { answering, ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

async function values(line: string, replies: Readonly<Record<string, Reply>> = {}) {
  const { url, requests, bodiesOf } = tenant(answering(replies));
  const given = ['links', 'values', ...line.split(' ').filter(Boolean), '-o', 'json'];
  const finished = await runHere([...given, '--url', url, '--auth', 'none', '--retries', '0']);
  return { finished, operations: requests.map(({ operation }) => operation), bodiesOf };
}

const phone = {
  DisplayName: 'NO:"Telefon";US:"Phone"',
  CrmFieldKey: 'Phone',
  Value: '[I:30]',
  DisplayValue: '30',
  SyncToCrm: true,
  SyncToErp: false,
};
const shown = {
  key: 'Phone',
  name: 'Phone',
  value: '[I:30]',
  displayValue: '30',
  syncToCrm: true,
  syncToErp: false,
};
const bare = { name: null, displayValue: null, syncToCrm: null, syncToErp: null };
const actor = '--connection 124 --actor-type Customer --erp-key C-1';
const fields = '--connection 124 --company 15 --field Balance --field CreditLimit';

describe.concurrent('values', () => {
  test.each<[string, string, string, unknown, unknown, unknown]>([
    [
      'a record',
      '--sale 21',
      'GetFieldValuesFromCrm',
      [phone, null],
      { RecordId: 21, ActorTypeCrm: 'Sale' },
      [shown],
    ],
    [
      'an actor',
      actor,
      'GetFieldValuesFromErp',
      [phone],
      { ErpConnectionId: 124, ActorTypeErp: 'Customer', ErpKey: 'C-1' },
      [shown],
    ],
    [
      'fields of the linked actor',
      fields,
      'GetErpFieldValues',
      ['[F:12.5]', null],
      {
        ErpConnectionId: 124,
        CrmActorType: 'Contact',
        EntityId: 15,
        FieldKeys: ['Balance', 'CreditLimit'],
      },
      [
        { key: 'Balance', value: '[F:12.5]', ...bare },
        { key: 'CreditLimit', value: '', ...bare },
      ],
    ],
  ])(
    'when they are those of %s then they are asked for and shown',
    async (_, line, name, answer, body, items) => {
      const { finished, operations, bodiesOf } = await values(line, { [name]: ok(answer) });
      expect(finished).toMatchObject({ exitCode: 0 });
      expect(operations).toEqual([name]);
      expect(bodiesOf(name)).toEqual([body]);
      expect(documentOf(finished)['items']).toEqual(items);
    },
  );

  test.each([
    '',
    '--connection 124',
    '--company 15 --erp-key C-1',
    '--company 15 --person 16',
    '--connection 124 --company 15',
    `${actor} --field Balance`,
    '--connection 124 --actor-type Customer',
  ])('when the options are "%s" then nothing is asked for', async (line) => {
    const { finished, operations } = await values(line);
    expect(finished.exitCode).toBe(2);
    expect(operations).toEqual([]);
  });

  test.each<[string, string, Readonly<Record<string, Reply>>, string]>([
    ['there is no record', '--company 9', { GetFieldValuesFromCrm: ok(null) }, 'there is no company 9'],
    [
      'there is no actor',
      actor,
      { GetFieldValuesFromErp: ok(null) },
      'there is no Customer "C-1" in ERP connection 124: the server knows none with this key',
    ],
    [
      'the server answers fewer values than were asked for',
      fields,
      { GetErpFieldValues: ok(['1']) },
      'answered 1 value for 2 fields',
    ],
  ])('when %s then it is said and no value is shown', async (_, line, replies, words) => {
    const { finished } = await values(line, replies);
    expect(documentOf(finished)).toMatchObject({
      exitCode: 6,
      error: { message: expect.stringContaining(words) },
    });
    expect(finished.stdout).not.toContain('"items"');
  });
});

test('when the server has no such record then people are told in one line', async () => {
  const { url } = tenant(answering({ GetFieldValuesFromCrm: ok(null) }));
  const finished = await runHere(['links', 'values', '--company', '9', '--url', url, '--auth', 'none']);
  expectRefusal(finished, 6, ['there is no company 9']);
});
