import { expect, test } from 'vitest';
import { runId } from '../../../src/resync/run-id.ts';

test('when runs start one after the other then their names sort by time', () => {
  const early = runId(Date.UTC(2026, 10, 21, 22, 11, 46), 0.999999);
  expect(early).toMatch(/^20261121T221146Z-[0-9a-f]{6}$/);
  expect(early < runId(Date.UTC(2026, 10, 21, 22, 11, 47), 0)).toBe(true);
});
