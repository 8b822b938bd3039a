import { type ErpsyncError, usageError } from '../errors.ts';

/** The error for another word than the one that confirms. */
export function notConfirmed(typed: string, word: string): ErpsyncError {
  return usageError({
    what: 'nothing was sent',
    why: `${JSON.stringify(typed)} is not ${word}`,
    next: `run the same command again, and type ${word}`,
  });
}
