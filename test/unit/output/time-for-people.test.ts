import { describe, expect, test } from 'vitest';
import { timeForPeople } from '../../../src/output/time-for-people.ts';

describe('times for people', () => {
  test.each([
    ['2026-11-25T22:17:45.123Z', 'Europe/Oslo', '2026-11-25 23:17 CET'],
    ['2026-07-01T22:17:00Z', 'Europe/Oslo', '2026-07-02 00:17 CEST'],
    ['2026-11-25T22:17:00+02:00', 'Europe/Oslo', '2026-11-25 21:17 CET'],
    ['2026-11-25T22:17:00Z', 'UTC', '2026-11-25 22:17 UTC'],
    ['2026-11-25T22:17:00Z', 'Europe/London', '2026-11-25 22:17 GMT'],
    ['2026-11-25T22:17:00Z', 'America/New_York', '2026-11-25 17:17 EST'],
    ['2026-11-25T22:17:00Z', 'Asia/Kathmandu', '2026-11-26 04:02 +05:45'],
    ['2026-11-25T23:00:00Z', 'Asia/Tokyo', '2026-11-26 08:00 +09:00'],
  ])('when %s is told in %s then it is local, with its zone', (text, zone, expected) => {
    expect(timeForPeople(text, zone)).toBe(expected);
  });

  test.each([
    ['2026-11-25T22:17:45', '2026-11-25 22:17'],
    ['2026-11-25T22:17:45.123', '2026-11-25 22:17'],
    ['transaction 17', 'transaction 17'],
    ['2026-13-45T99:99:99Z', '2026-13-45T99:99:99Z'],
    ['', ''],
  ])('when %j names no zone then none is made up', (text, expected) => {
    expect(timeForPeople(text, 'Europe/Oslo')).toBe(expected);
  });
});
