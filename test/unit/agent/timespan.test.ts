import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatClock, formatIso, formatTimeSpan, parseTimeSpan } from '../../../src/agent/timespan.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** What a TimeSpan of .NET can hold. */
const anyMs = fc.integer({ min: -922_337_203_685_477, max: 922_337_203_685_477 });

describe('what can be read', () => {
  test.each<[string, number]>([
    ['0:15', 15 * minute],
    ['00:15', 15 * minute],
    ['00:15:00', 15 * minute],
    ['0:1:2', minute + 2 * second],
    ['23:59:59', day - second],
    ['36:00:00', 36 * hour],
    ['1.02:03:04', day + 2 * hour + 3 * minute + 4 * second],
    ['1.00:15', day + 15 * minute],
    ['00:00:00.5', 500],
    ['00:00:01.2345678', 1_235],
    ['10675199.02:48:05.477', 922_337_203_685_477],
    ['-00:15:00', -15 * minute],
    ['-1.00:00:00', -day],
    ['PT15M', 15 * minute],
    ['PT0S', 0],
    ['-PT0S', 0],
    ['P1D', day],
    ['P1DT2H3M4.5S', day + 2 * hour + 3 * minute + 4_500],
    ['PT36H', 36 * hour],
    ['PT90S', 90 * second],
    ['PT0.5S', 500],
    ['-PT15M', -15 * minute],
  ])('when the text is %s then it is %i ms', (text, ms) => {
    expect(parseTimeSpan(text)).toBe(ms);
  });

  test.each([
    ...[
      '',
      ' ',
      '15',
      '15m',
      '1.5',
      '15:',
      ':15',
      '00:60',
      '00:00:60',
      '1.24:00:00',
      '00:15:00 ',
      ' 00:15:00',
    ],
    ...[
      '1:00:15:00',
      '+00:15:00',
      '--00:15',
      '00:-15',
      '00:15:00.',
      '00:15.5',
      '00:015',
      '１:00',
      '00:15:00\n',
    ],
    ...[
      'P',
      'PT',
      '-P',
      'P1DT',
      'PT1',
      'P1',
      'P1M',
      'P1Y',
      'P1W',
      'pt15m',
      'PT1.5H',
      'PT15M1H',
      'PT,5S',
      'PT1S1S',
    ],
    ...['10675200.00:00:00', 'P10675200D', 'PT99999999999999S', '99999999999:00', 'soon', '00:15:00Z'],
  ])('when the text is %j then it is no duration', (text) => {
    expect(parseTimeSpan(text)).toBeUndefined();
  });

  test('when the text is anything then it is read or not, and never throws', () => {
    const piece = fc.constantFrom(
      'P',
      'T',
      'D',
      'H',
      'M',
      'S',
      ':',
      '.',
      '-',
      '0',
      '1',
      '59',
      '99999999',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const ms = parseTimeSpan(text);
          expect(ms === undefined || Number.isSafeInteger(ms)).toBe(true);
        },
      ),
    );
  });
});

describe('what is written', () => {
  test.each<[number, string, string]>([
    [0, '00:00:00', 'PT0S'],
    [15 * minute, '00:15:00', 'PT15M'],
    [day - second, '23:59:59', 'PT23H59M59S'],
    [day, '1.00:00:00', 'P1D'],
    [day + 2 * hour + 3 * minute + 4 * second, '1.02:03:04', 'P1DT2H3M4S'],
    [5, '00:00:00.005', 'PT0.005S'],
    [minute + 500, '00:01:00.500', 'PT1M0.500S'],
    [-15 * minute, '-00:15:00', '-PT15M'],
    [-day - 1, '-1.00:00:00.001', '-P1DT0.001S'],
  ])('when %i ms are written then both forms are these', (ms, clock, iso) => {
    expect([formatClock(ms), formatIso(ms)]).toEqual([clock, iso]);
    expect([formatTimeSpan(ms, 'clock'), formatTimeSpan(ms, 'iso')]).toEqual([clock, iso]);
  });

  test.each([
    ['clock', formatClock, /^-?(?:[1-9]\d*\.)?[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{3})?$/],
    ['iso', formatIso, /^-?P(?:[1-9]\d*D)?(?:T(?:[1-9]\d*H)?(?:[1-9]\d*M)?(?:\d+(?:\.\d{3})?S)?)?$/],
  ] as const)(
    'when anything is written as %s then it has that form and reads the same',
    (_, format, form) => {
      fc.assert(
        fc.property(fc.oneof(anyMs, fc.integer()), (ms) => {
          const text = format(ms);
          expect(text).toMatch(form);
          expect(parseTimeSpan(text)).toBe(ms);
        }),
      );
    },
  );
});
