/** What a run was about and what it amounts to, as people read it. */
import { direction } from './plan.ts';
import { nothingLeft, type ResyncResult } from './result.ts';
import type { RunSubject } from './run-end.ts';
import { quantity } from './tally.ts';

/** The result in a sentence; an error that goes with it is told apart. */
export function summaryInWords(result: ResyncResult): string {
  const { status, operation, keys, requests, source, plan, tasks } = result;
  const every = keys.given === null;
  const way = direction(source);
  if (plan !== undefined) {
    const count = plan.reduce((sum, line) => sum + (line.keys ?? 0), 0);
    const what = every ? 'every record' : quantity(count, 'key');
    return `Dry run, nothing was sent. The plan: ${what} in ${quantity(requests.planned, 'request')}, ${way}.`;
  }
  if (status === 'ok' && requests.planned === 0) return 'No keys, so nothing was sent.';
  const batch = operation === 'ForceResyncBatchTask';
  if (requests.accepted > 0) {
    const keysOrAll = every ? 'every record' : quantity(keys.accepted ?? 0, 'key');
    const accepted = `${keysOrAll} in ${quantity(requests.accepted, 'request')}`;
    if (result[nothingLeft]) return `Nothing was left to send: accepted before were ${accepted}, ${way}.`;
    const waited = status === 'ok' && tasks.length > 0;
    const done = batch && !waited ? 'Queued on the server, not yet synced' : 'Resynced, as the server says';
    return `${done}: ${accepted}, ${way}.${retriesInWords(requests.retries)}`;
  }
  if (result[nothingLeft]) return 'Nothing was left to send, and nothing had been accepted before.';
  const verb = batch ? 'queued' : 'resynced';
  return requests.unknown > 0 ? `It is not known whether anything was ${verb}.` : `Nothing was ${verb}.`;
}

function retriesInWords(retries: number): string {
  if (retries === 0) return '';
  return ` It took ${retries === 1 ? '1 retry' : `${retries} retries`}.`;
}

/** The run in a sentence, in which the source cannot be taken for the target. */
export function subjectInWords({ keys, source }: RunSubject, requests: number): string {
  const inRequests = `in ${quantity(requests, 'request')}, ${direction(source)}`;
  if (keys === null) return `every record, ${inRequests}`;
  const duplicates = keys.given - keys.unresolved - keys.count;
  const twice = duplicates === 0 ? '' : ` (${quantity(duplicates, 'duplicate')} left out)`;
  return `${quantity(keys.count, 'key')}${twice} ${inRequests}`;
}
