/** Default values of ERP fields: merged into a fresh read, and their passwords. */
import { describe, expect, test } from 'vitest';
import { ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { mappingsRunner, pin } from '../support/mapping-server.ts';

const mappings = mappingsRunner();
const save = 'SaveDefaultValueInfo';
const saving = (...more: string[]) => ['save-default', '--field', '507', ...more];
const text = { ...pin, FieldType: 'Text', DefaultValue: 'a', FirstSyncDefaultValue: '' };

describe.concurrent('save-default', () => {
  test.each<[string, string[], object]>([
    ['one flag', ['--mandatory', 'yes'], { Mandatory: true }],
    ['an empty value', ['--default-value', ''], { DefaultValue: '' }],
    [
      'what the first sync sets',
      ['--set-on-first-sync', 'no', '--first-sync-default-value', '[I:3]', '--prompt-user', 'yes'],
      { HasFirstSyncDefaultValue: false, FirstSyncDefaultValue: '[I:3]', PromptUser: true },
    ],
    ['JSON', ['--data', '{"defaultValue":"b","mandatory":true}'], { DefaultValue: 'b', Mandatory: true }],
  ])('when %s is given then the rest is sent as the server has it', async (_, given, changes) => {
    const saved = { ...pin, ...changes };
    const { finished, bodiesOf } = await mappings(saving(...given), { [save]: ok(saved) });
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(bodiesOf(save)).toEqual([{ ErpSyncDefaultValue: saved }]);
  });

  test('when the masked output of default is given back then nothing is sent', async () => {
    const { finished } = await mappings(['default', '--field', '507', '-o', 'json']);
    expect(finished.stdout).not.toContain('geheim');
    const again = await mappings(saving('--data', finished.stdout));
    expect(again.finished).toMatchObject({ exitCode: 0 });
    expect(again.operations).toEqual(['GetDefaultValueInfo']);
  });

  test('when a mask is given beside a change then the password is sent as it is', async () => {
    const data = '{"defaultValue":"********","promptUser":true}';
    const { bodiesOf } = await mappings(saving('--data', data), { [save]: ok(pin) });
    expect(bodiesOf(save)).toEqual([{ ErpSyncDefaultValue: { ...pin, PromptUser: true } }]);
  });

  test.each<[string, string[], number, string]>([
    ['nothing', [], 2, 'there is nothing to save: '],
    [
      'a value twice',
      ['--mandatory', 'yes', '--data', '{"mandatory":false}'],
      2,
      'mandatory is given twice: ',
    ],
    ['another field', ['--data', '{"erpFieldId":9}'], 2, '--field'],
    ['another type', ['--data', '{"fieldType":"Text"}'], 2, 'the connector declares it'],
    ['an unknown member', ['--data', '{"default":"x"}'], 2, 'no member "default"'],
  ])('when %s is given then nothing is saved', async (_, given, exitCode, words) => {
    const { finished, operations } = await mappings(saving(...given), { [save]: ok(pin) });
    expectRefusal(finished, exitCode, [words]);
    expect(operations).not.toContain(save);
  });

  test('when a mask has nothing behind it then nothing is saved', async () => {
    const replies = { GetDefaultValueInfo: ok({ ...pin, DefaultValue: '' }), [save]: ok(pin) };
    const { finished, operations } = await mappings(saving('--default-value', '********'), replies);
    expectRefusal(finished, 2, ['is a mask']);
    expect(operations).not.toContain(save);
  });

  test('when there is no such field then nothing is saved', async () => {
    const replies = { GetDefaultValueInfo: ok(null), [save]: ok(pin) };
    const { finished, operations } = await mappings(saving('--mandatory', 'yes'), replies);
    expectRefusal(finished, 6, ['there is no ERP field 507']);
    expect(operations).not.toContain(save);
  });

  test('when the server repeats the password in its refusal then it is not shown', async () => {
    const refusal = ok({ Error: true, ErrorMessage: 'bad value neu-geheim' });
    const { finished } = await mappings(saving('--default-value', 'neu-geheim'), { [save]: refusal });
    expectRefusal(finished, 6, ['bad value']);
    expect(finished.stdout + finished.stderr).not.toContain('neu-geheim');
  });
});

describe.concurrent('passwords', () => {
  const changing = saving('--data', '{"defaultValue":"neu","firstSyncDefaultValue":"neu1"}', '--dry-run');
  const lines: [string, string[]][] = [
    ['default', ['default', '--field', '507']],
    ['a dry run', changing],
  ];
  const forms = lines.flatMap(([what, line]) => ['table', 'json'].map((form) => [what, form, line] as const));

  test.each(forms)('when %s shows them with -o %s then they are masked', async (_, form, line) => {
    const { finished, operations } = await mappings([...line, '-o', form]);
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stdout).toContain('********');
    expect(finished.stdout).not.toMatch(/geheim|neu/);
    expect(operations).not.toContain(save);
  });

  test.each(lines)('when %s is asked for them then they are shown', async (_, line) => {
    const { finished } = await mappings([...line, '--show-secrets', '-o', 'json']);
    expect(finished.stdout).toContain('geheim1');
    expect(finished.stdout).not.toContain('********');
  });

  test('when the field is no password then its values are shown', async () => {
    const { finished } = await mappings(saving('--default-value', 'b', '--dry-run', '-o', 'json'), {
      GetDefaultValueInfo: ok(text),
    });
    expect(documentOf(finished)).toMatchObject({
      changes: [{ field: 'defaultValue', before: 'a', after: 'b' }],
      plan: { body: { ErpSyncDefaultValue: { ...text, DefaultValue: 'b' } } },
    });
  });
});
