import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argument, flagName, optional, repeated, toggle, withDefault } from '../../../src/cli/flags.ts';
import { choice, duration, text, wholeNumber } from '../../../src/cli/values.ts';

const usage = { code: 'usage', exitCode: 2 };

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['2147483647ms', 2_147_483_647],
    ['596h', 2_145_600_000],
  ])('when %s is given then it is %d ms', (given, ms) => {
    expect(duration().parse(given, '--timeout')).toBe(ms);
  });

  test.each([
    '',
    '5',
    '0s',
    '-1s',
    '1.5s',
    '25d',
    '5 s',
    ' 5s',
    '5S',
    '1e3ms',
    '５s',
    '597h',
    '2147483648ms',
    '9999999999h',
    '5toString',
  ])('when %j is given then flag, text and form are named', (given) => {
    expect(() => duration().parse(given, '--timeout')).toThrow(
      expect.objectContaining({
        ...usage,
        message: `--timeout cannot be used: ${JSON.stringify(given)} is not a duration`,
        next: 'write it as 500ms, 30s, 5m, 1h or 2d, up to 24d',
      }),
    );
  });
});

describe('whole numbers', () => {
  test('when a number in range is given then it is read', () => {
    const range = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map((three) => three.sort((a, b) => a - b));
    fc.assert(
      fc.property(range, ([min = 0, number = 0, max = 0]) => {
        expect(wholeNumber('n', min, max).parse(String(number), '--n')).toBe(number);
      }),
    );
  });

  test('when any text is given then it is a number in range in ASCII digits, or an error of use', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0123456789-+.eEx _１٣'), maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (given) => {
        let number: number;
        try {
          number = wholeNumber('n', 3, 70_000).parse(given, '--n');
        } catch (error) {
          expect(error).toMatchObject(usage);
          return;
        }
        expect(given).toMatch(/^[0-9]+$/);
        expect(number >= 3 && number <= 70_000 && BigInt(given) === BigInt(number)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('words', () => {
  const colour = choice('colour', ['red', 'blue']);

  test.each(['Red', 'red ', '', 'toString', 'redblue'])(
    'when %j is none of the choices then they are named',
    (given) => {
      expect(() => colour.parse(given, '--colour')).toThrow(
        expect.objectContaining({
          ...usage,
          message: `--colour cannot be used: ${JSON.stringify(given)} is not one of red, blue`,
        }),
      );
    },
  );

  test('when it is one of them then it is read', () => {
    expect(colour.parse('blue', '--colour')).toBe('blue');
  });

  test.each(['', ' ', '\t\n', '\u00a0'])('when a text is %j then it is empty', (given) => {
    expect(() => text('name').parse(given, '--name')).toThrow(
      expect.objectContaining({
        ...usage,
        message: '--name cannot be used: it is empty',
        next: 'give it a value: <name>',
      }),
    );
  });

  test('when a text has blanks around it then they stay', () => {
    expect(text('name').parse(' a ', '--name')).toBe(' a ');
  });
});

describe('flags', () => {
  const number = wholeNumber('n', 1, 9);

  test('when they are not given then each kind has its own way', () => {
    expect([
      toggle('x').read([], '--x'),
      optional(number, 'x').read([], '--x'),
      withDefault(number, '7', 'x').read([], '--x'),
      repeated(number, 'x').read([], '--x'),
    ]).toEqual([false, undefined, 7, []]);
  });

  test('when they are given then their values are read, in order', () => {
    expect([
      toggle('x').read(['', ''], '--x'),
      optional(number, 'x').read(['3'], '--x'),
      withDefault(number, '7', 'x').read(['3'], '--x'),
      repeated(number, 'x').read(['3', '1', '3'], '--x'),
    ]).toEqual([true, 3, 3, [3, 1, 3]]);
  });

  test('when an argument is missing then it is named', () => {
    expect(() => argument(text('name'), 'a stored profile').read([], '<name>')).toThrow(
      expect.objectContaining({ ...usage, message: expect.stringContaining('<name> is missing') }),
    );
  });

  test.each([
    ['idsFile', '--ids-file'],
    ['url', '--url'],
    ['noCheck', '--no-check'],
    ['appTokenStdin', '--app-token-stdin'],
  ])('when the key is %s then it is typed as %s', (key, typed) => {
    expect(flagName(key)).toBe(typed);
  });
});
