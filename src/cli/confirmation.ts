/** Confirmations of what cannot be taken back: typed at a terminal, else --yes. */
import { type ErpsyncError, usageError } from '../errors.ts';
import type { Context } from './context.ts';

type Confirming = Pick<Context, 'globals' | 'prompts' | 'warn'>;

/**
 * Refuses early, before anything is read or asked, where nobody could confirm.
 *
 * @param what goes before "nobody is there to confirm it"
 */
export function requireConfirmable(what: string, { globals, prompts }: Confirming): void {
  if (globals.yes || prompts.available) return;
  throw usageError({ what, why: 'nobody is there to confirm it', next: 'add --yes if that is meant' });
}

/**
 * Has a person type a word, unless --yes was given.
 *
 * @param what is told first: what will happen, and where
 * @throws ErpsyncError (usage) for any other word; nothing has been sent then
 */
export async function confirm(what: string, word: string, context: Confirming): Promise<void> {
  if (context.globals.yes) return;
  requireConfirmable(what, context);
  context.warn(what);
  const typed = await context.prompts.text(`Type ${word} to go on`);
  if (typed.trim() === word) return;
  throw notConfirmed(typed, word);
}

/** The error for another word than the one that confirms. */
export function notConfirmed(typed: string, word: string): ErpsyncError {
  return usageError({
    what: 'nothing was sent',
    why: `${JSON.stringify(typed)} is not ${word}`,
    next: `run the same command again, and type ${word}`,
  });
}
