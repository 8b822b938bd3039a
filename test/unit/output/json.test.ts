import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonDocument, jsonLine, paintedText, printable, printableText } from '../../../src/output/json.ts';
import { steering } from '../../support/expectations.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      '\u001b',
      '\u009b',
      '\u202e',
      '\u2066',
      '\r',
      '\n',
      '\t',
      '\u007f',
      '\ufeff',
      '"',
      '\\',
    ),
  }),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(text, tie('value'), { noNullPrototype: true }),
  ),
})).value;

describe('JSON', () => {
  test('when any value is written then nothing in it steers a terminal, and it reads back the same', () => {
    fc.assert(
      fc.property(value, (given) => {
        const expected = JSON.parse(JSON.stringify(given));
        for (const written of [jsonDocument(given), jsonLine(given)]) {
          expect(written).not.toMatch(steering);
          expect(written).not.toContain('\ufeff');
          expect(JSON.parse(written)).toEqual(expected);
        }
      }),
    );
  });

  test('when a value is written as a line then it is one', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(jsonLine(given).indexOf('\n')).toBe(jsonLine(given).length - 1);
      }),
    );
  });

  test('when a document is written then it is indented and ends with a line feed', () => {
    expect(jsonDocument({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  test('when a member is undefined then it is left out', () => {
    expect(jsonLine({ a: undefined, b: 1 })).toBe('{"b":1}\n');
  });
});

describe('text for people', () => {
  test('when any text is made printable then nothing in it steers a terminal', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(printable(given)).not.toMatch(steering);
      }),
    );
  });

  test.each([
    ['\u001b[31mred', '\\u001b[31mred'],
    ['a\u009b1mb\u202ec\u2066d', 'a\\u009b1mb\\u202ec\\u2066d'],
    ['a\rb\tc\u0007', 'a\\u000db\\u0009c\\u0007'],
    ['Leverandør 😀 日本', 'Leverandør 😀 日本'],
  ])('when the text is %j then it is shown as %j', (given, shown) => {
    expect(printable(given)).toBe(shown);
  });
});

describe('text for a terminal', () => {
  test('when a text of several lines is made printable then its lines stay, as parts of a line they do not', () => {
    expect(printableText('a\u001b[1m\r\n b\n')).toBe('a\\u001b[1m\\u000d\n b\n');
    expect(printable('a\u001b[1m\r\n b\n')).toBe('a\\u001b[1m b ');
  });

  test('when a text is almost nothing but blanks then it is printable at once', () => {
    const startedAt = performance.now();
    const blanks = ' '.repeat(1_000_000);
    expect(printable(`a${blanks}b`)).toBe(`a${blanks}b`);
    expect(printable(`  a${blanks}\n${blanks}b\n\nc  `)).toBe('  a b c  ');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('when a painted text goes out then colours and line ends stay, and nothing else steers', () => {
    const painted = '\u001b[1mid\u001b[22m\n\u001b[38;5;1mred\u001b[39m';
    expect(paintedText(painted)).toBe(painted);
    const steered = '\u001b[2J\u001b]0;t\u0007\u009b1m\u202e\r';
    expect(paintedText(steered)).toBe('\\u001b[2J\\u001b]0;t\\u0007\\u009b1m\\u202e\\u000d');
  });
});
