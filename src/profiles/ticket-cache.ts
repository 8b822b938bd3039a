/**
 * Tickets that logins gave, kept between commands: `tickets.json` beside the secrets, mode 0600. They are
 * worth no more than a login: any change of the profiles or of the secrets forgets them all.
 */
import { rmSync, statSync } from 'node:fs';
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
}

/** The kept ticket of one login. */
export interface TicketCache {
  /** The ticket, or undefined where none is kept or it has expired by now. A file that cannot be used keeps none. */
  read(): Promise<string | undefined>;
  /**
   * Another ticket than one that is not good any more: that which another process has fetched meanwhile, else a
   * fetched one. Of all processes of the login one fetches, and the others wait for it. What cannot be kept is
   * fetched again next time.
   *
   * @throws what `fetch` throws
   */
  replace<T extends { readonly ticket: string }>(
    stale: string | undefined,
    fetch: () => Promise<T>,
  ): Promise<T | { readonly ticket: string }>;
}

/** A server drops a ticket 6 hours after its last use; some minutes are left for a run that begins with it (ms). */
const lifetimeMs = 6 * 60 * 60_000 - 10 * 60_000;
/** A use is written down only when the last one was so long ago (ms): most commands only read the file. */
const noticedAfterMs = 15 * 60_000;

/** The file in a directory of profiles. */
function ticketFile(directory: string): string {
  return join(directory, 'tickets.json');
}

/** @param now milliseconds since the epoch */
export function ticketCache(place: TicketPlace, owner: TicketOwner, now: () => number): TicketCache {
  const { directory, uid } = place;
  const file = ticketFile(directory);

  function stored(): { readonly ticket: string; readonly age: number } | undefined {
    try {
      if (isOlder(file, join(directory, 'secrets.json'))) return undefined;
      const entry = readProfileFile(file, uid).entries.get(owner.profile);
      if (!isMembers(entry)) return undefined;
      const { ticket, usedAt } = { ticket: own(entry, 'ticket'), usedAt: own(entry, 'usedAt') };
      const same = (['server', 'auth', 'username'] as const).every(
        (each) => own(entry, each) === owner[each],
      );
      if (!same || typeof ticket !== 'string' || typeof usedAt !== 'number') return undefined;
      const age = now() - usedAt;
      return age < 0 || age > lifetimeMs ? undefined : { ticket, age };
    } catch {
      return undefined;
    }
  }

  /** Writes down that a ticket is used now, unless there is another one by then than was read. */
  async function write(ticket: string, before: string | undefined): Promise<void> {
    try {
      const { withFileLock } = await import('../files/file-lock.ts');
      await withFileLock(join(directory, 'tickets.lock'), async () => {
        removeLeftovers(file);
        if (before !== undefined && stored()?.ticket !== before) return;
        const { members, entries } = readProfileFile(file, uid);
        const { profile, ...login } = owner;
        const entry = { ...login, ticket, usedAt: now() };
        await writeProfileFile(file, { members, entries: new Map(entries).set(profile, entry) });
      });
    } catch {
      // The next command logs in again.
    }
  }

  async function replaced<T extends { readonly ticket: string }>(
    stale: string | undefined,
    fetch: () => Promise<T>,
  ): Promise<T | { readonly ticket: string }> {
    const present = stored();
    if (present !== undefined && present.ticket !== stale) return { ticket: present.ticket };
    const fetched = await fetch();
    await write(fetched.ticket, undefined);
    return fetched;
  }

  return {
    async read() {
      const present = stored();
      if (present !== undefined && present.age > noticedAfterMs) await write(present.ticket, present.ticket);
      return present?.ticket;
    },
    async replace(stale, fetch) {
      const { oneAtATime } = await import('./login-lock.ts');
      return await oneAtATime(directory, 'login', owner.profile, () => replaced(stale, fetch));
    },
  };
}

/** Forgets all tickets. */
export function forgetTickets(directory: string): void {
  rmSync(ticketFile(directory), { force: true });
}

function isOlder(file: string, other: string): boolean {
  const changed = statSync(other, { throwIfNoEntry: false });
  return changed !== undefined && changed.mtimeMs > statSync(file).mtimeMs;
}
