import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { thisProcess } from '../../../src/files/lock-owner.ts';
import { type LockClock, type LockWish, takeLock, tenantLock } from '../../../src/resync/owner-set.ts';
import type { RunPlace } from '../../../src/resync/run-store.ts';
import type { Shard } from '../../../src/resync/shard.ts';
import { startChild, useChildBundle } from '../profiles/child-process.ts';
import { statePlace } from './stored-run.ts';

const child = useChildBundle(join(import.meta.dirname, 'run-child.ts'));
const tenant = 'https://crm.example.com';
const atOnce = { waitMs: 0 };

function wish(place: RunPlace, run = 'a', shard: Shard | null = null, of = tenant): LockWish {
  return { ...tenantLock(place, of), run, shard };
}

/** A clock that a waiter moves on by waiting; `each` is told every time. */
function fastClock(each: (now: number) => void = () => {}): LockClock {
  let now = 0;
  return {
    now: () => now,
    async sleep(ms) {
      now += Math.max(ms, 1000);
      each(now);
    },
  };
}

/** Leaves an owner's file as another process would have. */
function leaveOwner(place: RunPlace, more: object): (beat: number) => void {
  const { directory } = tenantLock(place, tenant);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'other.json');
  const write = (beat: number) =>
    writeFileSync(file, JSON.stringify({ ...thisProcess(), run: 'theirs', shard: null, ...more, beat }));
  write(0);
  return write;
}

