/**
 * What a journal says about each key of a run: a pure function of its lines. A part whose intent was
 * written and whose outcome was not is `unknown`: it may or may not have been sent.
 */
import { usageError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import {
  checkHeader,
  damaged,
  type EntryError,
  type JournalEntry,
  type NoteKind,
  type Part,
  parseEntry,
  type TimedEntry,
} from './journal-entries.ts';

/**
 * `planned`: never tried. The last three are what became of an accepted part's batch task, where the run
 * was followed.
 */
export const partStates = [
  'planned',
  'accepted',
  'rejected',
  'unsent',
  'unknown',
  'done',
  'failed',
  'unconfirmed',
] as const;
export type PartState = (typeof partStates)[number];

/** A state as it is told of a run that is not under way: what was never tried is unsent, like what was not sent in the end. */
export function stateAtRest(state: PartState): PartState {
  return state === 'planned' ? 'unsent' : state;
}

/** A part of a request, and how it stands. */
export interface PartRecord extends Part {
  readonly state: PartState;
  /** How often it was sent, not counting retries. */
  readonly attempts: number;
  /** Retries of the last time. */
  readonly retries: number;
  readonly error: EntryError | null;
  /** The batch task that did it, where that is known. */
  readonly task: number | null;
}

/** A note, and when it was written. */
export interface LedgerNote {
  readonly at: string;
  readonly note: NoteKind;
  readonly detail: string | null;
}

/** How a run is cut into requests. */
export interface RequestSizes {
  readonly requests: number;
  /** Keys in a request; 1 for the one of every record. */
  sizeOf(request: number): number;
}

/** Which parts a resume sends again besides those planned and unsent. */
export interface SendChoice {
  readonly unknown: boolean;
  readonly rejected: boolean;
  readonly failed: boolean;
}

/** The state of a run. Changes only by {@link Ledger.apply}. */
export class Ledger {
  readonly sizes: RequestSizes;
  /** Requests that something was written about; all others are planned as a whole. */
  readonly #touched = new Map<number, PartRecord[]>();
  readonly #notes: LedgerNote[] = [];
  #splits = 0;
  #lastAt: string | null = null;

  constructor(sizes: RequestSizes) {
    this.sizes = sizes;
  }

  get notes(): readonly LedgerNote[] {
    return this.#notes;
  }

  /** How many parts were split: each costs two requests. */
  get splits(): number {
    return this.#splits;
  }

  /** When something was last written (ISO 8601, UTC); null when nothing was. */
  get lastAt(): string | null {
    return this.#lastAt;
  }

  /** The file that the run was exported to, if it goes on elsewhere; else null. */
  get exportedTo(): string | null {
    const moved = this.#notes.findLast(({ note }) => note === 'exported' || note === 'imported');
    return moved?.note === 'exported' ? (moved.detail ?? 'a file') : null;
  }

  /** Whether a plain resume has nothing to do: no part is planned, unsent or unknown. */
  get finished(): boolean {
    const counts = this.count(() => 1);
    return counts.planned + counts.unsent + counts.unknown === 0;
  }

  /** Every part, in the order of the keys; together they are the whole run. */
  *parts(): Generator<PartRecord> {
    for (let request = 0; request < this.sizes.requests; request++) yield* this.partsOf(request);
  }

  /** The parts of one request. */
  partsOf(request: number): readonly PartRecord[] {
    return this.#touched.get(request) ?? [this.#untouched(request)];
  }

  /** Sums up by state: keys by default, parts with `() => 1`. */
  count(weight: (part: PartRecord) => number = ({ count }) => count): Record<PartState, number> {
    const counts: Record<PartState, number> = {
      planned: 0,
      accepted: 0,
      rejected: 0,
      unsent: 0,
      unknown: 0,
      done: 0,
      failed: 0,
      unconfirmed: 0,
    };
    for (const part of this.parts()) counts[part.state] += weight(part);
    return counts;
  }

  /** What a resume sends, in the order of the keys. */
  toSend({ unknown, rejected, failed }: SendChoice): PartRecord[] {
    const states: readonly PartState[] = [
      'planned',
      'unsent',
      ...(unknown ? (['unknown'] as const) : []),
      ...(rejected ? (['rejected'] as const) : []),
      ...(failed ? (['failed'] as const) : []),
    ];
    return [...this.parts()].filter(({ state }) => states.includes(state));
  }

  /**
   * Takes an entry in.
   *
   * @returns what contradicts the entries before it, or undefined; nothing is changed then
   */
  apply(entry: JournalEntry, at: string): string | undefined {
    const problem = entry.event === 'note' ? this.#note(entry, at) : this.#applyToPart(entry);
    if (problem === undefined) this.#lastAt = at;
    return problem;
  }

  #note({ note, detail }: JournalEntry & { event: 'note' }, at: string): undefined {
    this.#notes.push({ at, note, detail });
  }

  #applyToPart(entry: Exclude<JournalEntry, { event: 'note' }>): string | undefined {
    const { request, from, count } = entry;
    if (request >= this.sizes.requests) return `the run has no request ${request}`;
    const parts = this.partsOf(request);
    const index = parts.findIndex((part) => part.from <= from && from + count <= part.from + part.count);
    const part = parts[index];
    if (part === undefined || count === 0) return `no part of request ${request} has these keys`;
    const now = next(part, entry);
    if (typeof now === 'string') return now;
    if (entry.event === 'outcome' && entry.kind === 'split') this.#splits++;
    const before = { ...part, count: from - part.from };
    const after = { ...part, from: from + count, count: part.from + part.count - from - count };
    const instead = [before, ...now, after].filter((each) => each.count > 0);
    this.#touched.set(request, parts.toSpliced(index, 1, ...instead));
    return undefined;
  }

  #untouched(request: number): PartRecord {
    const count = this.sizes.sizeOf(request);
    return { request, from: 0, count, ...fresh };
  }
}

