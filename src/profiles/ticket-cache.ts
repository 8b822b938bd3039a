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

/** A server drops a ticket 6 hours after its last use; some minutes are left for a run that begins with it (ms). */
const lifetimeMs = 6 * 60 * 60_000 - 10 * 60_000;
/** A use is written down only when the last one was so long ago (ms): most commands only read the file. */
const noticedAfterMs = 15 * 60_000;

/** The file in a directory of profiles. */
function ticketFile(directory: string): string {
  return join(directory, 'tickets.json');
}

/** The ticket that is kept for a login, or undefined. A file that cannot be used keeps none. */
export async function keptTicket(
  options: TicketPlace,
  owner: TicketOwner,
  now: number,
): Promise<string | undefined> {
  try {
    const file = ticketFile(options.directory);
    if (isOlder(file, join(options.directory, 'secrets.json'))) return undefined;
    const entry = readProfileFile(file, options.uid).entries.get(owner.profile);
    if (!isMembers(entry)) return undefined;
    const { ticket, usedAt } = { ticket: own(entry, 'ticket'), usedAt: own(entry, 'usedAt') };
    const same =
      own(entry, 'server') === owner.server &&
      own(entry, 'auth') === owner.auth &&
      own(entry, 'username') === owner.username;
    if (!same || typeof ticket !== 'string' || typeof usedAt !== 'number') return undefined;
    const age = now - usedAt;
    if (age < 0 || age > lifetimeMs) return undefined;
    if (age > noticedAfterMs) await keepTicket(options, owner, ticket, now);
    return ticket;
  } catch {
    return undefined;
  }
}

/** Keeps a ticket that was used now. Without effect where that is not possible: a login costs one request. */
export async function keepTicket(
  { directory, uid }: TicketPlace,
  { profile, ...login }: TicketOwner,
  ticket: string,
  now: number,
): Promise<void> {
  const file = ticketFile(directory);
  try {
    const { withFileLock } = await import('../files/file-lock.ts');
    await withFileLock(join(directory, 'tickets.lock'), async () => {
      removeLeftovers(file);
      const { members, entries } = readProfileFile(file, uid);
      const entry = { ...login, ticket, usedAt: now };
      await writeProfileFile(file, { members, entries: new Map(entries).set(profile, entry) });
    });
  } catch {
    // The next command logs in again.
  }
}

/** Forgets all tickets. */
export function forgetTickets(directory: string): void {
  rmSync(ticketFile(directory), { force: true });
}

function isOlder(file: string, other: string): boolean {
  const changed = statSync(other, { throwIfNoEntry: false });
  return changed !== undefined && changed.mtimeMs > statSync(file).mtimeMs;
}
