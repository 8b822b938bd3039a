import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inEnglish } from '../../../src/resync/names.ts';

test.each([
  ['NO:"Leverandør";US:"Supplier"', 'Supplier'],
  ['US:"Supplier";NO:"Leverandør"', 'Supplier'],
  ['NO:"Leverandør";GB:"Supplier";', 'Supplier'],
  ['EN:"Supplier"; NO:"Leverandør"', 'Supplier'],
  ['NO:"Leverandør";SE:"Leverantör"', 'Leverandør'],
  ['US:""', ''],
  ['Supplier', 'Supplier'],
  ['', ''],
  ['Our US:"Supplier"', 'Our US:"Supplier"'],
  ['US:"Supplier" (old)', 'US:"Supplier" (old)'],
  ['us:"Supplier"', 'us:"Supplier"'],
])('when the name is %j then it is shown as %j', (given, shown) => {
  expect(inEnglish(given)).toBe(shown);
});

test('when a name is in one language then it is shown as it is', () => {
  const plain = fc.string().filter((name) => !/^[A-Z]{2}:"/.test(name));
  fc.assert(
    fc.property(plain, (name) => {
      expect(inEnglish(name)).toBe(name);
    }),
  );
});

test('when a name has an English text then that is shown, whatever else there is', () => {
  const text = fc.string().map((each) => each.replaceAll('"', ''));
  const others = fc.array(fc.tuple(fc.constantFrom('NO', 'SE', 'DE', 'DA'), text));
  fc.assert(
    fc.property(others, text, (languages, english) => {
      const pairs = [...languages, ['US', english]].map(([language, each]) => `${language}:"${each}"`);
      expect(inEnglish(pairs.join(';'))).toBe(english);
    }),
  );
});
