import { ErpActorType } from '../../agent/carriers.ts';
import { findConnection, noConnection } from '../../agent/connections.ts';
import { type ListedKey, linksOf } from '../../agent/internal-keys.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, required } from '../../cli/flags.ts';
import type { Session } from '../../cli/session.ts';
import { choice } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { table } from '../../output/table.ts';
import { connectionId } from '../connections/shown-connection.ts';

const actorTypes = Object.keys(ErpActorType.values).filter(
  (name): name is keyof typeof ErpActorType.values => name !== 'Unknown',
);

export default defineCommand({
  path: ['keys', 'list'],
  summary: 'list the internal keys of a connection',
  description: [
    'Each link of a CRM record with an ERP actor, in the order in which the links were made. With -o ndjson, -o csv',
    'and -o ids (one internal key a line) a page is printed as soon as it is there, whatever number there is.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    connection: required(connectionId, 'the ERP connection whose keys to list'),
    actorType: optional(choice('type', actorTypes), `only links of this type: ${actorTypes.join(', ')}`),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync keys list --connection 124', why: 'ERP keys, internal keys and CRM records' },
    {
      run: 'erpsync keys list --connection 124 --actor-type Customer -o ids',
      why: 'internal keys, one a line, for --ids - of force-resync',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'internalKey',
  async run({ connection, actorType, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const items: ListedKey[] = [];
      let found = false;
      for await (const page of linksOf(session, connection, actorType)) {
        found ||= page.length > 0;
        const { streamed, wanted } = await context.items(page);
        if (!streamed) items.push(...page);
        if (!wanted) break;
      }
      if (!found) await refuseUnknown(connection, session, context);
      return { items };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'No link.';
    return table(
      items,
      [
        { heading: 'internal key', cell: ({ internalKey }) => String(internalKey ?? '') },
        { heading: 'erp key', cell: ({ erpKey }) => erpKey, whole: true },
        { heading: 'actor type', cell: ({ actorType }) => actorType },
        { heading: 'crm type', cell: ({ crmType }) => crmType ?? '' },
        { heading: 'record', cell: ({ recordId }) => String(recordId ?? '') },
      ],
      style,
    );
  },
});

/** That a connection has no link may be since there is no such connection. Where nobody can say, it is as it seems. */
async function refuseUnknown(id: number, { client }: Session, { host }: Context): Promise<void> {
  const connection = await findConnection(client, id).catch((error: unknown) => {
    if (error instanceof ErpsyncError && !host.stopped.aborted) return 'not asked' as const;
    throw error;
  });
  if (connection === undefined) throw noConnection(id);
}
