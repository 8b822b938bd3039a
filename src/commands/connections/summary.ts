import { asReadError } from '../../agent/client.ts';
import { noConnection } from '../../agent/connections.ts';
import { pointInTime } from '../../agent/server-time.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/details.ts';
import { table } from '../../output/table.ts';
import { timeForPeople } from '../../output/time-for-people.ts';
import { connectionId, nameOf, yesNo } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'summary'],
  summary: 'sum up an ERP connection: its last sync, its actors and their mappings',
  effect: 'read',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: connectionFlags,
  examples: [
    { run: 'erpsync connections summary 124', why: 'when it last synced, and what is mapped' },
    { run: 'erpsync connections summary 124 -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const { outcome } = await client.call('GetErpSyncConnectionSummary', { ErpSyncConnectionId: id });
      if (outcome.kind === 'rejected' && outcome.notFound) throw noConnection(id);
      if (outcome.kind !== 'accepted') throw asReadError(outcome);
      const { DisplayName, DisplayDescription, Active, Deleted, LastSync, Actors } = outcome.value ?? {};
      return {
        id,
        name: nameOf(DisplayName),
        description: nameOf(DisplayDescription),
        active: Active ?? null,
        deleted: Deleted ?? false,
        lastSync: pointInTime(LastSync),
        actors: (Actors ?? []).map((actor) => ({
          actorType: actor?.ActorType ?? null,
          hasMappings: actor?.HasMappings ?? null,
          defaults: actor?.Defaults ?? '',
          mappings: actor?.Mappings ?? '',
        })),
      };
    });
  },
  render({ id, name, description, active, deleted, lastSync, actors }, style) {
    const head = details(
      [
        ['id', String(id)],
        ['name', name],
        ['description', description],
        ['active', yesNo(active)],
        ['deleted', yesNo(deleted)],
        ['last sync', timeForPeople(lastSync ?? 'never')],
      ],
      style,
    );
    if (actors.length === 0) return head;
    const shown = table(
      actors,
      [
        { heading: 'actor', cell: ({ actorType }) => actorType ?? '' },
        { heading: 'mapped', cell: ({ hasMappings }) => yesNo(hasMappings) },
        { heading: 'defaults', cell: ({ defaults }) => defaults },
        { heading: 'mappings', cell: ({ mappings }) => mappings },
      ],
      style,
    );
    return `${head}\n\n${shown}`;
  },
});
