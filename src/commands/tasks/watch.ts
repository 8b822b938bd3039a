import { connectionFlags } from '../../cli/connection-flags.ts';
import { endingSignal } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, optionalRest, withDefault } from '../../cli/flags.ts';
import { duration, text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { ErpsyncError, type ErrorValue, errorValue, signalExitCodes } from '../../errors.ts';
import { table } from '../../output/table.ts';
import {
  type Followed,
  type FollowedTask,
  followTasks,
  hasEnded,
  isResyncTask,
  resyncTaskPattern,
} from '../../resync/follow.ts';
import { taskId } from './shown-task.ts';
import { namePattern } from './task-names.ts';

export default defineCommand({
  path: ['tasks', 'watch'],
  summary: 'follow batch tasks to their end',
  description: ['Without ids: your own ERP resyncs that have not ended yet.'],
  effect: 'read',
  arguments: { ids: optionalRest(taskId, 'the ids of the tasks') },
  flags: {
    name: optional(text('pattern'), 'without ids: tasks of this name; * stands for anything'),
    waitTimeout: withDefault(duration(), '1h', 'how long to follow them'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync tasks watch', why: 'until your resyncs have ended' },
    { run: 'erpsync tasks watch 70 --wait-timeout 5m', why: 'one task, for five minutes at most' },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 13, 130],
  idColumn: 'id',
  async run({ ids: given, name, waitTimeout, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const { client } = session;
      const { clock } = context.host;
      let ids = given;
      if (ids.length === 0) {
        const pattern = name === undefined ? resyncTaskPattern : namePattern(name);
        const own = await client.read('GetBatchTaskInfosByAssociates', {
          AssociateIds: [await session.associateId()],
        });
        ids = (own ?? []).flatMap((task) =>
          task !== null && isResyncTask(task, pattern) && !hasEnded(task.State ?? '') ? [task.Id ?? 0] : [],
        );
        if (ids.length === 0) context.note('There is nothing to watch.');
      }
      const interruption = context.host.interruption();
      const followed = await followTasks(client, ids, {
        clock,
        timeoutMs: waitTimeout,
        signal: interruption,
        onChange(task) {
          context.event({ type: 'task', ...task });
          context.note(`Task ${task.id}: ${stateInWords(task)}`);
        },
      });
      const error = errorOf(followed, ids, endingSignal(interruption));
      return { items: followed.tasks, ...(error && { exitCode: error.exitCode, error }) };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return '';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => String(id) },
        { heading: 'state', cell: stateInWords },
      ],
      style,
    );
  },
});

function stateInWords({ state, progressPercent }: FollowedTask): string {
  return state === 'Started' && progressPercent !== null ? `${state} ${progressPercent} %` : state;
}

function errorOf(
  { tasks, ended }: Followed,
  ids: readonly number[],
  signal: keyof typeof signalExitCodes | undefined,
): ErrorValue | undefined {
  const goOn = 'the tasks go on; look with: erpsync tasks list';
  if (ended === 'signal' && signal !== undefined) {
    const exitCode = signalExitCodes[signal];
    return errorValue(new ErpsyncError('interrupted', `ended by ${signal}`, { exitCode, hint: goOn }));
  }
  const failed = tasks.filter(({ state }) => state === 'Failed').map(({ id }) => id);
  if (failed.length > 0) {
    const hint = `see: erpsync tasks show ${failed[0]}`;
    return errorValue(new ErpsyncError('failed', `failed: task ${failed.join(', ')}`, { hint }));
  }
  if (ended === 'time') {
    const never = ids.filter((id) => !tasks.some((task) => task.id === id));
    const words = never.length === 0 ? 'the time is over' : `never seen: task ${never.join(', ')}`;
    return errorValue(new ErpsyncError('pending', words, { hint: goOn }));
  }
  const vanished = tasks.filter(({ state }) => state === 'Vanished').map(({ id }) => id);
  if (vanished.length === 0) return undefined;
  return errorValue(
    new ErpsyncError('pending', `vanished before their end was seen: task ${vanished.join(', ')}`, {
      hint: 'the server may remove tasks that have ended',
    }),
  );
}
