import { readEnumName } from '../../agent/arguments.ts';
import { type BatchTaskInfoValue, BatchTaskState } from '../../agent/batch-carriers.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, toggle, type ValueParser } from '../../cli/flags.ts';
import type { Session } from '../../cli/session.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { table } from '../../output/table.ts';
import { timeForPeople } from '../../output/time-for-people.ts';
import { namePattern } from '../../resync/task-pattern.ts';
import { stateInWords, taskItem } from './shown-task.ts';

const state: ValueParser<string> = {
  placeholder: 'state',
  suggestions: Object.keys(BatchTaskState.values),
  parse: (given, where) => readEnumName(BatchTaskState, given, where),
};

export default defineCommand({
  path: ['tasks', 'list'],
  summary: 'list batch tasks on the server',
  description: [
    'Your own, as long as the server keeps them. With --all those of all users; system tasks are among them only',
    "where --name names them without *. Times are the server's, in its own zone.",
  ],
  effect: 'read',
  arguments: {},
  flags: {
    all: toggle('the tasks of all users'),
    name: optional(text('pattern'), 'only tasks of this name; * stands for anything'),
    state: optional(state, 'only tasks in this state: New, Started, Succeeded, Failed, ...'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync tasks list', why: 'your own tasks' },
    {
      run: 'erpsync tasks list --all --name ErpForceResyncBatchPlugin --state failed',
      why: 'resyncs that failed, of all users',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  idColumn: 'id',
  async run({ all, name, state: wanted, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const found = await tasks(session, all, name);
      const named = name === undefined ? undefined : namePattern(name);
      return {
        items: found
          .filter((task) => wanted === undefined || wanted === 'All' || task.State === wanted)
          .filter((task) => named === undefined || named(task.Name ?? ''))
          .map(taskItem),
      };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'No batch task.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => String(id ?? '') },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'state', cell: stateInWords },
        { heading: 'created', cell: ({ created }) => timeForPeople(created ?? ''), whole: true },
        { heading: 'request', cell: ({ request, description }) => (request === '' ? description : request) },
      ],
      style,
    );
  },
});

async function tasks(
  { client, associateId }: Session,
  all: boolean,
  name: string | undefined,
): Promise<readonly BatchTaskInfoValue[]> {
  const found = !all
    ? await client.read('GetBatchTaskInfosByAssociates', { AssociateIds: [await associateId()] })
    : name === undefined || name.includes('*')
      ? await client.read('GetBatchTaskInfosByState', { State: 'All' })
      : await client.read('GetAllBatchTaskInfosByName', { TaskName: name });
  return (found ?? []).flatMap((task) => (task === null ? [] : [task]));
}
