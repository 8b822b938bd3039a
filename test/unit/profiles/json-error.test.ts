import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonErrorPosition } from '../../../src/profiles/json-error.ts';

it.each([
  ['nothing', '', 1, 1],
  ['only blanks', ' \n\n', 1, 1],
  ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['a trailing comma', '{\n  "a": 1,\n}', 3, 1],
  ['a trailing comma in a list', '[\n1,\n\n]', 4, 1],
  ['a missing brace at the end', '{\n  "a": {\n  }\n\n', 3, 4],
  ['the wrong bracket', '[\n{}\n}', 3, 1],
  ['a second value', '{}\n{}', 2, 1],
  ['a name without quotes', '{\n  a: 1\n}', 2, 3],
  ['a missing colon', '{"a"\n1}', 2, 1],
  ['a string without end', '{\n  "a": "b\n}', 2, 8],
  ['a control character in a string', '["\t"]', 1, 2],
  ['an unknown escape', '[\n"\\x"]', 2, 1],
  ['a comment', '{\n// no\n}', 2, 1],
  ['a number with a leading zero', '[01]', 1, 3],
  ['Windows line ends', '{\r\n  "a" 1\r\n}', 2, 7],
])('when the text has %s then its line and column are found', (_, text, line, column) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(jsonErrorPosition(text)).toEqual({ line, column });
});

it('when a text is valid JSON then there is no position', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      expect(jsonErrorPosition(JSON.stringify(JSON.parse(text), undefined, indent))).toBeUndefined();
    }),
  );
});

it('when a text is changed somewhere then a position is found exactly if JSON.parse refuses it', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '-',
    '0',
    '1.',
    'e5',
    'true',
    'nul',
    ' ',
    '\n',
    '\u007f',
  ];
  const change = fc.record({ at: fc.nat(), drop: fc.nat(3), put: fc.constantFrom('', ...pieces) });
  fc.assert(
    fc.property(fc.json(), fc.array(change, { maxLength: 3 }), (json, changes) => {
      let text = json;
      for (const { at, drop, put } of changes) {
        const start = at % (text.length + 1);
        text = text.slice(0, start) + put + text.slice(start + drop);
      }
      expect(jsonErrorPosition(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 3000 },
  );
});

it('when a text is nested very deeply then the position is still found', () => {
  expect(jsonErrorPosition('['.repeat(1_000_000))).toEqual({ line: 1, column: 1_000_001 });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
