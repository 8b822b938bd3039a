/** Runs in a state directory of their own, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { spoolExternalKeys, spoolInternalKeys } from '../../../src/resync/key-spool.ts';
import type { RunHeader, StoredTarget } from '../../../src/resync/run-header.ts';
import { draftRun, type RunPlace, type StoredRun } from '../../../src/resync/run-store.ts';

/** A state directory that is removed when the test has finished. */
export function statePlace(): RunPlace {
  const directory = mkdtempSync(join(tmpdir(), 'erpsync-state-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory, uid: process.getuid?.() };
}

/** A time of day. */
export const noon = Date.parse('2026-11-24T12:00:00Z');
export const atNoon = (): number => noon;

/** A header with what a test says. */
export function headerOf(target: StoredTarget, more: Partial<RunHeader> = {}): RunHeader {
  return {
    id: '20261124T120000Z-0000aa',
    name: null,
    createdAt: '2026-11-24T12:00:00.000Z',
    program: '0.1.0',
    profile: 'prod',
    tenant: 'https://crm.example.com',
    url: 'https://crm.example.com',
    transport: 'rest',
    operation: 'ForceResyncBatchTask',
    source: { connectionId: 124, name: 'Visma "Net"' },
    target,
    chunkSize: 10,
    shard: null,
    settings: { concurrency: 4, split: true, rate: null, mode: 'batch' },
    ...more,
  };
}

/** Stores a run with the keys 1 to `count`. */
export async function storeRun(
  place: RunPlace,
  count: number,
  more: Partial<RunHeader> = {},
): Promise<StoredRun> {
  const draft = await draftRun(place);
  const options = { maxKeys: 1e7, where: '--ids', shard: null };
  const spooled = await spoolInternalKeys(draft.keysFile, [[{ first: 1, last: count }]], options);
  const { given, sha256 } = spooled;
  return draft.commit(headerOf({ kind: 'internal-keys', count, given, sha256, unresolved: 0 }, more));
}

/** Stores a run with ERP keys. */
export async function storeExternalRun(place: RunPlace, keys: readonly string[]): Promise<StoredRun> {
  const draft = await draftRun(place);
  const cells = keys.map((text, index) => ({ text, line: index + 1 }));
  const options = { maxKeys: 1e7, where: 'keys.csv', shard: null };
  const { count, given, sha256 } = await spoolExternalKeys(draft.keysFile, [cells], options);
  const target = {
    kind: 'external-keys',
    actorType: 'Customer',
    count,
    given,
    sha256,
    unresolved: 0,
  } as const;
  return draft.commit(headerOf(target, { operation: 'ForceResyncExternal' }));
}
