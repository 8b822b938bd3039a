import fc from 'fast-check';
import stringWidth from 'fast-string-width';
import { describe, expect, test } from 'vitest';
import { shortened, wrapped } from '../../../src/output/fitted-text.ts';
import { colourLevel, showsUnicode, styleFor } from '../../../src/output/style.ts';
import { type Column, table } from '../../../src/output/table.ts';

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

describe('a table at a terminal', () => {
  const rows = [
    { id: 'run-20261125', source: 'ERP connection 124 "Visma Net"', note: 'short' },
    { id: 'run-20261126', source: 'SuperOffice', note: 'a note that goes on and on, and on' },
  ];
  type Row = (typeof rows)[number];
  const three: readonly Column<Row>[] = [
    { heading: 'id', cell: ({ id }) => id, whole: true },
    { heading: 'source', cell: ({ source }) => source },
    { heading: 'note', cell: ({ note }) => note },
  ];
  const at = (terminal: number | undefined, unicode = true): string[] =>
    table(rows, three, styleFor(0, terminal, unicode)).split('\n');

  test('when its lines are long enough then nothing is shortened', () => {
    expect(at(100)).toEqual(at(undefined));
    expect(at(undefined)[1]).toContain('"Visma Net"  short');
  });

  test('when they are not then the widest columns are, down to what fits, and never a whole one', () => {
    expect(at(50)).toEqual([
      'ID            SOURCE             NOTE',
      'run-20261125  ERP connection 1\u2026  short',
      'run-20261126  SuperOffice        a note that goes\u2026',
    ]);
    expect(at(32)).toEqual([
      'ID            SOURCE    NOTE',
      'run-20261125  ERP con\u2026  short',
      'run-20261126  SuperOf\u2026  a note\u2026',
    ]);
  });

  test('when not even that fits then each row has lines of its own, and nothing is shortened', () => {
    expect(at(28)).toEqual([
      'ID      run-20261125',
      'SOURCE  ERP connection 124',
      '        "Visma Net"',
      'NOTE    short',
      '',
      'ID      run-20261126',
      'SOURCE  SuperOffice',
      'NOTE    a note that goes on',
      '        and on, and on',
    ]);
    expect(at(16).slice(0, 6)).toEqual([
      'ID',
      '  run-20261125',
      'SOURCE',
      '  ERP connection',
      '  124 "Visma',
      '  Net"',
    ]);
    expect(table([], three, styleFor(0, 12))).toBe('ID\nSOURCE\nNOTE');
  });

  test('when the terminal shows ASCII only then dots stand for the rest', () => {
    expect(at(50, false)[2]).toBe('run-20261126  SuperOffice        a note that go...');
  });

  test.each<[string, string, number, string]>([
    ['wide characters', '\u65e5\u672c\u8a9e\u65e5\u672c', 8, '\u65e5\u672c\u8a9e\u2026'],
    ['combined characters', 'e\u0301'.repeat(9), 8, `${'e\u0301'.repeat(7)}\u2026`],
    [
      'a family',
      `${'\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(5)}`,
      8,
      `${'\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(3)}\u2026`,
    ],
    ['a blank before the cut', 'abcdef ghij', 8, 'abcdef\u2026'],
  ])('when %s are cut then no character is', (_, text, width, expected) => {
    expect(shortened(text, width, '\u2026')).toBe(expected);
  });

  test.each<[string, number, string[]]>([
    ['fits  as it is', 14, ['fits  as it is']],
    ['a b c d', 3, ['a b', 'c d']],
    ['longerthanthat b', 5, ['longerthanthat', 'b']],
    ['\u65e5\u672c \u8a9e', 5, ['\u65e5\u672c', '\u8a9e']],
    ['', 0, ['']],
  ])('when %j is wrapped to %i columns then no word is cut', (text, room, expected) => {
    expect(wrapped(text, room)).toEqual(expected);
  });

  test('when there is room for the shortest form then no line is longer than the terminal', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', ' ', '\u65e5', 'e\u0301', '\u{1f600}'),
      maxLength: 60,
    });
    const rowsOfThree = fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rowsOfThree, fc.integer({ min: 28, max: 120 }), (lines, width) => {
        const ofThree = [0, 1, 2].map((index) => ({
          heading: `c${index}`,
          cell: (line: readonly string[]) => line[index] ?? '',
        }));
        const shown = table(lines, ofThree, styleFor(0, width, true)).split('\n');
        for (const line of shown) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        // Nothing is taken that need not be.
        const natural = table(lines, ofThree, styleFor(0, undefined)).split('\n');
        if (natural.every((line) => stringWidth(line) <= width - 60)) expect(shown).toEqual(natural);
      }),
    );
  });
});

describe('a locale', () => {
  test.each<[Record<string, string>, string, boolean]>([
    [{ LANG: 'nb_NO.UTF-8' }, 'linux', true],
    [{ LANG: 'C.utf8' }, 'linux', true],
    [{ LANG: 'C' }, 'linux', false],
    [{}, 'linux', false],
    [{ LANG: 'nb_NO.UTF-8', LC_ALL: 'C' }, 'linux', false],
    [{ LANG: 'C', LC_CTYPE: 'en_GB.UTF-8', LC_ALL: '' }, 'linux', true],
    [{}, 'win32', true],
  ])(
    'when it is %j on %s then it is known whether it shows more than ASCII',
    (environment, platform, shows) => {
      expect(showsUnicode(environment, platform)).toBe(shows);
    },
  );
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
