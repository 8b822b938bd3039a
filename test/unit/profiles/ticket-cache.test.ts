import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withFileLock } from '../../../src/files/file-lock.ts';
import { type TicketOwner, ticketCache } from '../../../src/profiles/ticket-cache.ts';
import { tempDirectory } from './temp-directory.ts';

const owner: TicketOwner = {
  profile: 'prod',
  server: 'online/Cust12345',
  auth: 'system-user',
  username: undefined,
};
const minute = 60_000;

/** Caches of one directory, with a clock that only the test moves. */
function caches() {
  const directory = tempDirectory();
  const clock = { now: 1_000 * minute };
  const cache = (change: Partial<TicketOwner> = {}) =>
    ticketCache({ directory, uid: process.getuid?.() }, { ...owner, ...change }, () => clock.now);
  return { directory, clock, cache };
}
const fetching = (ticket: string) => () => Promise.resolve({ ticket });

describe('a kept ticket', () => {
  test('when it was used within 6 hours then it is read, by the same login alone', async () => {
    const { clock, cache } = caches();
    await cache().replace(undefined, fetching('7T:a'));
    clock.now += 5 * 60 * minute;
    expect(await cache().read()).toEqual({ ticket: '7T:a' });
    for (const other of [
      { server: 'online/Cust9' },
      { auth: 'basic' },
      { username: 'x' },
      { profile: 'b' },
    ]) {
      expect(await cache(other).read()).toBeUndefined();
    }
    clock.now += 5 * 60 * minute;
    expect(await cache().read()).toEqual({ ticket: '7T:a' });
    clock.now += 6 * 60 * minute;
    expect(await cache().read()).toBeUndefined();
  });

  test('when another one takes its place while its use is written down then that one stays', async () => {
    const { directory, clock, cache } = caches();
    await cache().replace(undefined, fetching('7T:old'));
    clock.now += 20 * minute;
    const file = path.join(directory, 'tickets.json');
    // The reader has seen the old one, and waits for the lock; who holds it writes another one.
    const reading = await withFileLock(path.join(directory, 'tickets.lock'), () => {
      const begun = cache().read();
      writeFileSync(file, readFileSync(file, 'utf8').replace('7T:old', '7T:new'), { mode: 0o600 });
      return { begun };
    });
    expect(await reading.begun).toEqual({ ticket: '7T:old' });
    expect(await cache().read()).toEqual({ ticket: '7T:new' });
  });

  test('when many find it stale then one fetches, and all have the new one', async () => {
    const { cache } = caches();
    await cache().replace(undefined, fetching('7T:old'));
    let fetches = 0;
    const fetch = async () => ({ ticket: `7T:new${++fetches}` });
    const tickets = await Promise.all(Array.from({ length: 8 }, () => cache().replace('7T:old', fetch)));
    expect(tickets.map(({ ticket }) => ticket)).toEqual(Array.from({ length: 8 }, () => '7T:new1'));
  });

  test('when it cannot be fetched then the reason is told, and the next one tries anew', async () => {
    const { cache } = caches();
    const failing = () => Promise.reject(new Error('no ticket'));
    await expect(cache().replace(undefined, failing)).rejects.toThrow('no ticket');
    expect(await cache().replace(undefined, fetching('7T:b'))).toEqual({ ticket: '7T:b' });
  });

  test('when the directory cannot be written then a ticket is fetched all the same', async () => {
    const cache = ticketCache({ directory: '/proc/none', uid: undefined }, owner, Date.now);
    expect(await cache.replace(undefined, fetching('7T:c'))).toEqual({ ticket: '7T:c' });
  });

  test('when it says when it ends then it is read until then, however it is used', async () => {
    const { directory, clock } = caches();
    const cache = ticketCache({ directory, uid: process.getuid?.() }, owner, () => clock.now, 'token');
    const kept = { ticket: '8A:a', expiresAt: clock.now + 60 * minute };
    await cache.replace(undefined, () => Promise.resolve(kept));
    clock.now += 59 * minute;
    expect(await cache.read()).toEqual(kept);
    clock.now += minute;
    expect(await cache.read()).toBeUndefined();
    clock.now -= 90 * minute;
    expect(await cache.read()).toBeUndefined();
  });

  test('when one is forgotten then those of other profiles and of the other kind stay', async () => {
    const { directory, clock, cache } = caches();
    const token = ticketCache({ directory, uid: process.getuid?.() }, owner, () => clock.now, 'token');
    await cache().replace(undefined, fetching('7T:a'));
    await cache({ profile: 'b' }).replace(undefined, fetching('7T:b'));
    await token.replace(undefined, fetching('8A:a'));
    expect(await cache().forget()).toBe(true);
    const left = [cache(), cache({ profile: 'b' }), token].map((each) => each.read());
    expect(await Promise.all(left)).toEqual([undefined, { ticket: '7T:b' }, { ticket: '8A:a' }]);
    expect(await cache().forget()).toBe(false);
  });
});
