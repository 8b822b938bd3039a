import { archivePages, quoted } from '../agent/archive.ts';
import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { optional, withDefault } from '../cli/flags.ts';
import { text, wholeNumber } from '../cli/values.ts';
import { withSession } from '../cli/with-session.ts';
import { printable } from '../output/json.ts';
import { table } from '../output/table.ts';
import { timeForPeople } from '../output/time-for-people.ts';

/** A field that the sync engine changed. */
interface LogItem {
  readonly id: number | null;
  readonly connection: string;
  readonly source: string;
  readonly target: string;
  readonly crmField: string;
  readonly oldValue: string;
  readonly newValue: string;
  /** As the server keeps it. */
  readonly updated: string | null;
}

/** What only the text for people needs: the name that was asked for. No document has it. */
const only = Symbol('only of the connection');

export default defineCommand({
  path: ['log'],
  summary: 'show what the sync engine changed, the newest first',
  description: [
    'Values are in the encoding of the server: [I:1] is a number, text stands bare. Times are in its own zone.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    connection: optional(text('name', 'connection-name'), 'only of the ERP connection of this name'),
    limit: withDefault(wholeNumber('n', 1, 1_000_000), '100', 'show at most so many changes'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync log --limit 20', why: 'the latest twenty changes' },
    { run: 'erpsync log --limit 1000 -o ndjson', why: 'a thousand changes as lines of JSON' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'id',
  async run({ connection, limit, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const items: LogItem[] = [];
      const pages = archivePages(session, {
        provider: 'ErpSyncLog',
        columns: {
          id: 'number',
          connection: 'text',
          source: 'text',
          target: 'text',
          crmfieldkey: 'text',
          oldvalue: 'text',
          newvalue: 'text',
          updated: 'time',
        },
        filter: connection === undefined ? '' : `connection is ${quoted(connection)}`,
        orderBy: 'updated desc',
      });
      let left = limit;
      for await (const rows of pages) {
        const page = rows
          .slice(0, left)
          .map(({ crmfieldkey: crmField, oldvalue: oldValue, newvalue: newValue, ...row }): LogItem => {
            return { ...row, crmField, oldValue, newValue };
          });
        left -= page.length;
        const { streamed, wanted } = await context.items(page);
        if (!streamed) items.push(...page);
        if (left === 0 || !wanted) break;
      }
      return { items, [only]: connection };
    });
  },
  render({ items, [only]: name }, style) {
    if (items.length === 0 && name === undefined) return 'The sync log is empty.';
    if (items.length === 0)
      return printable(`The sync log has no change of an ERP connection ${JSON.stringify(name)}.`);
    return table(
      items,
      [
        { heading: 'updated', cell: ({ updated }) => timeForPeople(updated ?? ''), whole: true },
        { heading: 'connection', cell: ({ connection }) => connection },
        { heading: 'source', cell: ({ source }) => source },
        { heading: 'target', cell: ({ target }) => target },
        { heading: 'field', cell: ({ crmField }) => crmField },
        { heading: 'old', cell: ({ oldValue }) => oldValue },
        { heading: 'new', cell: ({ newValue }) => newValue },
      ],
      style,
    );
  },
});
