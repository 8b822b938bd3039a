import { maskConfigFields } from '../../agent/config-secrets.ts';
import { type ConnectionPlan, maskChanges, planChange, planCreation } from '../../agent/connection-plan.ts';
import { saveConnection } from '../../agent/connection-saving.ts';
import { isDone } from '../../agent/saved-record.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, optionalArgument, toggle, type ValueParser } from '../../cli/flags.ts';
import { choice, text, wholeNumber } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { printable } from '../../output/json.ts';
import { checkAnyGiven } from '../given-members.ts';
import { plannedRequest } from '../planned-request.ts';
import { changeTable, shownChanges } from '../shown-changes.ts';
import { configFlags, idList, readGivenConnection } from './given-connection.ts';
import { concealPasswords, connectionId, connectionInWords, nameOf } from './shown-connection.ts';

/** Any text, also none. */
const anyText: ValueParser<string> = { placeholder: 'text', parse: (given) => given };

export default defineCommand({
  path: ['connections', 'save'],
  summary: 'change an ERP connection, or make a new one',
  description: [
    'With an id: reads the connection and changes what is given, and nothing else. Without one: makes a new',
    'connection, which is inactive. A password that is given as its mask stays as it is, so that what',
    'connections get -o json prints can be edited and saved back.',
  ],
  effect: 'write',
  arguments: { id: optionalArgument(connectionId, 'the id of the connection; without it a new one is made') },
  flags: {
    name: optional(text('text'), 'its name'),
    description: optional(anyText, 'its description'),
    connector: optional(wholeNumber('id', 1, 2 ** 31 - 1), 'the id of its connector'),
    allAccess: optional(
      choice('answer', ['yes', 'no']),
      'whether everyone may use it; a new one may be, unless groups or associates are named',
    ),
    userGroups: optional(idList, 'the ids of the user groups that may use it, or none'),
    associates: optional(idList, 'the ids of the associates that may use it, or none'),
    ...configFlags,
    dryRun: toggle('show what would change, and change nothing'),
    ...connectionFlags,
  },
  examples: [
    {
      run: 'erpsync connections save 124 --description Customers --config User=svc-erp --dry-run',
      why: 'show what would change',
    },
    { run: 'erpsync connections save 124 --data @connection.json', why: 'save what was edited in a file' },
    {
      run: 'erpsync connections save --name Norway --connector 17 --config Company=1003 --config User=svc-erp --config Password=x',
      why: 'make a new connection, which connections enable makes active',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ id, dryRun, config, data, ...given }, context) {
    const { name, description, connector, allAccess, userGroups, associates, ...flags } = given;
    const members = await readGivenConnection(
      {
        config,
        data,
        members: {
          name,
          description,
          connectorId: connector,
          allAccess: allAccess && allAccess === 'yes',
          userGroupAccessIds: userGroups,
          associateAccessIds: associates,
        },
      },
      context,
    );
    checkAnyGiven(members, 'give --name or another flag, or --data');
    return await withSession(context, flags, dryRun ? 'read' : 'write', async (session) => {
      const { client } = session;
      const wanted = { members, displayed: nameOf };
      const plan =
        id === undefined ? await planCreation(client, wanted) : await planChange(client, id, wanted);
      concealPasswords(plan, context.conceal);
      const { stored, record } = plan;
      const changes = shownChanges(maskChanges(plan.changes, plan.types));
      const about = { id: id ?? null, name: nameOf(record.DisplayName), created: id === undefined, changes };
      if (dryRun) {
        const masked = { ...record, ConfigFields: maskConfigFields(record.ConfigFields ?? {}, plan.types) };
        const request = plannedRequest(client, 'SaveConnection', { Connection: masked });
        return { ...about, status: 'dry-run' as const, plan: changes.length === 0 ? null : request };
      }
      if (changes.length === 0) return { ...about, status: 'ok' as const };
      if (stored.Active === true && plan.changes.some(({ entry }) => entry !== undefined)) {
        context.warn(`warning: ERP connection ${id} is active while its configuration fields are changed`);
      }
      const { value, answered } = await saveConnection(session, plan);
      if (!answered) context.warn('warning: the answer was lost, but the connection is saved');
      warnOfOthers(plan, value, context);
      return { ...about, id: value.ErpConnectionId ?? about.id, status: 'ok' as const };
    });
  },
  render(result, style) {
    const { id, name, created, changes } = result;
    const words = created ? `ERP connection ${JSON.stringify(name)}` : connectionInWords(id ?? 0, name);
    if (changes.length === 0) return printable(`${words} is so already; nothing was changed.`);
    const shown = changeTable(changes, created, style);
    if ('plan' in result) {
      const intent = `Dry run, nothing was changed. ${words} would be ${created ? 'made' : 'changed'}.`;
      return `${printable(intent)}\n\n${shown}\n\n${result.plan?.method} ${result.plan?.url}`;
    }
    const done = created
      ? `${connectionInWords(id ?? 0, name)} is made, and inactive.`
      : `${words} is saved.`;
    return `${printable(done)}\n\n${shown}`;
  },
});

/** Tells what the server made something else of. Configuration may be missing in its answer. */
function warnOfOthers({ changes }: ConnectionPlan, saved: object, context: Context): void {
  const others = changes.filter((change) => change.entry === undefined && !isDone(change, saved));
  if (others.length === 0) return;
  const fields = others.map(({ field }) => field).join(', ');
  context.warn(`warning: the server took the change, but has something else for ${fields}`);
}
