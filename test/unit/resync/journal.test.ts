import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { entryError } from '../../../src/resync/journal-entries.ts';
import type { StoredRun } from '../../../src/resync/run-store.ts';
import { startChild, unprivileged, useChildBundle } from '../profiles/child-process.ts';
import { atNoon, statePlace, storeRun } from './stored-run.ts';

const child = useChildBundle(join(import.meta.dirname, 'run-child.ts'));
const rest = { unknown: false, rejected: false, failed: false };

const fileOf = (run: StoredRun): string => join(run.directory, 'journal.ndjson');
const linesOf = (run: StoredRun): string[] => readFileSync(fileOf(run), 'utf8').trimEnd().split('\n');

describe('a journal', () => {
  test('when an intent was written then it is in the file before anything is sent', async () => {
    const run = await storeRun(statePlace(), 25);
    const journal = await run.openJournal(atNoon);
    await journal.intend({ request: 1, from: 0, count: 10 });
    expect(linesOf(run)[1]).toBe(
      '{"at":"2026-11-24T12:00:00.000Z","event":"intent","request":1,"from":0,"count":10,"attempt":1}',
    );
    await journal.close();
  });

  test('when many intents come at once then all are in the file, and one sync does for all that wait', async () => {
    const run = await storeRun(statePlace(), 1000);
    const journal = await run.openJournal(atNoon);
    await Promise.all(journal.ledger.toSend(rest).map((part) => journal.intend(part)));
    expect(linesOf(run)).toHaveLength(101);
    await journal.close();
    expect((await run.readLedger()).count()).toMatchObject({ unknown: 1000 });
  });

  test('when many intents come at once then each waits for a sync, and all of them for the same', async () => {
    const run = await storeRun(statePlace(), 1000);
    const journal = await run.openJournal(atNoon);
    const handle = await open(fileOf(run));
    const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
    onTestFinished(() => sync.mockRestore());
    await handle.close();
    const parts = journal.ledger.toSend(rest);
    const synced: number[] = [];
    await Promise.all(
      parts.map(async (part) => {
        await journal.intend(part);
        synced.push(sync.mock.settledResults.filter(({ type }) => type === 'fulfilled').length);
      }),
    );
    expect(synced).toEqual(parts.map(() => 1));
    await journal.close();
    expect(sync).toHaveBeenCalledTimes(1);
  });

  test('when an outcome was written then it is synced at the end', async () => {
    const run = await storeRun(statePlace(), 10);
    const journal = await run.openJournal(atNoon);
    const [part] = journal.ledger.parts();
    if (!part) throw new Error('no part');
    await journal.intend(part);
    const handle = await open(fileOf(run));
    const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
    onTestFinished(() => sync.mockRestore());
    await handle.close();
    journal.outcome(part, 'accepted', 0, null);
    await journal.close();
    expect(sync).toHaveBeenCalledTimes(1);
    expect((await run.readLedger()).finished).toBe(true);
  });

  test('when it is closed and opened then it goes on where it was, with the error that was met', async () => {
    const run = await storeRun(statePlace(), 25);
    const journal = await run.openJournal(atNoon);
    const [first, second] = journal.ledger.toSend(rest);
    if (!first || !second) throw new Error('no parts');
    await journal.intend(first);
    await journal.intend(second);
    const error = new ErpsyncError('rejected', {
      what: 'n'.repeat(2000),
      why: 'so',
      next: 'look',
      httpStatus: 400,
    });
    journal.outcome(first, 'rejected', 1, entryError(error));
    journal.outcome(second, 'split', 0, entryError(error));
    await journal.note('interrupted', 'SIGTERM');
    await journal.close();
    const again = await run.openJournal(atNoon);
    expect(again.ledger.partsOf(0)).toMatchObject([
      {
        state: 'rejected',
        retries: 1,
        error: { code: 'rejected', message: `${'n'.repeat(500)}...`, httpStatus: 400 },
      },
    ]);
    expect(again.ledger.toSend(rest)).toMatchObject([
      { request: 1, from: 0, count: 5 },
      { request: 1, from: 5, count: 5 },
      { request: 2, from: 0, count: 5 },
    ]);
    expect(again.ledger.notes).toMatchObject([{ note: 'interrupted', detail: 'SIGTERM' }]);
    await again.close();
  });

  test('when its last line is torn then that is cut off before anything is appended', async () => {
    const run = await storeRun(statePlace(), 25);
    appendFileSync(fileOf(run), '{"at":"2026-11-24T12:00:00.000Z","event":"int');
    const journal = await run.openJournal(atNoon);
    await journal.note('resumed');
    await journal.close();
    expect(linesOf(run)).toHaveLength(2);
    expect((await run.readLedger()).notes).toHaveLength(1);
  });

  test('when its head is gone then that is told, not taken for a run that sent nothing', async () => {
    const run = await storeRun(statePlace(), 25);
    truncateSync(fileOf(run), 0);
    await expect(run.openJournal(atNoon)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(`${fileOf(run)}, line 1`),
    });
  });
});

