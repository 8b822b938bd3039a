import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { takeLock } from '../../../src/resync/owner-set.ts';
import { draftRun, findRun, listRuns, type StoredRun } from '../../../src/resync/run-store.ts';
import { exportRun, importRun } from '../../../src/resync/run-transfer.ts';
import { atNoon, headerOf, statePlace, storeExternalRun, storeRun } from './stored-run.ts';

/** Sends the first request. */
async function begin(run: StoredRun): Promise<void> {
  const journal = await run.openJournal(atNoon);
  const [part] = journal.ledger.parts();
  if (!part) throw new Error('no part');
  await journal.intend(part);
  journal.outcome(part, 'accepted', 0, null);
  await journal.close();
}

async function exported(run: StoredRun): Promise<string> {
  const file = join(statePlace().directory, 'run.gz');
  await exportRun(run, file, atNoon);
  return file;
}

describe('a run that is moved', () => {
  test('when it was taken in then it goes on there, and no longer here', async () => {
    const run = await storeRun(statePlace(), 25, { name: 'nightly' });
    await begin(run);
    const file = await exported(run);
    const there = statePlace();
    await importRun(there, file, atNoon);
    const moved = await findRun(there, 'nightly');
    expect(moved.header).toEqual(run.header);
    const ledger = await moved.readLedger();
    expect([ledger.exportedTo, ledger.count()]).toMatchObject([null, { accepted: 10, planned: 15 }]);
    expect(readFileSync(join(moved.directory, 'keys'))).toEqual(readFileSync(join(run.directory, 'keys')));
    expect((await run.readLedger()).exportedTo).toBe(file);
    await expect(run.openJournal(atNoon)).rejects.toMatchObject({
      code: 'usage',
      message: `run nightly cannot go on here: it was exported to ${file}, and goes on where that was imported`,
    });
    await (await moved.openJournal(atNoon)).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('when it comes back then the one that was exported is replaced', async () => {
    const [here, there] = [statePlace(), statePlace()];
    const run = await storeExternalRun(here, ['a', 'b']);
    const moved = await importRun(there, await exported(run), atNoon);
    await begin(moved);
    const back = await importRun(here, await exported(moved), atNoon);
    expect((await back.readLedger()).count().accepted).toBe(2);
    expect((await back.readLedger()).exportedTo).toBeNull();
  });

  test('when every record is meant then it has no keys, and moves too', async () => {
    const draft = await draftRun(statePlace());
    const run = await draft.commit(headerOf({ kind: 'every-record' }));
    const moved = await importRun(statePlace(), await exported(run), atNoon);
    expect(moved.header.target).toEqual({ kind: 'every-record' });
    expect(existsSync(join(moved.directory, 'keys'))).toBe(false);
  });

  test('when it goes on here then it is not taken in over it', async () => {
    const place = statePlace();
    const file = await exported(await storeRun(place, 5));
    const there = statePlace();
    await importRun(there, file, atNoon);
    await expect(importRun(there, file, atNoon)).rejects.toMatchObject({ code: 'usage' });
    expect((await listRuns(there)).runs).toHaveLength(1);
  });

  test('when somebody works on it then it is not exported', async () => {
    const run = await storeRun(statePlace(), 5);
    await takeLock({ ...run.lock, run: 'x', shard: null }, { waitMs: 0 });
    const file = join(run.directory, 'out.gz');
    await expect(exportRun(run, file, atNoon)).rejects.toMatchObject({ code: 'locked' });
    expect((await run.readLedger()).exportedTo).toBeNull();
  });

  test('when the file is there already then the run goes on here', async () => {
    const run = await storeRun(statePlace(), 5);
    await expect(exportRun(run, join(run.directory, 'keys'), atNoon)).rejects.toMatchObject({
      code: 'usage',
    });
    expect((await run.readLedger()).exportedTo).toBeNull();
  });

  test('when the file cannot be written then the run can be exported again', async () => {
    const run = await storeRun(statePlace(), 5);
    const nowhere = join(run.directory, 'missing', 'run.gz');
    await expect(exportRun(run, nowhere, atNoon)).rejects.toMatchObject({ code: 'storage' });
    expect((await run.readLedger()).exportedTo).toBeNull();
    await importRun(statePlace(), await exported(run), atNoon);
  });

  test('when writing fails in the middle then the run goes on here, and no file is left', async () => {
    const run = await storeRun(statePlace(), 5);
    const keys = join(run.directory, 'keys');
    rmSync(keys);
    mkdirSync(keys);
    await expect(exportRun(run, join(run.directory, 'out.gz'), atNoon)).rejects.toMatchObject({
      code: 'storage',
    });
    const { notes, exportedTo } = await run.readLedger();
    expect([notes.map(({ note }) => note), exportedTo]).toEqual([['exported', 'imported'], null]);
    expect(readdirSync(run.directory).filter((name) => name.startsWith('out.gz'))).toEqual([]);
  });
});

describe('a file that is damaged', () => {
  type Damage = (bytes: Buffer) => Buffer;
  test.each<[string, Damage]>([
    ['cut short', (bytes) => bytes.subarray(0, bytes.length - 20)],
    ['no gzip', () => Buffer.from('x')],
    ['something else', () => gzipSync('{"a":1}\n')],
    ['empty', () => gzipSync('')],
    ['longer', (bytes) => gzipSync(Buffer.concat([gunzipSync(bytes), Buffer.from('{}\n')]))],
    [
      'of other keys',
      (bytes) => {
        const text = gunzipSync(bytes);
        text.writeInt32LE(77, text.indexOf(10) + 1);
        return gzipSync(text);
      },
    ],
  ])('when it is %s then nothing is taken in', async (_, damage) => {
    const file = await exported(await storeRun(statePlace(), 5));
    writeFileSync(file, damage(readFileSync(file)));
    const there = statePlace();
    await expect(importRun(there, file, atNoon)).rejects.toMatchObject({ code: 'usage' });
    expect(await listRuns(there)).toEqual({ runs: [], problems: [] });
  });

  test('when it names a run outside of the directory then it is refused', async () => {
    const file = await exported(await storeRun(statePlace(), 5));
    const text = gunzipSync(readFileSync(file))
      .toString('latin1')
      .replaceAll('20261124T120000Z-0000aa', '../../../20261124T12000');
    writeFileSync(file, gzipSync(Buffer.from(text, 'latin1')));
    const there = statePlace();
    await expect(importRun(there, file, atNoon)).rejects.toThrow('cannot be the id of a run');
    expect((await listRuns(there)).runs).toEqual([]);
  });

  test('when it is missing then that is said', async () => {
    await expect(importRun(statePlace(), '/nowhere/run.gz', atNoon)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
