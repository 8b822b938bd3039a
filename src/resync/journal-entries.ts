/**
 * The lines of a run's journal: JSON, one entry a line, only ever appended. The first line says what the
 * file is and in which format:
 *
 *     {"erpsync":"journal","format":1,"run":"20261124T001500Z-4f0c9a"}
 *     {"at":"...","event":"note","note":"started"}
 *     {"at":"...","event":"intent","request":0,"from":0,"count":1000,"attempt":1}
 *     {"at":"...","event":"outcome","request":0,"from":0,"count":1000,"kind":"accepted","retries":0}
 *
 * A part of a request is named by the request's number, the place of its first key in it and how many keys
 * it has, so the halves of a request that was split are parts like any other.
 */
import { ErpsyncError, type ErrorCode, exitCodes } from '../errors.ts';
import { jsonOf, type Members, membersOf } from './json-members.ts';

/** The format that this version writes, and the newest that it reads. */
export const journalFormat = 1;

/** Keys of one request that share their fate. Of a run with every record the one part is request 0, 0, 1. */
export interface Part {
  readonly request: number;
  /** The place of its first key within the request, from 0. */
  readonly from: number;
  /** How many keys. */
  readonly count: number;
}

/** An error as the journal keeps it. */
export interface EntryError {
  readonly code: ErrorCode;
  /** Shortened. */
  readonly message: string;
  readonly httpStatus: number | null;
}

/** What became of a part that was sent. `split`: refused for its content, and now two planned halves. */
export const outcomeKinds = ['accepted', 'rejected', 'unsent', 'unknown', 'split'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

/** What became of the batch task of an accepted part. */
export const taskStates = ['done', 'failed', 'unconfirmed'] as const;
export type TaskState = (typeof taskStates)[number];

/** What happened to the run as a whole. */
export const noteKinds = [
  'started',
  'resumed',
  'interrupted',
  /** Where the server's batch tasks stood: `detail` is their largest id. */
  'task-mark',
  'finished',
  /** The run goes on elsewhere: `detail` is the file that it was written to. */
  'exported',
  /** The run came from elsewhere, and goes on here. */
  'imported',
] as const;
export type NoteKind = (typeof noteKinds)[number];

/** One line of a journal. */
export type JournalEntry =
  | ({ readonly event: 'intent'; readonly attempt: number } & Part)
  | ({
      readonly event: 'outcome';
      readonly kind: OutcomeKind;
      /** Tries after the first one. */
      readonly retries: number;
      readonly error: EntryError | null;
    } & Part)
  | ({ readonly event: 'task'; readonly state: TaskState; readonly task: number | null } & Part)
  | { readonly event: 'note'; readonly note: NoteKind; readonly detail: string | null };

/** Entries with the time at which they were written (ISO 8601, UTC). */
export type TimedEntry = JournalEntry & { readonly at: string };

/** The journal's first line, with its line end. */
export function headerLine(run: string): string {
  return `${JSON.stringify({ erpsync: 'journal', format: journalFormat, run })}\n`;
}

/** An entry as a line, with its line end. */
export function entryLine(entry: TimedEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Longest message that a journal keeps, in characters. */
const longestMessage = 500;

/**
 * An error without what only a person at the moment needs.
 *
 * @param redact takes secrets out of its message, which a server may have sent back; before it is cut short
 */
export function entryError(
  { code, message: told, httpStatus }: ErpsyncError,
  redact: (text: string) => string = String,
): EntryError {
  const message = redact(told);
  const short = message.length > longestMessage ? `${message.slice(0, longestMessage)}...` : message;
  return { code, message: short, httpStatus: httpStatus ?? null };
}

/**
 * Checks the first line.
 *
 * @param file what errors name
 * @throws ErpsyncError (config) when it belongs to a newer version, another run, or is none
 */
export function checkHeader(line: string, file: string, run: string): void {
  const members = membersOf(jsonOf(line), (problem) => damaged(file, 1, problem));
  if (members.value('erpsync') !== 'journal') throw damaged(file, 1, 'it is not the head of a journal');
  const format = members.count('format');
  if (format > journalFormat) throw newerFormat(file, format);
  if (members.text('run') !== run) throw damaged(file, 1, `it belongs to run ${members.text('run')}`);
}

/** The error for a file of a later version. */
export function newerFormat(file: string, format: number): ErpsyncError {
  return new ErpsyncError('config', {
    what: `${file} cannot be used`,
    why: `it has format ${format}, written by a newer erpsync, and this one knows ${journalFormat}`,
    next: 'install the erpsync that wrote it, or a newer one, and run the same command again',
  });
}

/**
 * Reads a line.
 *
 * @throws ErpsyncError (config) naming file and line
 */
export function parseEntry(line: string, file: string, number: number): TimedEntry {
  const members = membersOf(jsonOf(line), (problem) => damaged(file, number, problem));
  const at = members.text('at');
  const event = members.oneOf('event', ['intent', 'outcome', 'task', 'note']);
  switch (event) {
    case 'intent':
      return { at, event, ...partIn(members), attempt: members.count('attempt') };
    case 'outcome': {
      const kind = members.oneOf('kind', outcomeKinds);
      const error = errorIn(members.optionalObject('error'));
      return { at, event, ...partIn(members), kind, retries: members.count('retries'), error };
    }
    case 'task': {
      const task = members.value('task') === null ? null : members.count('task');
      return { at, event, ...partIn(members), state: members.oneOf('state', taskStates), task };
    }
    default:
      return { at, event, note: members.oneOf('note', noteKinds), detail: members.textOrNull('detail') };
  }
}

/** The error for a line that cannot be what the program wrote. */
export function damaged(file: string, line: number, problem: string): ErpsyncError {
  return new ErpsyncError('config', {
    what: `${file}, line ${line} cannot be used`,
    why: `${problem}, so it is damaged`,
    next: startAnew,
  });
}

/** What is left to do where a run cannot go on, since a file of it is gone or damaged. */
export const startAnew =
  'look what was sent (erpsync tasks list), then start another run with its keys: erpsync force-resync';

function partIn(members: Members): Part {
  return { request: members.count('request'), from: members.count('from'), count: members.count('count') };
}

const errorCodes = Object.keys(exitCodes).filter(
  (code): code is Exclude<ErrorCode, 'interrupted'> => code !== 'ok',
);

function errorIn(members: Members | undefined): EntryError | null {
  if (members === undefined) return null;
  const code = members.oneOf('code', [...errorCodes, 'interrupted']);
  const httpStatus = members.value('httpStatus') === null ? null : members.count('httpStatus');
  return { code, message: members.text('message'), httpStatus };
}