describe('a disk that fails', () => {
  test('when a sync fails then that intent and all later ones are refused, and leave no trace', async () => {
    const run = await storeRun(statePlace(), 30);
    const journal = await run.openJournal(atNoon);
    const [first, second, third] = journal.ledger.parts();
    if (!first || !second || !third) throw new Error('no parts');
    await journal.intend(first);
    const handle = await open(fileOf(run));
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync').mockRejectedValue(full);
    onTestFinished(() => sync.mockRestore());
    await handle.close();
    const storage = {
      code: 'storage',
      exitCode: 14,
      next: 'make room on that disk, and run the same command again',
    };
    await expect(journal.intend(second)).rejects.toMatchObject(storage);
    sync.mockRestore();
    await expect(journal.intend(third)).rejects.toMatchObject(storage);
    await expect(journal.note('finished')).rejects.toMatchObject(storage);
    expect(journal.failure).toMatchObject(storage);
    expect([...journal.ledger.parts()].map(({ state }) => state)).toEqual(['unknown', 'unsent', 'planned']);
    expect(linesOf(run)).toHaveLength(2);
    // What was in flight is written as soon as there is room again; the run still ends with the error.
    journal.outcome(first, 'accepted', 0, null);
    await expect(journal.close()).rejects.toMatchObject(storage);
    expect([...(await run.readLedger()).parts()].map(({ state }) => state)).toEqual([
      'accepted',
      'planned',
      'planned',
    ]);
  });

  /** Runs the child with files limited to `kilobytes`. */
  const sendWithin = (kilobytes: number, directory: string, id: string) =>
    startChild('bash', [
      '-c',
      `ulimit -f ${kilobytes}; exec "$@"`,
      'bash',
      process.execPath,
      child.file,
      'send',
      directory,
      id,
    ]);

  test('when the journal cannot grow then what was sent has an intent in it, and nothing else was sent', async () => {
    const place = statePlace();
    const run = await storeRun(place, 1000);
    const { stdout, exitCode } = await sendWithin(4, place.directory, run.header.id);
    const sent = stdout.split('\n').filter((line) => /^\d+$/.test(line));
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({
      code: 'storage',
      exitCode: 14,
      message: expect.stringContaining('journal.ndjson'),
      hint: expect.stringContaining('ulimit -f'),
    });
    const ledger = await run.readLedger();
    const tried = [...ledger.parts()]
      .filter(({ attempts }) => attempts > 0)
      .map(({ request }) => String(request));
    expect(sent.length).toBeGreaterThan(5);
    expect(tried).toEqual(sent);
  });

  test('when the disk had room again then the run goes on with what is missing', async () => {
    const place = statePlace();
    const run = await storeRun(place, 1000);
    await sendWithin(4, place.directory, run.header.id);
    const before = (await run.readLedger()).toSend(rest).map(({ request }) => String(request));
    const { stdout } = await startChild(process.execPath, [
      child.file,
      'send',
      place.directory,
      run.header.id,
    ]);
    expect(stdout.trim().split('\n')).toEqual(before);
    const { planned, accepted, unknown } = (await run.readLedger()).count();
    expect([planned, accepted + unknown]).toEqual([0, 1000]);
  });

  const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
  test.runIf(canMount)('when the disk is full then it says so, and the request is not sent', async () => {
    const place = statePlace();
    const run = await storeRun(place, 5000);
    const full =
      'mount -t tmpfs -o size=64k tmpfs "$1" && cp -a "$2/." "$1" && exec "$3" "$4" send "$1" "$5"';
    const mounted = statePlace().directory;
    const { id } = run.header;
    const words = ['bash', mounted, place.directory, process.execPath, child.file, id];
    const { stdout } = await startChild('unshare', ['-rm', 'bash', '-c', full, ...words]);
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('ENOSPC'),
      hint: 'make room on that disk, and run the same command again',
    });
  });

  test('when the state directory is read-only then nothing is sent', async () => {
    const place = statePlace();
    const run = await storeRun(place, 25);
    const user = unprivileged(place.directory, join(place.directory, 'runs'), run.directory);
    for (const name of readdirSync(run.directory)) {
      const file = join(run.directory, name);
      if (user.uid !== undefined) chownSync(file, user.uid, user.uid);
      chmodSync(file, 0o400);
    }
    const started = await startChild(
      process.execPath,
      [child.file, 'send', place.directory, run.header.id],
      user,
    );
    expect(JSON.parse(started.stdout)).toMatchObject({
      code: 'storage',
      hint: expect.stringContaining('ERPSYNC_STATE_DIR'),
    });
  });
});

describe('a process that is killed', () => {
  test('when it is killed at any moment then everything it sent is told, and a resume sends the rest', async () => {
    for (let round = 0; round < 6; round++) {
      const place = statePlace();
      const run = await storeRun(place, 20_000);
      const started = startChild(process.execPath, [child.file, 'send', place.directory, run.header.id]);
      let output = '';
      started.stdout.on('data', (text) => {
        output += text;
        if (output.length > 40 + 300 * round) started.kill('SIGKILL');
      });
      await started;
      const sent = output.split('\n').slice(0, -1).map(Number);
      expect(sent.length).toBeGreaterThan(0);
      const journal = await run.openJournal(atNoon);
      for (const request of sent) {
        expect(['accepted', 'unknown']).toContain(journal.ledger.partsOf(request)[0]?.state);
      }
      // At most the one whose intent was written just then was not sent, and it is not called planned.
      const planned = journal.ledger.toSend(rest).map(({ request }) => request);
      expect(planned.some((request) => sent.includes(request))).toBe(false);
      expect(planned.length + sent.length).toBeGreaterThanOrEqual(2000 - 1);
      await journal.close();
      rmSync(place.directory, { recursive: true });
    }
  });

  test('when it is killed while the keys are written then no run is there, and the next one sweeps up', async () => {
    const place = statePlace();
    const runs = join(place.directory, 'runs');
    const started = startChild(process.execPath, [
      child.file,
      'make',
      place.directory,
      '20261124T120000Z-0000ff',
      '90000000',
    ]);
    started.stdout.once('data', () => started.kill('SIGKILL'));
    await started;
    expect(readdirSync(runs).filter((name) => name.startsWith('.new-'))).toHaveLength(1);
    const run = await storeRun(place, 10);
    expect(readdirSync(runs)).toEqual([run.header.id]);
    expect(statSync(run.directory).mode & 0o777).toBe(0o700);
  });
});