describe('the lock of a tenant', () => {
  test('when it is held then another run is told who holds it', async () => {
    const place = statePlace();
    const lock = await takeLock(wish(place, 'first'), atOnce);
    await expect(takeLock(wish(place, 'second'), atOnce)).rejects.toMatchObject({
      code: 'locked',
      exitCode: 12,
      what: `the lock of ${tenant} cannot be taken`,
      why: expect.stringMatching(
        new RegExp(`^run first \\(process ${process.pid} on host ".*"\\) holds it$`),
      ),
      next: expect.stringContaining('--lock-wait'),
    });
    lock.release();
    (await takeLock(wish(place, 'second'), atOnce)).release();
  });

  test('when another tenant is meant then it is another lock', async () => {
    const place = statePlace();
    await takeLock(wish(place), atOnce);
    await takeLock(wish(place, 'b', null, 'https://other.example.com'), atOnce);
  });

  test('when it is released during a wait then the waiter gets it, and was told once whom it waits for', async () => {
    const place = statePlace();
    const first = await takeLock(wish(place, 'first'), atOnce);
    const told: string[] = [];
    const clock = fastClock((now) => now > 3000 && first.release());
    const second = await takeLock(wish(place, 'b'), {
      waitMs: 60_000,
      clock,
      onWait: (who) => told.push(who),
    });
    second.check();
    expect(told).toEqual([expect.stringContaining('run first')]);
  });

  test('when the wait is ended by a signal then it ends', async () => {
    const place = statePlace();
    await takeLock(wish(place, 'first'), atOnce);
    const stop = new AbortController();
    const waiting = takeLock(wish(place, 'b'), {
      waitMs: 60_000,
      signal: stop.signal,
      onWait: () => stop.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each<[string, Shard | null, Shard | null, boolean]>([
    ['other parts of one n', { index: 1, count: 3 }, { index: 2, count: 3 }, true],
    ['the same part', { index: 1, count: 3 }, { index: 1, count: 3 }, false],
    ['parts of another n', { index: 1, count: 3 }, { index: 2, count: 4 }, false],
    ['a part and a whole', { index: 1, count: 3 }, null, false],
  ])('when two are %s then they share it: %s, %s: %s', async (_, one, other, share) => {
    const place = statePlace();
    await takeLock(wish(place, 'a', one), atOnce);
    const second = takeLock(wish(place, 'b', other), atOnce);
    if (share) (await second).check();
    else await expect(second).rejects.toMatchObject({ code: 'locked' });
  });

  test('when a shard holds it then a third one waits for all of them', async () => {
    const place = statePlace();
    const first = await takeLock(wish(place, 'a', { index: 1, count: 2 }), atOnce);
    const second = await takeLock(wish(place, 'b', { index: 2, count: 2 }), atOnce);
    first.release();
    await expect(takeLock(wish(place, 'c'), atOnce)).rejects.toMatchObject({ code: 'locked' });
    second.release();
    await takeLock(wish(place, 'c'), atOnce);
  });
});

describe('an owner that has ended', () => {
  const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

  test('when its process was killed then the lock is free at once', async () => {
    const place = statePlace();
    const holder = startChild(process.execPath, [child.file, 'hold', place.directory, 'theirs']);
    await once(holder.stdout, 'data');
    await expect(takeLock(wish(place), atOnce)).rejects.toMatchObject({ code: 'locked' });
    holder.kill('SIGKILL');
    await holder;
    const lock = await takeLock(wish(place), atOnce);
    expect(readdirSync(tenantLock(place, tenant).directory)).toHaveLength(1);
    lock.check();
  });

  test.runIf(process.platform === 'linux').each<[string, () => object]>([
    ['its process is gone', () => ({ pid: deadPid() })],
    ['its pid is another process now', () => ({ startedAt: 1 })],
    ['the machine was started anew', () => ({ boot: 'another' })],
  ])('when %s then the lock is free at once', async (_, more) => {
    const place = statePlace();
    leaveOwner(place, more());
    (await takeLock(wish(place), atOnce)).check();
  });

  const elsewhere: [string, object][] = [
    ['host', { host: 'elsewhere' }],
    ['machine of the same name', { machine: 'another', boot: 'another' }],
    ['container', { pidSpace: 'pid:[1]', pid: 2 }],
  ];

  test.each(elsewhere)(
    'when it is on another %s and its counter stands still then it has ended after 60 s',
    async (_, more) => {
      const place = statePlace();
      leaveOwner(place, more);
      let waited = 0;
      const clock = fastClock((now) => {
        waited = now;
      });
      (await takeLock(wish(place), { waitMs: 120_000, clock })).check();
      expect(waited).toBeGreaterThanOrEqual(60_000);
      expect(waited).toBeLessThan(63_000);
    },
  );

  test.each(elsewhere)(
    'when it is on another %s and its counter goes up then it holds the lock',
    async (_, more) => {
      const place = statePlace();
      const beat = leaveOwner(place, more);
      const clock = fastClock((now) => beat(Math.floor(now / 10_000)));
      await expect(takeLock(wish(place), { waitMs: 600_000, clock })).rejects.toMatchObject({
        code: 'locked',
      });
    },
  );

  test('when its process lives here then a counter that stands still says nothing: it may be suspended', async () => {
    const place = statePlace();
    await takeLock(wish(place, 'a'), atOnce);
    const waiting = takeLock(wish(place, 'b'), { waitMs: 600_000, clock: fastClock() });
    await expect(waiting).rejects.toMatchObject({ code: 'locked' });
  });

  test('when its file is damaged then it counts as living until it stood still for 60 s', async () => {
    const place = statePlace();
    leaveOwner(place, {});
    writeFileSync(join(tenantLock(place, tenant).directory, 'other.json'), '{"host":');
    await expect(takeLock(wish(place), atOnce)).rejects.toMatchObject({ code: 'locked' });
    await takeLock(wish(place), { waitMs: 120_000, clock: fastClock() });
  });
});

describe('a lock that was taken over', () => {
  test('when the owner looks before the next request then it is told, and takes nothing back', async () => {
    const place = statePlace();
    const lock = await takeLock(wish(place, 'sleeper'), atOnce);
    const { directory } = tenantLock(place, tenant);
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    expect(() => lock.check()).toThrow(
      expect.objectContaining({
        code: 'locked',
        message: expect.stringContaining('run sleeper lost its lock'),
      }),
    );
    const other = await takeLock(wish(place, 'other'), atOnce);
    lock.release();
    other.check();
  });

  test('when an owner is stored then its file holds what tells it from all others', async () => {
    const place = statePlace();
    await takeLock(wish(place, 'a', { index: 1, count: 2 }), atOnce);
    const { directory } = tenantLock(place, tenant);
    const [file = ''] = readdirSync(directory);
    const { token: _, ...identity } = thisProcess();
    expect(JSON.parse(readFileSync(join(directory, file), 'utf8'))).toMatchObject({
      ...identity,
      run: 'a',
      shard: { index: 1, count: 2 },
      beat: '000000000000',
    });
  });
});

describe('a sign of life', () => {
  test('when time passes then the counter in the owner file goes up, and its length stays', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const place = statePlace();
    const lock = await takeLock(wish(place), atOnce);
    const { directory } = tenantLock(place, tenant);
    const file = join(directory, readdirSync(directory)[0] ?? '');
    const before = readFileSync(file, 'utf8');
    for (const beat of [1, 2]) {
      vi.advanceTimersByTime(10_000);
      const after = before.replace('"beat":"000000000000"', `"beat":"00000000000${beat}"`);
      await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe(after), { timeout: 20_000 });
    }
    lock.release();
    vi.advanceTimersByTime(30_000);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('many processes', () => {
  test('when they want it at once, and some end without letting go, then never two are inside', async () => {
    const place = statePlace();
    const names = Array.from({ length: 6 }, (_, number) => `run${number}`);
    const ended = await Promise.all(
      names.map((name) => startChild(process.execPath, [child.file, 'contend', place.directory, name, '6'])),
    );
    expect(ended.map(({ stdout, exitCode }) => [stdout, exitCode])).toEqual(names.map(() => ['', 0]));
  });
});
