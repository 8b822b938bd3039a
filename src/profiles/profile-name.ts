import { configError, type ErpsyncError, usageError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';

/**
 * Lets pass what can name a new profile: letters, digits, `.`, `_` and `-`, beginning with a letter
 * or digit, at most 64 characters.
 *
 * @throws ErpsyncError `usage`.
 */
export function checkProfileName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  const rule =
    "a name has letters, digits, '.', '_' and '-', begins with a letter or digit, at most 64 characters";
  throw usageError(`${quoted(name)} cannot name a profile`, rule);
}

/** The error for a name that no profile has, with the nearest known name, the known ones or how to add one. */
export function unknownProfile(name: string, known: Iterable<string>): ErpsyncError {
  return configError(`there is no profile ${quoted(name)}`, hint(name, [...known]));
}

const shownNames = 10;

function hint(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'add one with: erpsync profile add <name> --url <address>';
  const nearest = didYouMean(name, known);
  if (nearest !== undefined) return nearest;
  const shown = known.slice(0, shownNames).map(quoted).join(', ');
  const more = known.length > shownNames ? ` and ${known.length - shownNames} more` : '';
  return `the profiles are ${shown}${more}`;
}

/** Quoted as JSON, so that a control character in a mistyped name cannot reach the terminal. */
function quoted(name: string): string {
  return JSON.stringify(name);
}
