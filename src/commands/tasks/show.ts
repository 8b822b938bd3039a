import { findTask, noTask } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { withSession } from '../../cli/with-session.ts';
import { details } from '../../output/details.ts';
import { timeForPeople } from '../../output/time-for-people.ts';
import { stateInWords, taskId, taskItem } from './shown-task.ts';

export default defineCommand({
  path: ['tasks', 'show'],
  summary: 'show one batch task',
  effect: 'read',
  arguments: { id: argument(taskId, 'the id of the task') },
  flags: connectionFlags,
  examples: [
    { run: 'erpsync tasks show 70', why: 'its state, progress, and what it answered' },
    { run: 'erpsync tasks show 70 -o json', why: 'the same for a script' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, ...flags }, context) {
    return await withSession(context, flags, 'read', async ({ client }) => {
      const task = await findTask(client, id);
      if (task === undefined) throw noTask(id);
      return taskItem(task);
    });
  },
  render(task, style) {
    return details(
      [
        ['id', String(task.id ?? '')],
        ['name', task.name],
        ['description', task.description],
        ['state', stateInWords(task)],
        ['progress', task.progress],
        ['owner', task.system === true ? 'system' : `associate ${task.associateId ?? 'unknown'}`],
        ['created', timeForPeople(task.created ?? '')],
        ['last started', timeForPeople(task.lastStarted ?? 'never')],
        ['request', task.request],
        ['response', task.response],
      ],
      style,
    );
  },
});
