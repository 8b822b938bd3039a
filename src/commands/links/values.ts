import type { AgentClient } from '../../agent/client.ts';
import { type CrmRecord, type FieldValue, readCrmValues, readErpValues } from '../../agent/links.ts';
import { knowingIds } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, repeated } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError, usageError } from '../../errors.ts';
import { table } from '../../output/table.ts';
import { quantity } from '../../resync/tally.ts';
import { nameOf, yesNo } from '../connections/shown-connection.ts';
import { actorTypeName, connectionValue, lookAt, recordFlags, recordIfGiven } from './link-flags.ts';

export default defineCommand({
  path: ['links', 'values'],
  summary: 'show the field values of a CRM record or of an ERP actor',
  description: [
    'A record alone: its values in SuperOffice. A connection, actor type and ERP key: the values in the ERP',
    'system. A connection, a record and --field: those ERP fields of the actor that the record is linked to.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    ...recordFlags,
    connection: optional(connectionValue, 'the id of the ERP connection'),
    actorType: optional(actorTypeName, 'what the actor is in the ERP system'),
    erpKey: optional(text('key'), 'the key of the actor in the ERP system'),
    field: repeated(text('key'), 'an ERP field of the actor that the record is linked to'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync links values --company 959', why: 'what SuperOffice has of company 959' },
    {
      run: 'erpsync links values --connection 124 --actor-type Customer --erp-key C-10959',
      why: 'what the ERP system has of this customer',
    },
    {
      run: 'erpsync links values --connection 124 --company 959 --field Balance --field CreditLimit',
      why: 'two ERP fields of the customer that company 959 is linked to',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'key',
  async run(given, context) {
    const { connection, actorType, erpKey, field, company, person, project, sale, ...flags } = given;
    const record = recordIfGiven({ company, person, project, sale });
    const noActor = actorType === undefined && erpKey === undefined;
    let read: (client: AgentClient) => Promise<Shown[]>;
    if (record && connection === undefined && noActor && field.length === 0) {
      read = async (client) => (await readCrmValues(client, record)).map(shownValue);
    } else if (record && connection !== undefined && noActor && field.length > 0) {
      read = (client) =>
        knowingIds(client, { connection, record }, () => readErpFields(client, connection, record, field));
    } else if (!record && connection !== undefined && actorType && erpKey && field.length === 0) {
      const actor = { connectionId: connection, actorType, erpKey };
      read = async (client) => (await readErpValues(client, actor)).map(shownValue);
    } else {
      throw usageError({
        what: 'no values can be shown',
        why: 'these options do not say whose they are',
        next: 'give --company <id>; or --connection, --actor-type and --erp-key; or --connection, --company and --field',
      });
    }
    return await withSession(context, flags, 'read', async ({ client }) => ({ items: await read(client) }));
  },
  render({ items }, style) {
    if (items.length === 0) return 'There are no values.';
    const columns = [
      { heading: 'field', cell: ({ key }: Shown) => key, whole: true },
      { heading: 'name', cell: ({ name }: Shown) => name ?? '' },
      { heading: 'value', cell: ({ value }: Shown) => value },
      { heading: 'shown as', cell: ({ displayValue }: Shown) => displayValue ?? '' },
      { heading: 'to crm', cell: ({ syncToCrm }: Shown) => yesNo(syncToCrm) },
      { heading: 'to erp', cell: ({ syncToErp }: Shown) => yesNo(syncToErp) },
    ];
    const bare = items.every(({ name }) => name === null);
    return table(items, bare ? columns.filter((_, at) => at === 0 || at === 2) : columns, style);
  },
});

interface Shown {
  readonly key: string;
  readonly name: string | null;
  /** As the server writes it: `[I:30]`. */
  readonly value: string;
  readonly displayValue: string | null;
  readonly syncToCrm: boolean | null;
  readonly syncToErp: boolean | null;
}

function shownValue(value: FieldValue): Shown {
  return {
    key: value.CrmFieldKey ?? '',
    name: nameOf(value.DisplayName),
    value: value.Value ?? '',
    displayValue: value.DisplayValue ?? null,
    syncToCrm: value.SyncToCrm ?? null,
    syncToErp: value.SyncToErp ?? null,
  };
}

async function readErpFields(
  client: AgentClient,
  connectionId: number,
  record: CrmRecord,
  keys: readonly string[],
): Promise<Shown[]> {
  const values = await client.read('GetErpFieldValues', {
    ErpConnectionId: connectionId,
    CrmActorType: record.type,
    EntityId: record.id,
    FieldKeys: keys,
  });
  // They come without keys, in the order asked for: another number of them cannot be told apart.
  if (values?.length !== keys.length) {
    throw new ErpsyncError('rejected', {
      what: `the ERP fields of ${record.word} ${record.id} cannot be told apart`,
      why: `the server answered ${quantity(values?.length ?? 0, 'value')} for ${quantity(keys.length, 'field')}`,
      next: `see where the record is linked: ${lookAt(record)}`,
    });
  }
  return keys.map((key, at) => ({
    key,
    name: null,
    value: values[at] ?? '',
    displayValue: null,
    syncToCrm: null,
    syncToErp: null,
  }));
}
