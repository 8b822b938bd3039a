import { mask, mayBePassword } from '../../agent/config-secrets.ts';
import { type DefaultValue, readDefaultValue, savedDefaultValue } from '../../agent/field-mappings.ts';
import { type Change, type GivenMember, mergeGiven } from '../../agent/saved-record.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, required, toggle, type ValueParser } from '../../cli/flags.ts';
import { choice, text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { erpFieldId } from './default.ts';
import { readGivenMapping } from './mapping-form.ts';
import { savedInWords, saveMerged } from './merged-save.ts';

const yesOrNo = choice('yes|no', ['yes', 'no']);
const anyText: ValueParser<string> = { placeholder: 'text', parse: (given) => given };
const inDataInstead = 'a password is better given in --data - or a file';

export default defineCommand({
  path: ['mappings', 'save-default'],
  summary: 'change what SuperOffice gives an ERP field when it creates an actor',
  description: [
    'What is given is merged into a fresh read, and nothing is sent when nothing changes. Values of other types',
    'than text are written as the server does: [I:30], [D:09.11.2017]. An empty text takes a value away, and the',
    'mask of a password leaves it as it is.',
  ],
  effect: 'write',
  arguments: {},
  flags: {
    field: required(erpFieldId, 'the id of the ERP field, the erpFieldId of mappings get'),
    defaultValue: optional(anyText, `the value of the field in a new actor; ${inDataInstead}`),
    setOnFirstSync: optional(yesOrNo, 'whether the first sync sets a value too'),
    firstSyncDefaultValue: optional(anyText, 'the value that the first sync sets'),
    promptUser: optional(yesOrNo, 'whether the user is asked for it at the first sync'),
    mandatory: optional(yesOrNo, 'whether the user has to give a value'),
    data: optional(
      text('json'),
      'the changes as JSON, as mappings default -o json prints it; @file reads a file, - standard input',
      { readsStdin: true },
    ),
    showSecrets: toggle('show passwords in the changes'),
    dryRun: toggle('show the differences and send nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync mappings save-default --field 504 --mandatory yes --dry-run',
      why: 'what would change if a user had to give a value',
    },
    { run: 'erpsync mappings save-default --field 504 --mandatory yes', why: 'have a user give a value' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run(given, context) {
    const { field, defaultValue, setOnFirstSync, firstSyncDefaultValue, promptUser, mandatory } = given;
    const { data, showSecrets, dryRun, ...flags } = given;
    const members = await readGivenMapping(
      savedDefaultValue,
      {
        flags: {
          defaultValue,
          hasFirstSyncDefaultValue: setOnFirstSync && setOnFirstSync === 'yes',
          firstSyncDefaultValue,
          promptUser: promptUser && promptUser === 'yes',
          mandatory: mandatory && mandatory === 'yes',
        },
        data,
      },
      context,
    );
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const what = `the default value of ERP field ${field}`;
      const words = { what, displayed: (shown: string) => shown };
      const saved = await saveMerged(
        client,
        {
          operation: 'SaveDefaultValueInfo',
          what,
          look: `erpsync mappings default --field ${field}`,
          async read() {
            const fresh = await readDefaultValue(client, field);
            if (mayBePassword(fresh.FieldType) && !showSecrets) concealValues(members, context.conceal);
            return fresh;
          },
          merge: (fresh) => mergeGiven(savedDefaultValue, fresh, members, words),
          given: (ErpSyncDefaultValue) => ({ ErpSyncDefaultValue }),
          send: async (ErpSyncDefaultValue) =>
            (await client.call('SaveDefaultValueInfo', { ErpSyncDefaultValue })).outcome,
          masked: (changes, fresh) => (showSecrets ? changes : maskedChanges(changes, fresh)),
          showSecrets,
        },
        dryRun,
        context,
      );
      return { erpFieldId: field, ...saved };
    });
  },
  render(result, style) {
    return savedInWords(`The default value of ERP field ${result.erpFieldId}`, result, style);
  },
});

const values: readonly string[] = ['DefaultValue', 'FirstSyncDefaultValue'];

/** Has passwords that are sent masked in all that is printed, also in the words of the server. */
function concealValues(members: readonly GivenMember[], conceal: (secret: string) => void): void {
  for (const { member, value } of members) {
    if (values.includes(member.wire) && typeof value === 'string' && value !== '' && value !== mask)
      conceal(value);
  }
}

function maskedChanges(changes: readonly Change[], { FieldType }: DefaultValue): readonly Change[] {
  if (!mayBePassword(FieldType)) return changes;
  const masked = (value: unknown) => (value ? mask : value);
  return changes.map((change) =>
    values.includes(change.wire)
      ? { ...change, before: masked(change.before), after: masked(change.after) }
      : change,
  );
}
