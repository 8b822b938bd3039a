import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvHeader, csvLines } from '../../../src/output/csv.ts';

const row = (value: unknown): string => csvLines([{ value }], ['value'], false);

describe('CSV', () => {
  test.each<[string, unknown, string]>([
    ['text', 'Visma Net', 'Visma Net'],
    ['a number', 124, '124'],
    ['a truth', false, 'false'],
    ['null', null, ''],
    ['nothing', undefined, ''],
    ['a comma', 'a,b', '"a,b"'],
    ['quotes', 'a "b"', '"a ""b"""'],
    ['a line feed', 'a\nb', '"a\nb"'],
    ['a carriage return', 'a\rb', '"a\rb"'],
    ['a list', [1, 'x'], '"[1,""x""]"'],
    ['an object', { a: '\u202e' }, '"{""a"":""\\u202e""}"'],
    ['what a spreadsheet takes for a formula', '=1+1', '=1+1'],
  ])('when a cell holds %s then it is written by RFC 4180, and nothing is made of it', (_, value, cell) => {
    expect(row(value)).toBe(`${cell}\r\n`);
  });

  test('when there is a header then it names the columns, and items follow in their order', () => {
    expect(csvHeader(['id', 'name']) + csvLines([{ name: 'a', id: 1, more: 2 }], ['id', 'name'], false)).toBe(
      'id,name\r\n1,a\r\n',
    );
  });

  test('when it is for a terminal then nothing in it steers it', () => {
    expect(csvLines([{ value: 'a\u001b[31m\u202eb' }], ['value'], true)).toBe('a\\u001b[31m\\u202eb\r\n');
  });

  test('when any texts are written then a reader of CSV gets the same', () => {
    const texts = fc.array(
      fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', ';', '\ufeff') }),
      {
        minLength: 2,
        maxLength: 2,
      },
    );
    fc.assert(
      fc.property(texts, ([a, b]) => {
        const written = csvHeader(['a', 'b']) + csvLines([{ a, b }], ['a', 'b'], false);
        expect(parse(written, { columns: true })).toEqual([{ a, b }]);
      }),
    );
  });
});
