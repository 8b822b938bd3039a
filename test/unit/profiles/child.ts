/** The other process in tests of the store: bundled by child-process.ts, its first argument says what to do. */
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { ErpsyncError, errorValue } from '../../../src/errors.ts';
import { withFileLock } from '../../../src/files/file-lock.ts';
import type { Profile } from '../../../src/profiles/profile.ts';
import { openProfileStore } from '../../../src/profiles/store.ts';

const profile: Profile = { url: 'https://crm.example.com', auth: 'basic', username: 'adm' };
const stored = { origin: 'https://crm.example.com:443', secrets: { password: 'x'.repeat(100) } };
const uid = process.getuid?.();

const tasks: Record<string, (...args: string[]) => Promise<void>> = {
  async read(directory = '') {
    await openProfileStore({ directory, uid }).read();
  },

  /** Adds `<prefix>0`, `<prefix>1`, ... */
  async add(directory = '', prefix = '', count = '') {
    const store = openProfileStore({ directory, uid });
    for (let i = 0; i < Number(count); i++) await store.add(`${prefix}${i}`, profile, stored);
  },

  /** Adds and removes a profile until it is killed. */
  async churn(directory = '', name = '') {
    const store = openProfileStore({ directory, uid });
    for (;;) {
      await store.add(name, profile, stored);
      process.stdout.write('.');
      await store.remove(name);
    }
  },

  /** Gives a profile another name and back, until it is killed. */
  async swap(directory = '', one = '', other = '') {
    const store = openProfileStore({ directory, uid });
    for (;;) {
      await store.rename(one, other);
      process.stdout.write('.');
      await store.rename(other, one);
    }
  },

  /** Moves a profile from one address to another and back, its password along, until it is killed. */
  async move(directory = '', name = '') {
    const store = openProfileStore({ directory, uid });
    for (let round = 0; ; round++) {
      const url = `https://host${round % 2}`;
      const secrets = { origin: url, secrets: { password: `for ${url}` } };
      await store.revise(name, () => ({ profile: { ...profile, url }, secrets }));
      process.stdout.write('.');
    }
  },

  /** Takes the lock if it is free or abandoned; else ends with an error. */
  async try(lock = '') {
    await withFileLock(lock, () => process.stdout.write('inside'), { timeoutMs: 0 });
  },

  /** Takes the lock, says so and keeps it until it is killed. */
  async hold(lock = '') {
    await withFileLock(lock, async () => {
      process.stdout.write('held');
      await new Promise(() => setInterval(() => {}, 60_000));
    });
  },

  /**
   * Takes the lock again and again and leaves it each time as an owner does that was killed: with the
   * lock file of a process that has ended. Ends with an error when another process was inside too.
   */
  async contend(lock = '', marker = '', rounds = '', deadPid = '') {
    for (let round = 0; round < Number(rounds); round++) {
      await withFileLock(lock, async () => {
        closeSync(openSync(marker, 'wx'));
        for (let turn = 0; turn < 5; turn++) await setImmediate();
        rmSync(marker);
        const token = `${process.pid}-${round}`;
        const abandoned = { host: hostname(), pid: Number(deadPid), startedAt: 1, token };
        writeFileSync(`${lock}-${process.pid}`, JSON.stringify(abandoned));
        renameSync(`${lock}-${process.pid}`, lock);
      });
    }
  },
};

const [task = '', ...args] = process.argv.slice(2);
Promise.resolve(tasks[task]?.(...args)).catch((error: unknown) => {
  const shown = error instanceof ErpsyncError ? errorValue(error) : { code: String(error) };
  process.stdout.write(JSON.stringify(shown));
  process.exitCode = 1;
});
