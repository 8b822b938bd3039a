/** Properties that are given twice, told from what only looks so. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { twinProperties } from '../../../src/agent/json-twins.ts';

describe('twin properties', () => {
  test.each<[string, { path: string; first: string } | undefined]>([
    ['{"a":1,"a":2}', { path: 'a', first: 'a' }],
    ['{"a":1,"A":2}', { path: 'A', first: 'a' }],
    ['{"a":1,"\\u0061":2}', { path: 'a', first: 'a' }],
    ['{"x":{"a":[0,{"b":1,"B":2}]}}', { path: 'x.a[1].B', first: 'b' }],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":"\\"a\\":1","b":"a"}', undefined],
    ['{"a":{"a":{"a":1}}}', undefined],
    ['"a"', undefined],
  ])('when the text is %s then they are %j', (text, twins) => {
    expect(twinProperties(text)).toEqual(twins);
  });

  test('when objects have names that differ by more than case then there are none', () => {
    const unit = fc.constantFrom('a', 'A', '"', '\\', ':', '{', '[', ',', ' ');
    const lowerCase = fc.jsonValue({ stringUnit: unit });
    fc.assert(
      fc.property(lowerCase, (value) => {
        fc.pre(!hasTwins(value));
        expect(twinProperties(JSON.stringify(value))).toBeUndefined();
      }),
    );
  });

  test('when an object has a name twice, wherever it stands, then it is found', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ minLength: 1 }), (value, name) => {
        const text = `[${JSON.stringify(value)},{${JSON.stringify(name)}:1,${JSON.stringify(name.toUpperCase())}:2}]`;
        fc.pre(name.toUpperCase().toLowerCase() === name.toLowerCase());
        expect(twinProperties(text)).toBeDefined();
      }),
    );
  });
});

function hasTwins(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const names = Array.isArray(value) ? [] : Object.keys(value).map((name) => name.toLowerCase());
  return new Set(names).size < names.length || Object.values(value).some(hasTwins);
}
