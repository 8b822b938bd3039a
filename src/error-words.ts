/** The same words for the same mistakes: errors that many commands and rooms have in common. */
import { ErpsyncError, type ErrorCode, type ErrorParts, systemReason, usageError } from './errors.ts';
import { didYouMean } from './nearest-name.ts';

/** A value (flag, argument, member, line of a file) that is not as it has to be: `--connection cannot be used: ...`. */
export function unusable(where: string, why: string, next: string): ErpsyncError {
  return usageError({ what: `${where} cannot be used`, why, next });
}

/** A word that is none of a few: `--actor-type cannot be used: "Custmer" is not one of Customer, Supplier`. */
export function noneOf(where: string, typed: string, choices: readonly string[]): ErpsyncError {
  const why = `${JSON.stringify(typed)} is not one of ${choices.join(', ')}`;
  return unusable(where, why, didYouMean(typed, choices) ?? 'give one of them');
}

/** Things of which one may be given: `--all and --ids exclude each other: ...`. */
export function excluding(names: readonly string[], why: string, next = 'give one of them'): ErpsyncError {
  const [last = '', ...first] = [...names].reverse();
  return usageError({ what: `${first.reverse().join(', ')} and ${last} exclude each other`, why, next });
}

/** Something that may be given once: `--field name is given twice: ...`. */
export function givenTwice(what: string, next = 'give it once'): ErpsyncError {
  return usageError({ what: `${what} is given twice`, why: 'one of the two would be lost', next });
}

/** Something that has to be given: `--env is missing: ...`. */
export function missing(what: string, why: string, next: string): ErpsyncError {
  return usageError({ what: `${what} is missing`, why, next });
}

/** So many names are told beside the one that was meant most likely; more would hide it. */
const namesBesideNearest = 13;
const shownNames = 20;
/** What is not shown is told by its number, which a single name is better than. */
const fewNames = shownNames + 1;

/** A name that is none of those that there are: `there is no profile "prdo": there are prod, test`. */
export interface UnknownName {
  /** `profile`, `operation`. */
  readonly kind: string;
  readonly typed: string;
  /** Where it would be: `of connector 17`, `in --data`. */
  readonly where?: string;
  readonly known: readonly string[];
  /** Where they are listed, as a clause with a command: `see: erpsync profile list`; without it the names themselves. */
  readonly next?: string;
  readonly code?: ErrorCode;
}

export function unknownName({ kind, typed, where, known, next, code = 'usage' }: UnknownName): ErpsyncError {
  const nearest = didYouMean(typed, known);
  const seeAlso = next && `${next[0]?.toUpperCase()}${next.slice(1)}`;
  return new ErpsyncError(code, {
    what: `there is no ${kind} ${JSON.stringify(typed)}${where === undefined ? '' : ` ${where}`}`,
    why:
      nearest !== undefined && known.length > namesBesideNearest
        ? `none of the ${known.length} has this name`
        : namesInWords(known),
    next:
      nearest === undefined ? (next ?? 'give one of these') : [nearest, seeAlso].filter(Boolean).join(' '),
  });
}

function namesInWords(known: readonly string[]): string {
  if (known.length === 0) return 'there is none at all';
  const isLong = known.length > fewNames;
  const shown = (isLong ? known.slice(0, shownNames) : known).join(', ');
  const rest = isLong ? ` and ${known.length - shownNames} more` : '';
  return `there ${known.length === 1 ? 'is' : 'are'} ${shown}${rest}`;
}

/**
 * An id that the server does not know (exit 6): `there is no ERP connection 999: the server knows none with this id`.
 *
 * @param kind what it would be: `ERP connection`, `batch task`
 * @param next where the ids are listed: `see: erpsync connections list`
 */
export function unknownId(
  kind: string,
  id: number | string,
  next: string,
  more: Pick<ErrorParts, 'httpStatus' | 'cause'> = {},
): ErpsyncError {
  return new ErpsyncError('rejected', {
    what: `there is no ${kind} ${id}`,
    why: 'the server knows none with this id',
    next,
    ...more,
  });
}

/** A file or directory that cannot be read: `ids.txt cannot be read: no such file or directory (ENOENT)`. */
export function unreadable(code: ErrorCode, where: string, cause: unknown, next: string): ErpsyncError {
  return new ErpsyncError(code, { what: `${where} cannot be read`, why: systemReason(cause), next, cause });
}

/** A file or directory that cannot be written: `report.xml cannot be written: permission denied (EACCES)`. */
export function unwritable(code: ErrorCode, where: string, cause: unknown, next: string): ErpsyncError {
  return new ErpsyncError(code, {
    what: `${where} cannot be written`,
    why: systemReason(cause),
    next,
    cause,
  });
}
