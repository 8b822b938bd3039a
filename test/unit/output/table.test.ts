import { describe, expect, test } from 'vitest';
import { colourLevel, styleFor } from '../../../src/output/style.ts';
import { table } from '../../../src/output/table.ts';

const plain = styleFor(0, undefined);
const columns = [
  { heading: 'name', cell: ({ name }: { name: string }) => name },
  { heading: 'n', cell: ({ name }: { name: string }) => String(name.length) },
];

describe('tables', () => {
  test.each<[string, string[], string[]]>([
    ['ASCII', ['a', 'bcdef'], ['NAME   N', 'a      1', 'bcdef  5']],
    ['wide characters', ['日本', 'abc'], ['NAME  N', '日本  2', 'abc   3']],
    ['combined characters', ['e\u0301', 'abcde'], ['NAME   N', 'e\u0301      2', 'abcde  5']],
    ['line breaks', ['a\n  b'], ['NAME  N', 'a b   5']],
    ['escape sequences', ['\u001b[31mx'], ['NAME         N', '\\u001b[31mx  6']],
    ['nothing', [], ['NAME  N']],
  ])('when cells hold %s then columns are aligned', (_, names, expected) => {
    const shown = table(
      names.map((name) => ({ name })),
      columns,
      plain,
    );
    expect(shown.split('\n')).toEqual(expected);
  });

  test('when there is colour then only headings have it', () => {
    const [heading, row] = table([{ name: 'a' }], columns, styleFor(1, 80)).split('\n');
    expect([heading, row]).toEqual(['\u001b[1mNAME  N\u001b[22m', 'a     1']);
  });
});

describe('colour', () => {
  test.each<[string, Record<string, string>, boolean, boolean, number]>([
    ['a terminal', { TERM: 'xterm' }, true, false, 1],
    ['256 colours', { TERM: 'xterm-256color' }, true, false, 2],
    ['true colour', { COLORTERM: 'truecolor' }, true, false, 3],
    ['no terminal', { TERM: 'xterm', COLORTERM: 'truecolor' }, false, false, 0],
    ['a dumb terminal', { TERM: 'dumb' }, true, false, 0],
    ['CI', { TERM: 'xterm', CI: 'true' }, true, false, 0],
    ['CI switched off', { TERM: 'xterm', CI: 'false' }, true, false, 1],
    ['NO_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false, 0],
    ['an empty NO_COLOR', { NO_COLOR: '', TERM: 'xterm' }, true, false, 1],
    ['--no-color', { FORCE_COLOR: '3' }, true, true, 0],
    ['FORCE_COLOR', { FORCE_COLOR: '' }, false, false, 1],
    ['FORCE_COLOR in CI', { FORCE_COLOR: '2', CI: '1', TERM: 'dumb' }, false, false, 2],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0', TERM: 'xterm' }, true, false, 0],
  ])('when there is %s then its level fits', (_, environment, terminal, noColor, level) => {
    expect(colourLevel(environment, terminal, noColor)).toBe(level);
  });
});