/** What may have a batch task on the server. */
const followable: readonly PartState[] = ['accepted', 'unknown', 'done', 'failed', 'unconfirmed'];

const fresh = { state: 'planned', attempts: 0, retries: 0, error: null, task: null } as const;

/** What the keys of an entry are after it: one part, two halves, or why the entry cannot be. */
function next(
  part: PartRecord,
  entry: Exclude<JournalEntry, { event: 'note' }>,
): readonly PartRecord[] | string {
  const { request, from, count } = entry;
  if (entry.event === 'intent') {
    const { attempts } = part;
    return [{ request, from, count, ...fresh, state: 'unknown', attempts: attempts + 1 }];
  }
  if (part.from !== from || part.count !== count) return 'it is about other keys than were sent together';
  if (entry.event === 'task') {
    if (!followable.includes(part.state)) return `it tells of a batch task of keys that are ${part.state}`;
    return [{ ...part, state: entry.state, task: entry.task }];
  }
  if (part.state !== 'unknown') return `it tells an outcome of keys that are ${part.state}`;
  const { kind, retries, error } = entry;
  if (kind !== 'split') return [{ ...part, state: kind, retries, error }];
  const halves = halvesOf(entry);
  if (halves === undefined) return 'a part with one key cannot be split';
  return halves.map((half) => ({ ...half, ...fresh, attempts: part.attempts }));
}

/** The halves that a part is split into, the larger one first; undefined for a part with one key. */
export function halvesOf({ request, from, count }: Part): readonly [Part, Part] | undefined {
  if (count < 2) return undefined;
  const middle = Math.ceil(count / 2);
  return [
    { request, from, count: middle },
    { request, from: from + middle, count: count - middle },
  ];
}

/** A journal's text, taken in. */
export interface Replayed {
  readonly ledger: Ledger;
  /** Bytes up to the end of the last whole line; what follows was cut off in the middle. */
  readonly length: number;
}

/**
 * Reads a journal. A last line that is not whole is left out: it was being written when the program or the
 * machine stopped. The zeros that some file systems leave at the end after a power failure are no line.
 *
 * @param file what errors name
 * @throws ErpsyncError (config) for a newer format, and for damage anywhere else, naming the line
 */
export function replay(bytes: Buffer, file: string, run: string, sizes: RequestSizes): Replayed {
  const ledger = new Ledger(sizes);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const length = bytes.subarray(0, end).lastIndexOf(10) + 1;
  if (length === 0) throw damaged(file, 1, 'it holds no whole line');
  // Line by line: the journal of a large run is too much text to hold at once.
  for (let start = 0, number = 1; start < length; number++) {
    const lineEnd = bytes.indexOf(10, start);
    const line = bytes.toString('utf8', start, lineEnd);
    start = lineEnd + 1;
    if (number === 1) {
      checkHeader(line, file, run);
      continue;
    }
    const entry: TimedEntry = parseEntry(line, file, number);
    const problem = ledger.apply(entry, entry.at);
    if (problem !== undefined) throw damaged(file, number, problem);
  }
  return { ledger, length };
}

/** @throws ErpsyncError (usage) when a run was exported, so that it goes on elsewhere */
export function checkGoesOnHere(
  { id, name }: { readonly id: string; readonly name: string | null },
  { exportedTo }: Ledger,
): void {
  if (exportedTo === null) return;
  throw usageError({
    what: `run ${name ?? id} cannot go on here`,
    why: `it was exported to ${exportedTo}, and goes on where that was imported`,
    next: `resume it there; to go on here, take it in again: erpsync runs import ${shellWord(exportedTo)}`,
  });
}
