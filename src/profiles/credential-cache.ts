/**
 * What credential commands gave, kept until it expires: `credentials.json` beside the secrets, mode 0600. Any change of
 * the profiles or of the secrets forgets it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HeldCommand } from './inheritance.ts';
import { isMembers, own, type Secrets, textsByKind } from './profile.ts';
import { readProfileFile, removeLeftovers, writeProfileFile } from './profile-file.ts';
import type { TicketPlace } from './ticket-cache.ts';

/** Secrets that a command gave. */
export interface GivenCredential {
  readonly secrets: Secrets;
  /** Milliseconds since the epoch; undefined where the command does not say: then it is good for this process alone. */
  readonly expiresAt: number | undefined;
}

/** What is kept of one command. */
export interface CredentialCache {
  /** What is kept and still good; undefined where nothing is, or where the file cannot be used. */
  read(): GivenCredential | undefined;
  /**
   * What another process was given meanwhile, else what `fetch` gives. Of all processes one fetches, and the others
   * wait for it. What cannot be kept is fetched again next time.
   *
   * @param refused what is not good any more
   * @throws what `fetch` throws
   */
  replace(
    refused: GivenCredential | undefined,
    fetch: () => Promise<GivenCredential>,
  ): Promise<GivenCredential>;
}

/** The file in a directory of profiles. */
function credentialFile(directory: string): string {
  return join(directory, 'credentials.json');
}

/** @param now milliseconds since the epoch */
export function credentialCache(
  { directory, uid }: TicketPlace,
  owner: HeldCommand,
  now: () => number,
): CredentialCache {
  const file = credentialFile(directory);

  function read(): GivenCredential | undefined {
    try {
      const entry = readProfileFile(file, uid).entries.get(owner.profile);
      if (!isMembers(entry) || own(entry, 'origin') !== owner.origin) return undefined;
      if (JSON.stringify(own(entry, 'argv')) !== JSON.stringify(owner.argv)) return undefined;
      const [expiresAt, secrets] = [own(entry, 'expiresAt'), own(entry, 'secrets')];
      if (typeof expiresAt !== 'number' || expiresAt <= now() || !isMembers(secrets)) return undefined;
      return { secrets: textsByKind(secrets, { file, name: owner.profile }), expiresAt };
    } catch {
      return undefined;
    }
  }

  async function keep({ secrets, expiresAt }: GivenCredential): Promise<void> {
    try {
      const { withFileLock } = await import('../files/file-lock.ts');
      await withFileLock(join(directory, 'credentials.lock'), async () => {
        removeLeftovers(file);
        const { members, entries } = readProfileFile(file, uid);
        const { profile, argv, origin } = owner;
        const entry = { origin, argv, expiresAt, secrets };
        await writeProfileFile(file, { members, entries: new Map(entries).set(profile, entry) });
      });
    } catch {
      // The next command asks again.
    }
  }

  return {
    read,
    async replace(refused, fetch) {
      const { oneAtATime } = await import('./login-lock.ts');
      return await oneAtATime(directory, 'credential', owner.profile, async () => {
        const present = read();
        if (present !== undefined && !sameSecrets(present, refused)) return present;
        const fetched = await fetch();
        if (fetched.expiresAt !== undefined) await keep(fetched);
        return fetched;
      });
    },
  };
}

/** Whether they are the same secrets, whenever they expire. */
export function sameSecrets(one: GivenCredential, other: GivenCredential | undefined): boolean {
  const sorted = ({ secrets }: GivenCredential) => JSON.stringify(Object.entries(secrets).toSorted());
  return other !== undefined && sorted(one) === sorted(other);
}

/** Forgets what all commands gave. */
export function forgetCredentials(directory: string): void {
  rmSync(credentialFile(directory), { force: true });
}
