/** Writes that are looked at afterwards, so that a lost answer need not stay unknown. */
import { ErpsyncError } from '../errors.ts';
import type { Outcome } from '../transport/outcome.ts';
import { asWriteError } from './client.ts';
import type { OperationName } from './contract.ts';

/** What is to be known of a write. */
interface CertainWrite {
  readonly operation: OperationName;
  /** `ERP connection 124`. */
  readonly what: string;
  /** The command that shows it. */
  readonly look: string;
}

/** What is to be known of a removal. */
export interface Removal extends CertainWrite {
  /** Sends the request, once. */
  send(): Promise<Outcome>;
  /** Reads it; undefined if the server does not have it any more. */
  read(): Promise<{ readonly Deleted?: boolean | null } | undefined>;
}

/**
 * Removes something once and looks whether it is gone.
 *
 * @returns whether the answer came, and whether it was seen to be gone: one of them is true
 * @throws ErpsyncError `rejected` with the server's words, or if it is still there; `unknown` if the answer
 *   was lost, and it is still there or could not be looked at
 */
export async function removeOnce(
  removal: Removal,
): Promise<{ readonly answered: boolean; readonly seen: boolean }> {
  const { operation, what, look } = removal;
  const words = { failed: `${what} was not deleted`, look };
  const outcome = await removal.send();
  if (isRefused(outcome)) throw asWriteError(operation, outcome, words);
  const answered = outcome.kind === 'accepted';
  const after = await afterwards(async () => {
    const found = await removal.read();
    return { isThere: found !== undefined && found.Deleted !== true };
  });
  if (after instanceof ErpsyncError) {
    if (answered) return { answered, seen: false };
    throw notSeen(`whether ${what} was deleted`, look, after);
  }
  if (!after.isThere) return { answered, seen: true };
  if (outcome.kind === 'unknown') throw asWriteError(operation, outcome, words);
  throw new ErpsyncError('rejected', {
    what: words.failed,
    why: 'the server took the deletion, but it is still there',
    next: `look at it: ${look}`,
  });
}

/** What to warn of after a removal; undefined if there is nothing. */
export function removalWarning(
  { answered, seen }: { readonly answered: boolean; readonly seen: boolean },
  what: string,
): string | undefined {
  if (!answered) return `warning: the answer was lost, but ${what} is deleted`;
  return seen ? undefined : `warning: ${what} was deleted, but could not be looked at again`;
}

/** What came of a save. */
export interface Saved<T> {
  /** What the server has now. */
  readonly value: T;
  /** False if the answer was lost, and a look showed it. */
  readonly answered: boolean;
}

/**
 * The outcome of a save; where its answer was lost, a look tells.
 *
 * @param write `find` reads what was saved; undefined if it is not as wanted, or cannot be told from others
 * @throws ErpsyncError `rejected` with the server's words; `unknown` if the answer was lost and nothing was
 *   found, or could not be looked for
 */
export async function savedOnce<T>(
  outcome: Outcome<T | null>,
  { operation, what, look, find }: CertainWrite & { find(): Promise<T | undefined> },
): Promise<Saved<T>> {
  if (outcome.kind === 'accepted' && outcome.value !== null) return { value: outcome.value, answered: true };
  const words = { failed: `${what} was not saved`, look };
  if (isRefused(outcome)) throw asWriteError(operation, outcome, words);
  const found = await afterwards(find);
  if (found instanceof ErpsyncError) throw notSeen(`whether ${what} was saved`, look, found);
  if (found !== undefined) return { value: found, answered: false };
  if (outcome.kind === 'unknown') throw asWriteError(operation, outcome, words);
  throw new ErpsyncError('unknown', {
    what: `whether ${what} was saved is not known`,
    why: 'the server answered null, and does not show it as it was to be',
    next: `look before you repeat it: ${look}`,
  });
}

/** Whether nothing was changed, so that there is nothing to look for. */
function isRefused(outcome: Outcome): outcome is Extract<Outcome, { kind: 'unsent' | 'rejected' }> {
  return outcome.kind === 'unsent' || outcome.kind === 'rejected';
}

async function afterwards<T>(read: () => Promise<T>): Promise<T | ErpsyncError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ErpsyncError) return error;
    throw error;
  }
}

function notSeen(question: string, look: string, cause: ErpsyncError): ErpsyncError {
  return new ErpsyncError('unknown', {
    what: `the request was sent, but ${question} could not be read`,
    why: cause.message,
    next: `look before you repeat it: ${look}`,
    cause,
  });
}
