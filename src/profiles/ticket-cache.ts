/**
 * Tickets and access tokens that logins gave, kept between commands: `tickets.json` and `tokens.json` beside the
 * secrets, mode 0600. They are worth no more than a login: any change of the profiles or of the secrets forgets
 * them all. What is said here of tickets holds for access tokens, except how long they live.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMembers, own } from './profile.ts';
import { readProfileFile, removeLeftovers, writeProfileFile } from './profile-file.ts';

/** Where tickets are kept, and whose they must be; undefined where files have no owner. */
export interface TicketPlace {
  readonly directory: string;
  readonly uid: number | undefined;
}

/** What a ticket is good for. One of another login is not taken. */
export interface TicketOwner {
  readonly profile: string;
  /** Base URL, or environment and tenant. */
  readonly server: string;
  readonly auth: string;
  readonly username: string | undefined;
  readonly clientId?: string | undefined;
}

/** What is kept: what a login gave for calls, and what calls for tickets are made with. */
export const keptKinds = ['ticket', 'token'] as const;
/** One of {@link keptKinds}. */
export type KeptKind = (typeof keptKinds)[number];
const files: Readonly<Record<KeptKind, string>> = { ticket: 'tickets.json', token: 'tokens.json' };

/** A ticket, or an access token. */
export interface KeptTicket {
  readonly ticket: string;
  /** When another one has to take its place (ms since the epoch); absent where it lives on with each use. */
  readonly expiresAt?: number | undefined;
}

/** The kept ticket of one login. */
export interface TicketCache {
  /** The ticket, or undefined where none is kept or it has expired by now. A file that cannot be used keeps none. */
  read(): Promise<KeptTicket | undefined>;
  /**
   * Another ticket than one that is not good any more: that which another process has fetched meanwhile, else a
   * fetched one. Of all processes of the login one fetches, and the others wait for it. What cannot be kept is
   * fetched again next time.
   *
   * @throws what `fetch` throws
   */
  replace<T extends KeptTicket>(stale: string | undefined, fetch: () => Promise<T>): Promise<T | KeptTicket>;
  /**
   * Forgets it.
   *
   * @returns whether one was kept for the profile, good or not
   * @throws ErpsyncError (storage, locked) when that is not possible
   */
  forget(): Promise<boolean>;
}

/** A server drops a ticket 6 hours after its last use; some minutes are left for a run that begins with it (ms). */
const lifetimeMs = 6 * 60 * 60_000 - 10 * 60_000;
/** A use is written down only when the last one was so long ago (ms): most commands only read the file. */
const noticedAfterMs = 15 * 60_000;

/** @param now milliseconds since the epoch */
export function ticketCache(
  place: TicketPlace,
  owner: TicketOwner,
  now: () => number,
  kind: KeptKind = 'ticket',
): TicketCache {
  const { directory, uid } = place;
  const file = join(directory, files[kind]);

  function stored(): (KeptTicket & { readonly age: number }) | undefined {
    try {
      if (isOlder(file, join(directory, 'secrets.json'))) return undefined;
      const entry = readProfileFile(file, uid).entries.get(owner.profile);
      if (!isMembers(entry)) return undefined;
      const [ticket, usedAt, expiresAt] = ['ticket', 'usedAt', 'expiresAt'].map((name) => own(entry, name));
      const same = (['server', 'auth', 'username', 'clientId'] as const).every(
        (each) => own(entry, each) === owner[each],
      );
      if (!same || typeof ticket !== 'string' || typeof usedAt !== 'number') return undefined;
      const age = now() - usedAt;
      if (typeof expiresAt === 'number')
        return age < 0 || now() >= expiresAt ? undefined : { ticket, expiresAt, age };
      return age < 0 || age > lifetimeMs ? undefined : { ticket, age };
    } catch {
      return undefined;
    }
  }

  const locked = async <T>(action: () => Promise<T>): Promise<T> => {
    const { withFileLock } = await import('../files/file-lock.ts');
    return await withFileLock(join(directory, 'tickets.lock'), action, { elsewhere: 'ERPSYNC_CONFIG_DIR' });
  };

  /** Writes down that a ticket is used now, unless there is another one by then than was read. */
  async function write({ ticket, expiresAt }: KeptTicket, before: string | undefined): Promise<void> {
    try {
      await locked(async () => {
        removeLeftovers(file);
        if (before !== undefined && stored()?.ticket !== before) return;
        const { members, entries } = readProfileFile(file, uid);
        const { profile, ...login } = owner;
        const entry = { ...login, ticket, usedAt: now(), expiresAt };
        await writeProfileFile(file, { members, entries: new Map(entries).set(profile, entry) });
      });
    } catch {
      // The next command logs in again.
    }
  }

  async function replaced<T extends KeptTicket>(
    stale: string | undefined,
    fetch: () => Promise<T>,
  ): Promise<T | KeptTicket> {
    const present = stored();
    if (present !== undefined && present.ticket !== stale) return kept(present);
    const fetched = await fetch();
    await write(fetched, undefined);
    return fetched;
  }

  return {
    async read() {
      const present = stored();
      if (present === undefined) return undefined;
      const livesOn = present.expiresAt === undefined;
      if (livesOn && present.age > noticedAfterMs) await write(present, present.ticket);
      return kept(present);
    },
    async replace(stale, fetch) {
      const { oneAtATime } = await import('./login-lock.ts');
      return await oneAtATime(directory, `login-${kind}`, owner.profile, () => replaced(stale, fetch));
    },
    async forget() {
      if (!existsSync(file)) return false;
      return await locked(async () => {
        const { members, entries } = readProfileFile(file, uid);
        if (!entries.has(owner.profile)) return false;
        const others = [...entries].filter(([name]) => name !== owner.profile);
        await writeProfileFile(file, { members, entries: new Map(others) });
        return true;
      });
    },
  };
}

function kept({ ticket, expiresAt }: KeptTicket): KeptTicket {
  return expiresAt === undefined ? { ticket } : { ticket, expiresAt };
}

/** Forgets all tickets and access tokens. */
export function forgetTickets(directory: string): void {
  for (const file of Object.values(files)) rmSync(join(directory, file), { force: true });
}

function isOlder(file: string, other: string): boolean {
  const changed = statSync(other, { throwIfNoEntry: false });
  return changed !== undefined && changed.mtimeMs > statSync(file).mtimeMs;
}
