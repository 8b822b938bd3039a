import { readConnection } from '../../agent/connections.ts';
import { allConnections } from '../../agent/listing.ts';
import { type DoubleItem, findFaults, type MissingField } from '../../agent/mapping-faults.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError, errorValue, exitCodes } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { connectionInWords, nameOf } from '../connections/shown-connection.ts';
import { connectionValue } from '../links/link-flags.ts';

export default defineCommand({
  path: ['mappings', 'check'],
  summary: 'find mapped fields that the ERP system or SuperOffice no longer has',
  description: [
    'Only reads. Without --connection it checks every active one. Exit code 6 if a field is missing, also one of',
    'a mapping that is not active, or if an item of an ERP list goes with several CRM items.',
  ],
  effect: 'read',
  arguments: {},
  flags: { connection: optional(connectionValue, 'only this ERP connection'), ...connectionFlags },
  examples: [
    { run: 'erpsync mappings check --connection 125', why: 'exit code 0 if all mapped fields are there' },
    { run: 'erpsync mappings check --connection 125 -o json', why: 'what is missing, for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'erpFieldId',
  async run({ connection, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const { client } = session;
      const chosen =
        connection === undefined
          ? (await allConnections(session, false)).filter(({ Active, Deleted }) => Active && !Deleted)
          : [await readConnection(client, connection)];
      const items: Located<MissingField>[] = [];
      const doubles: Located<DoubleItem>[] = [];
      let mappings = 0;
      for (const { ErpConnectionId, DisplayName } of chosen) {
        const id = ErpConnectionId ?? connection;
        if (id === undefined) continue;
        const place = { connectionId: id, connectionName: nameOf(DisplayName) };
        const found = await findFaults(client, id);
        mappings += found.mappings;
        items.push(...found.missing.map((one) => ({ ...place, ...one })));
        doubles.push(...found.doubles.map((one) => ({ ...place, ...one })));
      }
      if (mappings === 0) context.warn('warning: there is no mapping to check');
      const error = errorFor(items, doubles);
      return {
        mappings,
        items,
        doubles,
        exitCode: error?.exitCode ?? exitCodes.ok,
        error: error === undefined ? null : errorValue(error),
      };
    });
  },
  render({ items, doubles, mappings }) {
    if (items.length + doubles.length === 0) return `All mapped fields are there (${mappings} mappings).`;
    return [...items.map(missingInWords), ...doubles.map(doubleInWords)].map(printable).join('\n');
  },
});

/** A fault with the connection that has it. */
type Located<T> = T & { readonly connectionId: number; readonly connectionName: string };

function errorFor(
  missing: readonly Located<MissingField>[],
  doubles: readonly Located<DoubleItem>[],
): ErpsyncError | undefined {
  const found = [
    missing.length === 0 ? '' : `mapped fields are missing: ${missing.length}`,
    doubles.length === 0 ? '' : `list items are mapped twice: ${doubles.length}`,
  ].filter(Boolean);
  if (found.length === 0) return undefined;
  const [field] = missing;
  const next =
    field === undefined
      ? `map each to one CRM item: erpsync mappings save-lists --connection ${doubles[0]?.connectionId}`
      : `map them anew, or to no CRM field: erpsync mappings save --connection ${field.connectionId} --actor-type ${field.actorType}`;
  return new ErpsyncError('rejected', { what: 'the mappings have faults', why: found.join('; '), next });
}

function missingInWords(one: Located<MissingField>): string {
  const sides = [one.missingInErp ? 'the ERP system' : '', one.missingInCrm ? 'SuperOffice' : ''];
  const where = sides.filter(Boolean).join(' and ');
  const name = connectionInWords(one.connectionId, one.connectionName);
  const idle = one.mappingActive === false ? ' (not active)' : '';
  return `${name}, ${one.actorType}${idle}: ERP field ${one.erpFieldKey} (${one.erpFieldId}), mapped to ${one.crmFieldKey}, is missing in ${where}`;
}

function doubleInWords(one: Located<DoubleItem>): string {
  const name = connectionInWords(one.connectionId, one.connectionName);
  const item = `${one.erpListItemId} ${JSON.stringify(nameOf(one.erpListItemName))}`;
  const crm = one.crmItems.map((crmItem) => `${nameOf(crmItem.name)} (${crmItem.id})`).join(' and ');
  return `${name}, ${one.actorType}: item ${item} of the ERP list ${one.erpListName} is mapped to ${crm}`;
}
