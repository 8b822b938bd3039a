import { noTask } from '../../agent/unknown-ids.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { type Context, endingSignal } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { anyRemaining, optional, withDefault } from '../../cli/flags.ts';
import type { Session } from '../../cli/session.ts';
import { duration, text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import {
  continued,
  ErpsyncError,
  type ErrorParts,
  errorValue,
  exitCodes,
  signalExitCodes,
} from '../../errors.ts';
import { table } from '../../output/table.ts';
import { isNamed, namePattern } from '../../resync/task-pattern.ts';
import { ownTasks, type SeenTask, taskWithId } from '../../resync/task-search.ts';
import { taskEnd } from '../../resync/task-verdicts.ts';
import { type Watched, type WatchedTask, watchTasks } from '../../resync/task-watch.ts';
import { stateInWords, taskId, taskItem } from './shown-task.ts';

export default defineCommand({
  path: ['tasks', 'watch'],
  summary: 'follow batch tasks until they have ended',
  description: [
    'Without ids those of your own ERP resync tasks that have not ended. Ctrl-C ends the watching, not the tasks.',
    'A task that the server removes meanwhile has ended, but how was not seen: exit code 8.',
  ],
  effect: 'read',
  tellsEvents: true,
  arguments: { ids: anyRemaining(taskId, 'the ids of the tasks') },
  flags: {
    name: optional(
      text('pattern'),
      'without ids: tasks whose name or description is so; * stands for anything (else as the setting task-name)',
    ),
    waitTimeout: withDefault(duration(), '1h', 'how long to watch'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync tasks watch', why: 'your own resyncs, until they have ended' },
    { run: 'erpsync tasks watch 70 --wait-timeout 10m', why: 'one task, for ten minutes at most' },
  ],
  exitCodes: [4, 5, 6, 7, 8, 9, 13],
  idColumn: 'id',
  async run({ ids, name, waitTimeout, ...flags }, context) {
    return await withSession(context, flags, 'read', async (session) => {
      const known = ids.length > 0 ? await namedTasks(session, ids) : await openTasks(session, name);
      const signal = context.host.interruption();
      const watched = await watchTasks({
        client: session.client,
        known,
        isComplete: () => true,
        timeoutMs: waitTimeout,
        clock: context.host.clock,
        signal,
        onChange: (task) => tell(task, context),
        onLost: ({ message }) =>
          context.note(continued(`the tasks could not be looked at: ${message}`, 'looking again')),
      });
      return { ...verdict(watched, signal), items: watched.tasks.map(watchedItem) };
    });
  },
  render({ items }, style) {
    if (items.length === 0) return 'No batch task to watch.';
    return table(
      items,
      [
        { heading: 'id', cell: ({ id }) => String(id ?? '') },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'state', cell: (item) => (item.vanished ? 'removed' : stateInWords(item)) },
        { heading: 'response', cell: ({ response }) => response },
      ],
      style,
    );
  },
});

/** @throws ErpsyncError `rejected` if the server does not have one of them */
async function namedTasks({ client }: Session, ids: readonly number[]): Promise<SeenTask[]> {
  const tasks: SeenTask[] = [];
  for (const id of new Set(ids)) {
    const info = await taskWithId(client, id);
    if (info === null) throw noTask(id);
    tasks.push({ id, info });
  }
  return tasks;
}

async function openTasks({ client, associateId, taskName }: Session, name = taskName): Promise<SeenTask[]> {
  const pattern = namePattern(name);
  const own = await ownTasks(client, await associateId());
  return own.filter(({ info }) => isNamed(info, pattern) && taskEnd(info.State) === 'open');
}

function watchedItem({ info, end }: WatchedTask) {
  return { ...taskItem(info), vanished: end === 'vanished' };
}

function tell(task: WatchedTask, { note, event }: Context): void {
  const item = watchedItem(task);
  event({ type: 'task', ...item });
  const state = item.vanished ? 'removed by the server' : stateInWords(item);
  note(`Task ${task.id}${item.name === '' ? '' : ` (${item.name})`}: ${state}`);
}

/** Status, exit code and what explains them. */
function verdict({ tasks, ended, error }: Watched, signal: AbortSignal) {
  const idsOf = (end: WatchedTask['end']): string =>
    tasks.flatMap((task) => (task.end === end ? [task.id] : [])).join(', ');
  const interrupted = ended === 'signal' ? endingSignal(signal) : undefined;
  if (interrupted !== undefined) {
    const exitCode = signalExitCodes[interrupted];
    const why = new ErpsyncError('interrupted', {
      what: 'the tasks were not watched to their end',
      why: `${interrupted} ended the watching, while the tasks go on`,
      next: `watch on with: erpsync tasks watch ${idsOf('open').replaceAll(',', '')}`,
      exitCode,
    });
    return { status: 'interrupted' as const, exitCode, error: errorValue(why) };
  }
  const failed = idsOf('failed');
  if (failed !== '') {
    return failure('failed', {
      what: `${tasksInWords(failed)} did not succeed`,
      why: 'the server tells the state Failed',
      next: `see what it answered: erpsync tasks show ${failed.split(',', 1)[0]}`,
    });
  }
  if (error !== undefined) {
    return failure('pending', {
      what: 'the tasks could not be looked at any more',
      why: error.message,
      next: error.next,
      cause: error,
    });
  }
  const open = idsOf('open');
  if (open !== '') {
    return failure('pending', {
      what: `the end of ${tasksInWords(open)} was not seen`,
      why: 'the time of --wait-timeout ran out before it',
      next: `watch on with: erpsync tasks watch ${open.replaceAll(',', '')}`,
    });
  }
  const vanished = idsOf('vanished');
  if (vanished !== '') {
    return failure('pending', {
      what: `the end of ${tasksInWords(vanished)} was not seen`,
      why: 'the server removed what it was asked for before it',
      next: 'see what was synced: erpsync log',
    });
  }
  return { status: 'ok' as const, exitCode: exitCodes.ok, error: null };
}

function tasksInWords(ids: string): string {
  return `${ids.includes(',') ? 'batch tasks' : 'batch task'} ${ids}`;
}

function failure(status: 'failed' | 'pending', parts: ErrorParts) {
  const error = new ErpsyncError(status, parts);
  return { status, exitCode: error.exitCode, error: errorValue(error) };
}
