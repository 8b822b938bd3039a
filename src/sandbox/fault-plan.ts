/** Which fault strikes which request. */
import type { Fault } from './faults.ts';

/** One request on its way; each of the two questions is asked at most once, in this order. */
interface FaultDraw {
  /** The fault that strikes before the body is read; it can only be `reset-before-body`. */
  beforeBody(): Fault | undefined;
  /** The fault that strikes once the body is read; `keys` are those of a resync, null for anything else. */
  afterBody(keys: readonly (number | string)[] | null): Fault | undefined;
}

/** The faults of one sandbox with their counts. */
export interface FaultPlan {
  draw(path: string): FaultDraw;
}

interface Tally {
  readonly fault: Fault;
  /** Requests that matched, struck or not: what `every` counts. */
  matched: number;
  /** Resyncs that `inactive-after` has counted. */
  resyncs: number;
  struck: number;
}

/**
 * The first fault that matches strikes; those behind it still count the request for their `every`.
 * A fault that depends on the keys cannot come before one that resets before the body is read.
 *
 * @param random A number from 0 up to 1, for `rate`.
 */
export function createFaultPlan(faults: readonly Fault[], random: () => number): FaultPlan {
  const tallies: Tally[] = faults.map((fault) => ({ fault, matched: 0, resyncs: 0, struck: 0 }));

  const counts = (tally: Tally): boolean => {
    const { every, rate } = tally.fault;
    tally.matched++;
    return tally.matched % every === 0 && (rate === 1 || random() < rate);
  };
  const countsWithKeys = (tally: Tally, keys: readonly (number | string)[]): boolean => {
    const { action } = tally.fault;
    if (action.kind === 'poison') return keys.some((key) => String(key) === action.key) && counts(tally);
    if (action.kind !== 'inactive-after' || !counts(tally)) return false;
    tally.resyncs++;
    return tally.resyncs === action.count;
  };
  const hasStrikesLeft = (tally: Tally) => tally.struck < tally.fault.times;
  const strike = (tally: Tally): Fault => {
    tally.struck++;
    return tally.fault;
  };

  return {
    draw(path) {
      const matching = tallies.filter(({ fault }) => path.toLowerCase().includes(fault.path));
      const chosen = new Set<Tally>();
      return {
        beforeBody() {
          for (const tally of matching) if (!needsKeys(tally.fault) && counts(tally)) chosen.add(tally);
          const first = matching.find((tally) => chosen.has(tally) && hasStrikesLeft(tally));
          return first?.fault.action.kind === 'reset-before-body' ? strike(first) : undefined;
        },
        afterBody(keys) {
          if (keys !== null) {
            for (const tally of matching) {
              if (needsKeys(tally.fault) && countsWithKeys(tally, keys)) chosen.add(tally);
            }
          }
          const first = matching.find((tally) => chosen.has(tally) && hasStrikesLeft(tally));
          return first === undefined ? undefined : strike(first);
        },
      };
    },
  };
}

function needsKeys({ action }: Fault): boolean {
  return action.kind === 'poison' || action.kind === 'inactive-after';
}
