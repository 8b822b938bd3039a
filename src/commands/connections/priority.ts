import type { ArchiveAccess } from '../../agent/archive.ts';
import { noConnection } from '../../agent/connections.ts';
import { allConnections } from '../../agent/listing.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { remaining, toggle, type ValueParser } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { givenTwice } from '../../error-words.ts';
import { ErpsyncError } from '../../errors.ts';
import { table } from '../../output/table.ts';
import { plannedRequest } from '../planned-request.ts';
import { connectionId, nameOf } from './shown-connection.ts';

/** An id, `crm` for SuperOffice, or some of them with commas between. */
const priorities: ValueParser<readonly number[]> = {
  placeholder: 'ids',
  suggestions: ['crm'],
  completes: 'connection-list',
  parse: (given, where) =>
    given.split(',').map((word) => (word === 'crm' || word === '0' ? 0 : connectionId.parse(word, where))),
};

export default defineCommand({
  path: ['connections', 'priority'],
  summary: 'set the order in which connections win when both sides changed',
  description: [
    'The ids of the connections, the most important one first; crm stands for SuperOffice itself. The list',
    'replaces the one that is stored.',
  ],
  effect: 'write',
  arguments: { ids: remaining(priorities, 'the ids in order, crm for SuperOffice') },
  flags: { dryRun: toggle('check the ids, and change nothing'), ...connectionFlags },
  examples: [
    {
      run: 'erpsync connections priority 124 crm 125',
      why: 'connection 124 first, then SuperOffice, then 125',
    },
    { run: 'erpsync connections priority crm 124 --dry-run', why: 'the order that this would make' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  idColumn: 'id',
  async run({ ids: lists, dryRun, ...flags }, context) {
    const ids = lists.flat();
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw givenTwice(twice === 0 ? 'crm' : `ERP connection ${twice}`);
    return await withSession(context, flags, dryRun ? 'read' : 'write', async (session) => {
      const { client } = session;
      const names = await activeNames(session, ids);
      const left = [...names].filter(([id]) => !ids.includes(id)).map(([id]) => id);
      const items = ids.map((id, index) => ({
        rank: index + 1,
        id,
        name: names.get(id) ?? 'SuperOffice CRM',
      }));
      if (left.length > 0) context.warn(`warning: not in the list, so without a place: ${left.join(', ')}`);
      if (!ids.includes(0)) context.warn('warning: not in the list, so without a place: crm');
      const operation = 'SaveErpConnectionSyncPriorities';
      const body = { ErpConnectionIds: ids };
      if (dryRun) return { status: 'dry-run' as const, items, plan: plannedRequest(client, operation, body) };
      await client.perform(operation, body, { words: { look: 'erpsync connections list' } });
      return { status: 'ok' as const, items };
    });
  },
  render({ status, items }, style) {
    const shown = table(
      items,
      [
        { heading: 'rank', cell: ({ rank }) => String(rank) },
        { heading: 'id', cell: ({ id }) => (id === 0 ? 'crm' : String(id)) },
        { heading: 'name', cell: ({ name }) => name },
      ],
      style,
    );
    return status === 'dry-run' ? `Dry run, nothing was changed. The order would be:\n\n${shown}` : shown;
  },
});

/**
 * The names of all connections that are not deleted, by id.
 *
 * @throws ErpsyncError `rejected` if one of the ids is not among them
 */
async function activeNames(
  access: ArchiveAccess,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const found = await allConnections(access, true);
  const names = new Map<number, string>();
  const deleted = new Set<number>();
  for (const connection of found) {
    const id = connection.ErpConnectionId;
    if (typeof id !== 'number') continue;
    if (connection.Deleted === true) deleted.add(id);
    else names.set(id, nameOf(connection.DisplayName));
  }
  for (const id of ids) {
    if (id === 0 || names.has(id)) continue;
    if (!deleted.has(id)) throw noConnection(id);
    throw new ErpsyncError('rejected', {
      what: `ERP connection ${id} cannot have a place in the order`,
      why: 'it is deleted',
      next: 'leave it out; see which there are: erpsync connections list',
    });
  }
  return names;
}
