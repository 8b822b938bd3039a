import { mask, withoutConfigSecrets } from '../../agent/config-secrets.ts';
import { readDefaultValue } from '../../agent/field-mappings.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { required, toggle } from '../../cli/flags.ts';
import { wholeNumber } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/details.ts';
import { yesNo } from '../connections/shown-connection.ts';

/** The id of an ERP field as a flag. */
export const erpFieldId = wholeNumber('id', 1, 2 ** 31 - 1);

export default defineCommand({
  path: ['mappings', 'default'],
  summary: 'show what SuperOffice gives an ERP field when it creates an actor',
  description: [
    'Passwords among the values are masked. The output of -o json can be edited and given to mappings',
    'save-default.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    field: required(erpFieldId, 'the id of the ERP field, the erpFieldId of mappings get'),
    showSecrets: toggle('show passwords'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync mappings default --field 504', why: 'the default value of one field' },
    { run: 'erpsync mappings default --field 504 -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ field, showSecrets, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const found = await readDefaultValue(client, field);
      const shown = showSecrets ? found : (withoutConfigSecrets(found) as typeof found);
      return {
        erpFieldId: shown.ErpFieldId ?? field,
        erpFieldKey: shown.ErpFieldKey ?? '',
        fieldType: shown.FieldType ?? null,
        listName: shown.ListName ?? '',
        access: shown.Access ?? null,
        defaultValue: shown.DefaultValue ?? '',
        hasFirstSyncDefaultValue: shown.HasFirstSyncDefaultValue ?? null,
        firstSyncDefaultValue: shown.FirstSyncDefaultValue ?? '',
        promptUser: shown.PromptUser ?? null,
        mandatory: shown.Mandatory ?? null,
      };
    });
  },
  render(shown, style) {
    const masked = [shown.defaultValue, shown.firstSyncDefaultValue].includes(mask);
    return details(
      [
        ['field', `${shown.erpFieldId} ${shown.erpFieldKey}`],
        ['type', [shown.fieldType ?? '', shown.listName].filter(Boolean).join(', ')],
        ['access', shown.access ?? ''],
        ['default value', shown.defaultValue],
        ['set on first sync', yesNo(shown.hasFirstSyncDefaultValue)],
        ['value on first sync', shown.firstSyncDefaultValue],
        ['prompts the user', yesNo(shown.promptUser)],
        ['mandatory', yesNo(shown.mandatory)],
        ...(masked ? [['', 'masked; --show-secrets shows it'] as const] : []),
      ],
      style,
    );
  },
});
