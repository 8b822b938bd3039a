import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeLock } from '../../../src/resync/owner-set.ts';
import { checkUnchanged } from '../../../src/resync/run-header.ts';
import { pruneRuns } from '../../../src/resync/run-pruning.ts';
import { latestRun } from '../../../src/resync/run-search.ts';
import { draftRun, findRun, listRuns, runNamed, type StoredRun } from '../../../src/resync/run-store.ts';
import { atNoon, headerOf, noon, statePlace, storeExternalRun, storeRun } from './stored-run.ts';

const id = (number: number): string => `20261124T120000Z-${number.toString(16).padStart(6, '0')}`;
const day = 24 * 60 * 60 * 1000;

async function finish(run: StoredRun, now: () => number): Promise<void> {
  const journal = await run.openJournal(now);
  for (const part of journal.ledger.toSend({ unknown: false, rejected: false, failed: false })) {
    await journal.intend(part);
    journal.outcome(part, 'accepted', 0, null);
  }
  await journal.close();
}

describe('a stored run', () => {
  test('when it is read then it is what was stored', async () => {
    const place = statePlace();
    const { header } = await storeRun(place, 25, { name: 'nightly', shard: { index: 2, count: 3 } });
    expect((await findRun(place, header.id)).header).toEqual(header);
    expect((await findRun(place, 'nightly')).header).toEqual(header);
  });

  test('when it is looked at then nobody else may read it', async () => {
    const { directory } = await storeRun(statePlace(), 25);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).toSorted()).toEqual(['journal.ndjson', 'keys', 'run.json']);
  });

  test('when a part is asked for then its keys come from the file', async () => {
    const keys = await (await storeRun(statePlace(), 25)).openKeys();
    expect(await keys.keysOf({ request: 0, from: 0, count: 2 })).toEqual(Int32Array.of(1, 2));
    expect(await keys.keysOf({ request: 2, from: 3, count: 2 })).toEqual(Int32Array.of(24, 25));
    await keys.close();
  });

  test('when ERP keys are stored then each part has its own, whatever is in them', async () => {
    const odd = [' a ', 'a', '#1', '"', 'Ærøskøbing', '1-5', ',', '🙂'];
    const given = [...odd, ...Array.from({ length: 2000 }, (_, number) => `K${number}`)];
    const run = await storeExternalRun(statePlace(), [...given, ...odd]);
    expect(run.header.target).toMatchObject({ count: 2008, given: 2016, actorType: 'Customer' });
    const keys = await run.openKeys();
    const read: unknown[] = [];
    for (const part of (await run.readLedger()).parts()) read.push(...((await keys.keysOf(part)) ?? []));
    expect(read).toEqual(given);
    await keys.close();
  });

  test('when the key file is cut short then it is not read as fewer keys', async () => {
    const run = await storeRun(statePlace(), 25);
    truncateSync(join(run.directory, 'keys'), 96);
    await expect(run.openKeys()).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('damaged'),
    });
  });

  test('when every record is meant then its one part has no keys', async () => {
    const draft = await draftRun(statePlace());
    const run = await draft.commit(headerOf({ kind: 'every-record' }));
    const keys = await run.openKeys();
    const [part, ...others] = (await run.readLedger()).parts();
    expect(others).toEqual([]);
    expect(part && (await keys.keysOf(part))).toBeNull();
  });

  test('when its file says that it has no keys then it is refused, since that would mean every record', async () => {
    const place = statePlace();
    const run = await storeRun(place, 25);
    const file = join(run.directory, 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"count": 25', '"count": 0'));
    await expect(findRun(place, run.header.id)).rejects.toMatchObject({ code: 'config' });
  });

  test('when it was written by a newer version then that is said, and the other runs are listed', async () => {
    const place = statePlace();
    await storeRun(place, 5, { id: id(1) });
    const newer = await storeRun(place, 5, { id: id(2) });
    const file = join(newer.directory, 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 1', '"format": 9'));
    const { runs, problems } = await listRuns(place);
    expect(runs.map(({ header }) => header.id)).toEqual([id(1)]);
    expect(problems).toMatchObject([{ code: 'config', next: expect.stringContaining('newer') }]);
  });

  test('when others may read its file then it is refused', async () => {
    const place = statePlace();
    const run = await storeRun(place, 5);
    chmodSync(join(run.directory, 'run.json'), 0o644);
    await expect(findRun(place, run.header.id)).rejects.toMatchObject({ code: 'config' });
  });

  test.each(['../../etc', '20261124T120000Z-ffffff', 'nobody'])(
    'when %s is asked for then there is no such run',
    async (wanted) => {
      const place = statePlace();
      await storeRun(place, 5);
      await expect(findRun(place, wanted)).rejects.toMatchObject({ code: 'usage' });
      expect(await runNamed(place, wanted)).toBeUndefined();
    },
  );

  test('when no run was ever stored then there is none, and nothing is made', async () => {
    const place = statePlace();
    expect(await listRuns(place)).toEqual({ runs: [], problems: [] });
    expect(readdirSync(place.directory)).toEqual([]);
  });

  test('when two runs are to have one name then the second is none', async () => {
    const place = statePlace();
    await storeRun(place, 5, { id: id(1), name: 'nightly' });
    await expect(storeRun(place, 5, { id: id(2), name: 'nightly' })).rejects.toMatchObject({ code: 'usage' });
    expect((await listRuns(place)).runs).toHaveLength(1);
  });

  test('when a source fails then the draft leaves nothing behind', async () => {
    const place = statePlace();
    const draft = await draftRun(place);
    await draft.discard();
    expect(readdirSync(join(place.directory, 'runs'))).toEqual([]);
  });
});

