/** Archives page by page, against servers that do not do as they are asked. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { archivePages } from '../../../src/agent/archive.ts';
import { readCell } from '../../../src/agent/archive-cells.ts';
import { ErpsyncError } from '../../../src/errors.ts';
import type { RawRequests } from '../../../src/transport/raw.ts';

const columns = { id: 'number', name: 'text' } as const;

/** An archive over REST that answers each request with these rows. */
function archive(rowsOf: (request: number) => readonly object[], text?: string) {
  let requests = 0;
  const raw: RawRequests = {
    addressOf: (path) => path,
    send: () =>
      Promise.resolve({
        kind: 'answer',
        status: 200,
        headers: new Map(),
        body: Buffer.from(text ?? JSON.stringify({ value: rowsOf(requests++) })),
        durationMs: 1,
      }),
  };
  const client = { transport: { name: 'rest' } };
  return { access: { client, raw } as never, requests: () => requests };
}

const thousand = (from: number) =>
  Array.from({ length: 1_000 }, (_, index) => ({ id: from + index, name: 'x' }));

async function countRows(access: never): Promise<number> {
  let count = 0;
  for await (const rows of archivePages(access, { provider: 'ErpConnection', columns, filter: '' })) {
    count += rows.length;
  }
  return count;
}

describe('pages', () => {
  test('when there are several then all of them come', async () => {
    const { access } = archive((request) =>
      request < 2 ? thousand(request * 1_000) : [{ id: 1, name: '' }],
    );
    expect(await countRows(access)).toBe(2_001);
  });

  test('when the server answers the same page again and again then it ends with an error', async () => {
    const { access, requests } = archive(() => thousand(0));
    await expect(countRows(access)).rejects.toThrow(/the same rows again/);
    expect(requests()).toBe(2);
  });

  test('when the pages have no end then it ends with an error', async () => {
    const { access } = archive((request) => thousand(request * 1_000).map((row) => ({ ...row, name: '' })));
    await expect(countRows(access)).rejects.toThrow(/more than 1000000 rows/);
  });
});

describe('cells', () => {
  test('when a cell holds anything then it is read by its kind, or is none', () => {
    const value = fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      fc.constantFrom<unknown>({ toString: 1, valueOf: 1 }, '[I:1]', '[DT:01/02/2026 10:00:00]', '[B:x]', [
        true,
      ]),
    );
    fc.assert(
      fc.property(fc.constantFrom('number', 'text', 'flag', 'time'), value, (kind, given) => {
        const cell = readCell(kind, given);
        const types = { number: 'number', text: 'string', flag: 'boolean', time: 'string' };
        if (cell !== null && cell !== undefined) expect(typeof cell).toBe(types[kind]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('when a cell nests beyond all reason then that is an error to act on', async () => {
    const body = `{"value":[{"id":${'['.repeat(50_000)}${']'.repeat(50_000)},"name":"x"}]}`;
    await expect(countRows(archive(() => [], body).access)).rejects.toThrow(ErpsyncError);
  });

  test('when a row lacks a column or holds something else then that is an error to act on', async () => {
    for (const row of [{ id: 1 }, { id: {}, name: 'x' }, { id: 1, name: { toString: 1 } }]) {
      await expect(countRows(archive(() => [row]).access)).rejects.toThrow(ErpsyncError);
    }
  });
});
