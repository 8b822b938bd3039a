import { asWriteError } from '../../agent/client.ts';
import { unknownAmong } from '../../agent/unknown-ids.ts';
import { confirm } from '../../cli/confirmation.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, toggle } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError } from '../../errors.ts';
import { taskId } from './shown-task.ts';

export default defineCommand({
  path: ['tasks', 'stop'],
  summary: 'stop a batch task',
  description: [
    'At a terminal the id has to be typed, unless --yes is given. What the task has done is not undone.',
  ],
  effect: 'write',
  arguments: { id: argument(taskId, 'the id of the task') },
  flags: { dryRun: toggle('show the request and send nothing'), ...connectionFlags },
  examples: [
    { run: 'erpsync tasks stop 71 --dry-run', why: 'show the request that would stop task 71' },
    { run: 'erpsync tasks stop 71 --dry-run -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9, 11],
  async run({ id, dryRun, ...flags }, context) {
    return await withSession(context, flags, dryRun ? 'read' : 'write', async ({ client, url }) => {
      if (dryRun) {
        const target = client.transport.addressOf('StopBatchJob');
        return { status: 'dry-run' as const, id, plan: { method: 'POST', url: target, body: { Id: id } } };
      }
      if (context.prompts.available)
        await confirm(`this stops batch task ${id} (${url})`, String(id), context);
      const { outcome } = await client.call('StopBatchJob', { Id: id });
      if (outcome.kind === 'rejected') {
        const unknown = await unknownAmong(client, { task: id });
        if (unknown !== undefined) throw unknown;
        const { message, httpStatus } = outcome.error;
        throw new ErpsyncError('rejected', {
          what: `batch task ${id} was not stopped`,
          why: message,
          next: `see whether it has ended already: erpsync tasks show ${id}`,
          httpStatus,
        });
      }
      if (outcome.kind !== 'accepted') throw asWriteError('StopBatchJob', outcome);
      return { status: 'ok' as const, id };
    });
  },
  render({ id, plan }) {
    if (plan) return `Dry run, nothing was sent.\n\n${plan.method} ${plan.url}\n${JSON.stringify(plan.body)}`;
    return `Batch task ${id} is stopped.`;
  },
});
