/** Field mappings: merged into a fresh read. */
import { describe, expect, test } from 'vitest';
import { ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { customers, fax, mappingsRunner } from '../support/mapping-server.ts';

const mappings = mappingsRunner();
const which = ['--connection', '124', '--actor-type', 'Customer'];
const saving = (data: unknown) => ['save', ...which, '--data', JSON.stringify(data)];
const change = { fieldMappings: [{ erpFieldId: 501, crmFieldKey: 'Phone' }] };
const save = 'SaveActorTypeMapping';
const [, phone] = customers.FieldMappings;
const changed = { ...customers, FieldMappings: [{ ...fax, CrmFieldKey: 'Phone' }, phone] };

describe.concurrent('save', () => {
  test('when one member is given then the others are sent as the server has them', async () => {
    const { finished, bodiesOf } = await mappings(saving(change), { [save]: ok(changed) });
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(bodiesOf(save)).toEqual([{ Mapping: changed }]);
  });

  test('when the output of get is given back then nothing is sent', async () => {
    const { finished } = await mappings(['get', ...which, '-o', 'json']);
    const again = await mappings(saving(documentOf(finished)));
    expect(again.finished).toMatchObject({ exitCode: 0 });
    expect(again.operations).toEqual(['GetActorTypeMapping']);
  });

  test('when only names differ then nothing is sent, since the server ignores them', async () => {
    const data = { fieldMappings: [{ erpFieldId: 501, erpDisplayName: 'x', missingInERP: true }] };
    const { operations } = await mappings(saving(data));
    expect(operations).toEqual(['GetActorTypeMapping']);
  });

  test.each<[string, unknown, number, string]>([
    ['an id that the server does not have', { fieldMappings: [{ erpFieldId: 9 }] }, 6, 'no ERP field 9'],
    ['an id twice', { fieldMappings: [{ erpFieldId: 501 }, { erpFieldId: 501 }] }, 2, 'given twice'],
    [
      'no id',
      { fieldMappings: [{ crmFieldKey: 'x' }] },
      2,
      '--data.fieldMappings[0].erpFieldId is missing: it says which ERP field is meant',
    ],
    ['another connection', { erpConnectionId: 125 }, 2, '--connection'],
    [
      'another key of the ERP system',
      { fieldMappings: [{ erpFieldId: 501, erpFieldKey: 'x' }] },
      2,
      'leave it',
    ],
    ['null for a value', { isActive: null }, 2, 'isActive'],
    ['an unknown member', { fieldMapping: [] }, 2, 'did you mean "fieldMappings"'],
    ['nothing', {}, 2, 'there is nothing to save: '],
  ])('when %s is given then nothing is saved', async (_, data, exitCode, words) => {
    const { finished, operations } = await mappings(saving(data), { [save]: ok(customers) });
    expectRefusal(finished, exitCode, [words]);
    expect(operations).not.toContain(save);
  });

  test('when it is a dry run then the difference and the request are shown and nothing is saved', async () => {
    const { finished, operations } = await mappings([...saving(change), '--dry-run', '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({
      status: 'dry-run',
      changes: [{ field: 'fieldMappings[501].crmFieldKey', before: 'Fax', after: 'Phone' }],
      plan: { method: 'POST', url: expect.stringContaining(`/${save}`), body: { Mapping: changed } },
    });
    expect(operations).not.toContain(save);
  });

  test('when the answer is lost and nothing has changed then the code is 11', async () => {
    const { finished } = await mappings(saving(change), { [save]: { status: 502 } });
    expectRefusal(finished, 11, ['erpsync mappings get']);
  });

  test('when the answer is lost and it is saved then that is told', async () => {
    const { finished, operations } = await mappings(saving(change), {
      GetActorTypeMapping: [ok(customers), ok(changed)],
      [save]: { status: 502 },
    });
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stderr).toContain('the answer was lost, but the mapping of Customer is saved');
    expect(operations.filter((name) => name === save)).toHaveLength(1);
  });

  test('when the server answers without the change then that is warned of', async () => {
    const { finished } = await mappings(saving(change), { [save]: ok(customers) });
    expect(finished.stderr).toContain('has something else; see: erpsync mappings get');
  });

  test('when the server refuses then its words are told', async () => {
    const body = { Error: true, ErrorMessage: 'not allowed' };
    const { finished } = await mappings(saving(change), { [save]: ok(body) });
    expectRefusal(finished, 6, [
      'the mapping of Customer was not saved: the server refuses SaveActorTypeMapping: not allowed; look at it: erpsync mappings get',
    ]);
  });
});
