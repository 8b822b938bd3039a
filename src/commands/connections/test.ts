import type { AgentClient } from '../../agent/client.ts';
import { planTest } from '../../agent/connection-plan.ts';
import type { GivenMember } from '../../agent/saved-record.ts';
import { knowingIds, unknownAmong } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError, errorValue, exitCodes } from '../../errors.ts';
import { configFlags, readGivenConnection } from './given-connection.ts';
import { concealPasswords, connectionId, nameOf } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'test'],
  summary: 'test whether the server reaches the ERP system of a connection',
  description: [
    'With --config or --data: whether it would with another configuration, before that is saved. Fields that',
    'are not given, and passwords given as their mask, are those that are stored.',
  ],
  effect: 'read',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: { ...configFlags, ...connectionFlags },
  examples: [
    { run: 'erpsync connections test 124', why: 'exit code 0 if it works, 6 if it does not' },
    { run: 'erpsync connections test 126 --config Company=1003', why: 'whether it would with this company' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, config, data, ...flags }, context) {
    const given = data !== undefined || config.length > 0;
    const members = await readGivenConnection({ config, data, members: {} }, context);
    return await withSession(context, flags, 'read', async ({ client }) => {
      const works = given
        ? await testGiven(client, id, members, context.conceal)
        : await testStored(client, id);
      const tested = given ? ('given' as const) : ('stored' as const);
      if (works) return { id, configuration: tested, works, exitCode: exitCodes.ok, error: null };
      const error = new ErpsyncError('rejected', {
        what: `ERP connection ${id} does not work${given ? ' with this configuration' : ''}`,
        why: 'the server comes to no connection with the ERP system',
        next: `check its configuration fields: erpsync connections config-fields ${id}`,
      });
      return {
        id,
        configuration: tested,
        works,
        exitCode: error.exitCode,
        error: errorValue(error),
      };
    });
  },
  render: ({ id, configuration, works }) =>
    works ? `ERP connection ${id} works${configuration === 'given' ? ' with this configuration' : ''}.` : '',
});

/** @throws ErpsyncError `rejected` for an unknown connection, which may be one that does not work for the server */
async function testStored(client: AgentClient, id: number): Promise<boolean> {
  const ids = { connection: id };
  const test = () => client.read('TestConnectionById', { ErpConnectionId: id });
  const works = await knowingIds(client, ids, test);
  const unknown = works ? undefined : await unknownAmong(client, ids);
  if (unknown !== undefined) throw unknown;
  return works;
}

async function testGiven(
  client: AgentClient,
  id: number,
  members: readonly GivenMember[],
  conceal: (secret: string) => void,
): Promise<boolean> {
  const plan = await planTest(client, id, { members, displayed: nameOf });
  concealPasswords(plan, conceal);
  const ConfigFields = plan.record.ConfigFields ?? {};
  return await client.read('TestConnectionByConfig', { ErpConnectionId: id, ConfigFields });
}
