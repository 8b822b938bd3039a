import { expect, test } from 'vitest';
import { pointInTime } from '../../../src/agent/server-time.ts';

test.each([
  ['2026-11-01T10:00:00', '2026-11-01T10:00:00'],
  ['2026-11-01T10:00:00.123', '2026-11-01T10:00:00.123'],
  ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00Z'],
  ['2026-11-01T10:00:00+02:00', '2026-11-01T08:00:00Z'],
  ['0001-01-01T00:00:00', null],
  ['0001-01-01T00:00:00Z', null],
  ['yesterday', 'yesterday'],
  [undefined, null],
])(
  'when the server tells %j then that is %j: UTC where it names a zone, and none is made up',
  (text, expected) => {
    expect(pointInTime(text)).toBe(expected);
  },
);
