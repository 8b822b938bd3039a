/** The same words for the same mistakes: errors that many commands and rooms have in common. */
import { ErpsyncError, type ErrorCode, type ErrorParts, systemReason, usageError } from './errors.ts';
import { didYouMean } from './nearest-name.ts';

/** A value (flag, argument, member, line of a file) that is not as it has to be: `--connection cannot be used: ...`. */
export function unusable(where: string, why: string, next: string): ErpsyncError {
  return usageError({ what: `${where} cannot be used`, why, next });
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
  /** Where they are listed, as a clause with a command: `see: erpsync profile list`. */
  readonly next: string;
  readonly code?: ErrorCode;
}

export function unknownName({ kind, typed, where, known, next, code = 'usage' }: UnknownName): ErpsyncError {
  const isLong = known.length > fewNames;
  const shown = (isLong ? known.slice(0, shownNames) : known).join(', ');
  const rest = isLong ? ` and ${known.length - shownNames} more` : '';
  const nearest = didYouMean(typed, known);
  return new ErpsyncError(code, {
    what: `there is no ${kind} ${JSON.stringify(typed)}${where === undefined ? '' : ` ${where}`}`,
    why:
      known.length === 0
        ? 'there is none at all'
        : `there ${known.length === 1 ? 'is' : 'are'} ${shown}${rest}`,
    next: nearest === undefined ? next : `${nearest} ${next[0]?.toUpperCase()}${next.slice(1)}`,
  });
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