describe('taking a run up again', () => {
  test('when all is as it was then it goes on', async () => {
    const { header } = await storeRun(statePlace(), 5);
    expect(() => checkUnchanged(header, header)).not.toThrow();
  });

  test('when tenant, source, operation or keys are others then all that differs is named', async () => {
    const { header } = await storeRun(statePlace(), 5);
    const { header: other } = await storeRun(statePlace(), 6);
    const now = {
      tenant: 'https://other',
      source: { connectionId: 0 },
      operation: 'ForceResync',
      target: other.target,
    } as const;
    expect(() => checkUnchanged(header, now)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringMatching(/https:\/\/other.*SuperOffice CRM.*ForceResync.*other keys/),
      }),
    );
  });

  test('when the same keys are given then their digest is the same', async () => {
    const { header } = await storeRun(statePlace(), 2);
    const sha256 = createHash('sha256')
      .update(Buffer.from([1, 0, 0, 0, 2, 0, 0, 0]))
      .digest('hex');
    expect(header.target).toMatchObject({ sha256 });
  });
});

describe('the latest run', () => {
  const createdAt = (hour: number): string => `2026-11-24T${hour}:00:00.000Z`;

  test('when there are several then the one started last is meant, of a profile or of any', async () => {
    const place = statePlace();
    await storeRun(place, 5, { id: id(1), profile: 'test', createdAt: createdAt(13) });
    await storeRun(place, 5, { id: id(2), profile: 'prod', createdAt: createdAt(12) });
    const latest = async (profile: string | undefined) =>
      (await latestRun(place, { profile, unfinished: false })).header.id;
    expect([await latest(undefined), await latest('prod'), await latest('test')]).toEqual([
      id(1),
      id(2),
      id(1),
    ]);
    await expect(latest('other')).rejects.toMatchObject({
      code: 'usage',
      what: 'there is no run of profile "other"',
      why: `${join(place.directory, 'runs')} holds none`,
    });
  });

  test('when it has to be unfinished then those with nothing to do are passed over', async () => {
    const place = statePlace();
    const open = await storeRun(place, 5, { id: id(1), createdAt: createdAt(12) });
    const done = await storeRun(place, 5, { id: id(2), createdAt: createdAt(13) });
    await finish(done, atNoon);
    const wish = { profile: 'prod', unfinished: true };
    expect((await latestRun(place, wish)).header.id).toBe(id(1));
    await finish(open, atNoon);
    await expect(latestRun(place, wish)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('pruning', () => {
  test('when finished runs are older than 90 days then they are removed, and no others', async () => {
    const place = statePlace();
    const old = await storeRun(place, 5, { id: id(1) });
    const recent = await storeRun(place, 5, { id: id(2) });
    const unfinished = await storeRun(place, 5, { id: id(3) });
    await finish(old, atNoon);
    await finish(recent, () => noon + 2 * day);
    const removed = await pruneRuns(place, { now: noon + 91 * day });
    expect(removed.map(({ header }) => header.id)).toEqual([id(1)]);
    expect([old, recent, unfinished].map(({ directory }) => existsSync(directory))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('when somebody works on a run then it stays', async () => {
    const place = statePlace();
    const run = await storeRun(place, 5);
    await finish(run, atNoon);
    const lock = await takeLock({ ...run.lock, run: 'x', shard: null }, { waitMs: 0 });
    expect(await pruneRuns(place, { now: noon + 91 * day })).toEqual([]);
    lock.release();
    expect(await pruneRuns(place, { now: noon + 91 * day })).toHaveLength(1);
  });
});
