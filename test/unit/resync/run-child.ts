/** The other process in tests of runs and locks: bundled by useChildBundle, its first argument says what to do. */
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { ErpsyncError, errorValue } from '../../../src/errors.ts';
import { spoolExternalKeys, spoolInternalKeys } from '../../../src/resync/key-spool.ts';
import { takeLock, tenantLock } from '../../../src/resync/owner-set.ts';
import { draftRun, findRun } from '../../../src/resync/run-store.ts';
import { targetSource } from '../../../src/resync/target.ts';

/** The most memory of this program; what the system tells of the process begins with that of the one that started it. */
function peakMb(): number {
  const own = '/proc/self/status';
  const [, kilobytes] = existsSync(own) ? (/^VmHWM:\s*(\d+)/m.exec(readFileSync(own, 'latin1')) ?? []) : [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}

const uid = process.getuid?.();
const tenant = 'https://crm.example.com';

const tasks: Record<string, (...args: string[]) => Promise<void>> = {
  /** Sends every request of a run, as far as the disk allows; each sent one is told on standard output. */
  async send(directory = '', id = '') {
    const run = await findRun({ directory, uid }, id);
    const journal = await run.openJournal(Date.now);
    try {
      for (const part of journal.ledger.toSend({ unknown: false, rejected: false, failed: false })) {
        await journal.intend(part);
        process.stdout.write(`${part.request}\n`);
        journal.outcome(part, 'accepted', 0, null);
      }
    } finally {
      await journal.close();
    }
  },

  /** Makes a run of the keys 1 to `count`. */
  async make(directory = '', id = '', count = '') {
    const draft = await draftRun({ directory, uid });
    process.stdout.write('drafted');
    const options = { maxKeys: 1e9, where: '--ids', shard: null };
    const ranges = [[{ first: 1, last: Number(count) }]];
    const { elsewhere: _, ...keys } = await spoolInternalKeys(draft.keysFile, ranges, options);
    await draft.commit({
      id,
      name: 'nightly',
      createdAt: new Date().toISOString(),
      program: '0',
      profile: null,
      tenant,
      url: tenant,
      transport: 'rest',
      operation: 'ForceResyncBatchTask',
      source: { connectionId: 0, name: null },
      target: { kind: 'internal-keys', ...keys, unresolved: 0 },
      chunkSize: 1000,
      shard: null,
      settings: {},
    });
  },

  /** Takes in a file of keys, and tells its peak of memory in MB. */
  async spool(directory = '', kind = '', file = '') {
    const draft = await draftRun({ directory, uid });
    const erp = kind === 'external';
    const source = targetSource({
      ids: [],
      idsFile: erp ? undefined : file,
      externalKeys: [],
      externalKeysFile: erp ? file : undefined,
      actorType: erp ? 'Customer' : undefined,
      company: [],
      person: [],
      project: [],
      sale: [],
      all: false,
      format: undefined,
      column: undefined,
      maxKeys: 20_000_000,
      openStdin: () => process.stdin,
    });
    if (source.kind === 'every-record' || source.kind === 'crm-records') throw new Error('no keys');
    const options = { maxKeys: 20_000_000, where: source.where, shard: null };
    const { count } =
      source.kind === 'internal-keys'
        ? await spoolInternalKeys(draft.keysFile, source.ranges, options)
        : await spoolExternalKeys(draft.keysFile, source.cells, options);
    await draft.discard();
    process.stdout.write(JSON.stringify({ count, peakMb: peakMb() }));
  },

  /** Takes the tenant's lock, says so and keeps it until it is killed. */
  async hold(directory = '', run = '', index = '', count = '') {
    const shard = count === '' ? null : { index: Number(index), count: Number(count) };
    await takeLock({ ...tenantLock({ directory, uid }, tenant), run, shard }, { waitMs: 0 });
    process.stdout.write('held');
    await new Promise(() => setInterval(() => {}, 60_000));
  },

  /** Takes the lock again and again; ends with an error when another process was inside too. */
  async contend(directory = '', run = '', rounds = '') {
    const marker = `${directory}/marker`;
    for (let round = 0; round < Number(rounds); round++) {
      const wish = { ...tenantLock({ directory, uid }, tenant), run, shard: null };
      const lock = await takeLock(wish, { waitMs: 50_000 });
      closeSync(openSync(marker, 'wx'));
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      lock.check();
      rmSync(marker);
      // The last time it is left as by an owner that was killed.
      if (round < Number(rounds) - 1) lock.release();
    }
  },
};

const [task = '', ...args] = process.argv.slice(2);
Promise.resolve(tasks[task]?.(...args)).catch((error: unknown) => {
  const shown = error instanceof ErpsyncError ? errorValue(error) : { code: String(error) };
  process.stdout.write(JSON.stringify(shown));
  process.exitCode = 1;
});
