/** `resume --unknown check`: looks at the batch tasks, and sends and changes nothing. */
import type { Context } from '../cli/context.ts';
import type { Session } from '../cli/session.ts';
import { shellWord } from '../files/shell-word.ts';
import type { Ledger } from '../resync/ledger.ts';
import { type ResyncResult, type RunFacts, resyncResult } from '../resync/result.ts';
import type { StoredRun } from '../resync/run-store.ts';
import { tallyOf } from '../resync/tally.ts';
import { taskCheck } from '../resync/task-evidence.ts';
import { type Found, taskSearch } from '../resync/task-search.ts';
import { runSubject } from './resync-run.ts';
import { firstMark } from './task-mark.ts';

/**
 * The run as it stands, with what the tasks say about its unknown requests: `check` is null where nothing can be
 * compared.
 *
 * @throws ErpsyncError as for any read
 */
export async function checkUnknown(
  { header }: StoredRun,
  ledger: Ledger,
  session: Session,
  facts: RunFacts,
  context: Context,
): Promise<ResyncResult> {
  const result = resyncResult(runSubject(header), tallyOf(ledger, { stopped: undefined }), facts, {
    signal: undefined,
    problem: undefined,
    checked: true,
  });
  if (header.operation !== 'ForceResyncBatchTask') {
    context.warn('warning: the unknown requests cannot be checked: a direct run starts no batch tasks');
    return { ...result, check: null };
  }
  const mark = firstMark(ledger);
  const search = { associateId: await session.associateId(), above: mark ?? 0, pattern: session.taskName };
  const found = await taskSearch(session.client, { ...search, sourceId: header.source.connectionId })();
  const { accepted, unknown } = result.requests;
  const repeats = Array.from(ledger.parts(), ({ attempts }) => Math.max(0, attempts - 1));
  const counts = {
    tasks: found.tasks.length,
    isMarked: mark !== undefined,
    accepted,
    unknown,
    repeats: repeats.reduce((sum, each) => sum + each, 0),
  };
  const resume = `erpsync resume ${shellWord(header.name ?? header.id)}`;
  // Without a mark there are tasks of other runs among them.
  const tasks = mark === undefined ? [] : shown(found);
  return { ...result, tasks, check: taskCheck(counts, resume) };
}

function shown({ tasks }: Found): ResyncResult['tasks'] {
  return tasks.map(({ id, info }) => ({
    id,
    state: info.State ?? null,
    progressPercent: info.ProgressPercent ?? null,
  }));
}
