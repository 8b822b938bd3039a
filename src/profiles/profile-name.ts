import { unknownName, unusable } from '../error-words.ts';
import { configError, type ErpsyncError } from '../errors.ts';

/**
 * Lets pass what can name a new profile: letters, digits, `.`, `_` and `-`, beginning with a letter
 * or digit, at most 64 characters.
 *
 * @param where what the error names, where the name stands in a file: that file
 * @throws ErpsyncError `usage`.
 */
export function checkProfileName(name: string, where?: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  throw unusable(
    `the name ${quoted(name)}${where === undefined ? '' : ` in ${where}`}`,
    "the name of a profile has letters, digits, '.', '_' and '-', begins with a letter or digit, and has at most 64 characters",
    'give the profile another name',
  );
}

/** The error for a name that no profile has, with the nearest known name, the known ones or how to add one. */
export function unknownProfile(name: string, known: Iterable<string>): ErpsyncError {
  const names = [...known];
  return unknownName({
    kind: 'profile',
    typed: name,
    known: names,
    next:
      names.length === 0
        ? 'add one: erpsync profile add <name> --url <address>'
        : 'see: erpsync profile list',
    code: 'config',
  });
}

/** So many names fit into an error. */
const shownNames = 20;

/** The error where several profiles are stored and none is named; `isChosen` when one is, for a terminal. */
export function noneNamed(names: readonly string[], isChosen: boolean): ErpsyncError {
  const rest = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  const several = `several are stored (${names.slice(0, shownNames).join(', ')}${rest})`;
  return configError({
    what: 'no profile is named',
    ...(isChosen
      ? {
          why: `${several}, and without a terminal a command that changes something does not take the one of "profile use"`,
          next: 'name one with --profile or ERPSYNC_PROFILE',
        }
      : { why: several, next: 'name one with --profile, or choose one: erpsync profile use <name>' }),
  });
}

/** Quoted as JSON, so that a control character in a mistyped name cannot reach the terminal. */
function quoted(name: string): string {
  return JSON.stringify(name);
}
