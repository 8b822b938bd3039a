/** Changes to the entries of a stored file, each as a new value, and what forbids them. */
import { configError, type ErpsyncError, usageError } from '../errors.ts';
import { isMembers, own, type StoredSecrets } from './profile.ts';
import type { ProfileFile } from './profile-file.ts';

/** The profile chosen with `profile use`. Throws ErpsyncError `config` where it is no text. */
export function currentOf({ members }: ProfileFile, file: string): string | undefined {
  const current = own(members, 'current');
  if (current === undefined || typeof current === 'string') return current;
  throw configError({
    what: `${file} cannot be used`,
    why: '"current" must be a string',
    next: 'choose a profile: erpsync profile use <name>',
  });
}

/** The profile that an entry of the file extends, before it is checked. */
export function baseOf(entry: unknown): unknown {
  return isMembers(entry) ? own(entry, 'extends') : undefined;
}

/** An entry as it is once the profile that it may extend has another name. */
export function withRenamedBase(entry: unknown, name: string, newName: string): unknown {
  return isMembers(entry) && own(entry, 'extends') === name ? { ...entry, extends: newName } : entry;
}

/** Throws ErpsyncError `usage` naming those of the names that are stored. */
export function refuseExisting(names: Iterable<string>, { entries }: ProfileFile, file: string): void {
  const taken = [...names].filter((name) => entries.has(name));
  const [first] = taken;
  if (first === undefined) return;
  throw existingProfiles(taken, file, `take another name, or first run: erpsync profile remove ${first}`);
}

/** The error for names that are stored already. */
export function existingProfiles(names: readonly string[], file: string, next: string): ErpsyncError {
  const shown = names.map((name) => `"${name}"`).join(', ');
  return names.length === 1
    ? usageError({ what: `profile ${shown} exists already`, why: `it is stored in ${file}`, next })
    : usageError({ what: `the profiles ${shown} exist already`, why: `they are stored in ${file}`, next });
}

/** Throws ErpsyncError `config` where a profile that shall go is extended by others. */
export function refuseHeirs(name: string, heirs: readonly string[]): void {
  const [first] = heirs;
  if (first === undefined) return;
  const shown = heirs.map((heir) => `"${heir}"`).join(', ');
  const isOne = heirs.length === 1;
  throw configError({
    what: `profile "${name}" cannot be removed`,
    why: isOne ? `profile ${shown} extends it` : `the profiles ${shown} extend it`,
    next: `first remove ${isOne ? 'that one' : 'those'}, or run: erpsync profile set ${first} --unset extends`,
  });
}

/** Throws ErpsyncError `config` for secrets that are not known here: they would follow to another address. */
export function refuseUnknown(kinds: readonly string[], name: string, file: string): void {
  if (kinds.length === 0) return;
  throw configError({
    what: `profile "${name}" cannot get another address`,
    why: `${file} has secrets of it that this erpsync does not know (${kinds.join(', ')}), and they stay with their address`,
    next: 'update erpsync, and run the same command again',
  });
}

/** The file with the secrets of a profile replaced, or without them; the same object if nothing changes. */
export function withSecrets(
  file: ProfileFile,
  name: string,
  stored: StoredSecrets | undefined,
  others: Readonly<Record<string, unknown>> = {},
): ProfileFile {
  if (stored !== undefined) {
    const { origin, secrets, keychain = {} } = stored;
    const accounts = Object.keys(keychain).length > 0 ? { keychain } : {};
    return withEntry(file, name, { ...others, origin, ...secrets, ...accounts });
  }
  return file.entries.has(name) ? withoutEntry(file, name) : file;
}

/** The file with an entry added or replaced. */
export function withEntry(file: ProfileFile, name: string, entry: unknown): ProfileFile {
  return { ...file, entries: new Map(file.entries).set(name, entry) };
}

/** The file without an entry. */
export function withoutEntry(file: ProfileFile, name: string): ProfileFile {
  return { ...file, entries: new Map([...file.entries].filter(([each]) => each !== name)) };
}

/** The accounts in the keychain that a file names, also of entries that are not valid. */
export function accountsIn({ entries }: ProfileFile): readonly string[] {
  return [...entries.values()].flatMap((entry) => {
    const accounts = isMembers(entry) ? own(entry, 'keychain') : undefined;
    return isMembers(accounts) ? Object.values(accounts).filter((each) => typeof each === 'string') : [];
  });
}
