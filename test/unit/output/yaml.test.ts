import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { yamlDocument } from '../../../src/output/yaml.ts';
import { steering } from '../../support/expectations.ts';

describe('YAML', () => {
  test.each([
    'no',
    'Yes',
    'on',
    'null',
    '~',
    '',
    '0777',
    '0x1f',
    '1e3',
    '1_000',
    '12:30:45',
    '2026-11-25',
    '.inf',
  ])('when the text %j looks like something else then it is quoted', (text) => {
    expect(yamlDocument({ text })).toBe(`text: ${JSON.stringify(text)}\n`);
  });

  test('when there is a list of objects then it reads as people write it', () => {
    const body = { command: 'connections list', items: [{ id: 124, name: 'Visma Net', guid: null }] };
    expect(yamlDocument(body)).toBe(
      'command: connections list\nitems:\n  - id: 124\n    name: Visma Net\n    guid: null\n',
    );
  });

  test('when a member is not set then it is left out, as in JSON', () => {
    expect(yamlDocument({ a: undefined, b: [undefined] })).toBe('b:\n  - null\n');
  });

  test('when the same thing stands twice then it is written twice', () => {
    const one = { id: 1 };
    expect(yamlDocument([one, one])).toBe('- id: 1\n- id: 1\n');
  });

  test('when any text is written, also as a name, then nothing steers a terminal and it reads back the same', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '\u001b',
        '\u009b',
        '\u202e',
        '\r',
        '\n',
        '\t',
        '\u007f',
        '\ufeff',
        '"',
        ':',
        '-',
        '#',
      ),
    });
    fc.assert(
      fc.property(text, text, (name, value) => {
        const written = yamlDocument({ [name]: value });
        expect(written).not.toMatch(steering);
        expect(parse(written)).toEqual({ [name]: value });
      }),
      { numRuns: 500 },
    );
  });
});
