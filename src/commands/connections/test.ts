import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError, errorValue, exitCodes } from '../../errors.ts';
import { connectionId } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'test'],
  summary: 'test whether the server reaches the ERP system of a connection',
  effect: 'read',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: connectionFlags,
  examples: [{ run: 'erpsync connections test 124', why: 'exit code 0 if it works, 6 if it does not' }],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const works = await client.read('TestConnectionById', { ErpConnectionId: id });
      if (works) return { id, works, exitCode: exitCodes.ok, error: null };
      const error = new ErpsyncError('rejected', `ERP connection ${id} does not work`, {
        hint: `check its configuration fields: erpsync connections get ${id}`,
      });
      return { id, works, exitCode: error.exitCode, error: errorValue(error) };
    });
  },
  render: ({ id, works }) => (works ? `ERP connection ${id} works.` : ''),
});
