import { readLiveConnection } from '../../agent/connections.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { dryRunInWords, plannedRequest } from '../planned-request.ts';
import { connectionId, connectionInWords, nameOf } from './shown-connection.ts';

export default defineCommand({
  path: ['connections', 'refresh-fields'],
  summary: 'have the server ask a connector anew which actors and fields the ERP system has',
  description: ['New fields can be mapped afterwards, and mapped ones that vanished are marked as missing.'],
  effect: 'write',
  arguments: { id: argument(connectionId, 'the id of the connection') },
  flags: { dryRun: toggle('show the request, and change nothing'), ...connectionFlags },
  examples: [
    { run: 'erpsync connections refresh-fields 124', why: 'after the ERP system got new fields' },
    { run: 'erpsync connections refresh-fields 124 -o json', why: 'the fields that there are now' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ id, dryRun, ...flags }, context) {
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client }) => {
      const { DisplayName } = await readLiveConnection(client, id);
      const facts = { id, name: nameOf(DisplayName) };
      const body = { ErpConnectionId: id };
      if (dryRun) {
        return {
          ...facts,
          status: 'dry-run' as const,
          plan: plannedRequest(client, 'UpdateConnectionFields', body),
        };
      }
      const { outcome } = await client.call('UpdateConnectionFields', body);
      if (outcome.kind === 'accepted') return { ...facts, status: 'ok' as const };
      if (outcome.kind === 'unsent') throw outcome.error;
      const { message, httpStatus } = outcome.error;
      if (outcome.kind === 'rejected') {
        throw new ErpsyncError('rejected', {
          what: `the fields of ERP connection ${id} were not read anew`,
          why: message,
          next: `see whether it works: erpsync connections test ${id}`,
          httpStatus,
        });
      }
      throw new ErpsyncError('unknown', {
        what: `whether the fields of ERP connection ${id} were read anew is not known`,
        why: message,
        next: 'run the same command again, which does no harm',
        httpStatus,
        cause: outcome.error,
      });
    });
  },
  render(result) {
    const words = connectionInWords(result.id, result.name);
    if (!('plan' in result)) return printable(`The fields of ${words} are up to date.`);
    return dryRunInWords(`The fields of ${words} would be read anew.`, result.plan);
  },
});
