/** Runs as commands show them. */
import { type Ledger, type PartState, stateAtRest } from '../../resync/ledger.ts';
import { isHeldHere } from '../../resync/owner-set.ts';
import { sourceInWords } from '../../resync/plan.ts';
import type { ReadRun } from '../../resync/run-search.ts';
import type { StoredRun } from '../../resync/run-store.ts';

/** How a run stands as a whole. */
export type RunStanding = 'finished' | 'running' | 'unfinished' | 'exported';

/** What a list says of a run. Counts are of keys, or of requests where every record was asked for. */
export function runItem({ header, lock }: StoredRun, ledger: Ledger) {
  const { id, name, profile, url, operation, source, target, createdAt } = header;
  const standing = runStanding(ledger, lock);
  const counts = shownCounts(ledger.count(), standing);
  return {
    id,
    name,
    profile,
    url,
    operation,
    source: { connectionId: source.connectionId, name: source.name, words: sourceInWords(source) },
    keys: target.kind === 'every-record' ? null : target.count,
    counts,
    standing,
    createdAt,
    lastAt: ledger.lastAt,
  };
}

/**
 * A state as it is told of a run that stands so: only a run that is under way still plans to send what it has not
 * tried.
 */
export function shownState(state: PartState, standing: RunStanding): PartState {
  return standing === 'running' ? state : stateAtRest(state);
}

/** Counts by state, as they are told of a run that stands so. */
export function shownCounts(
  counts: Readonly<Record<PartState, number>>,
  standing: RunStanding,
): Readonly<Record<PartState, number>> {
  if (standing === 'running') return counts;
  return { ...counts, planned: 0, unsent: counts.unsent + counts.planned };
}

export function runStanding(ledger: Ledger, lock: StoredRun['lock']): RunStanding {
  if (ledger.exportedTo !== null) return 'exported';
  if (ledger.finished) return 'finished';
  return isHeldHere(lock) ? 'running' : 'unfinished';
}

/** A run of a list. */
export type RunItem = ReturnType<typeof runItem>;

/** The counts that are not 0: `3 accepted, 1 rejected`. */
export function countsInWords({ counts }: Pick<RunItem, 'counts'>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([state, count]) => `${count} ${state}`).join(', ');
}

/** Whether all of its keys were accepted. */
export function wentWell({ ledger }: ReadRun): boolean {
  const { accepted: _, done: __, unconfirmed: ___, ...bad } = ledger.count();
  return Object.values(bad).every((count) => count === 0);
}
