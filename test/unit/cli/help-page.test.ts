import { describe, expect, test } from 'vitest';
import { type Page, pageText } from '../../../src/cli/help-page.ts';
import { wrapped } from '../../../src/output/fitted-text.ts';
import { styleFor } from '../../../src/output/style.ts';

const page: Page = [
  { content: ['one two three four five six seven eight nine ten'] },
  { heading: 'Usage', lead: 'erpsync <command>' },
  { heading: 'Empty', content: [] },
  {
    heading: 'Rows',
    content: [
      {
        rows: [
          ['short', 'what it means in a few words more'],
          ['list', ['alpha', 'beta', 'gamma']],
        ],
      },
    ],
  },
  {
    heading: 'Examples',
    content: ['  erpsync a-very-long-command --with options --that-are --longer-than', { note: 'why' }],
  },
];

describe('a page', () => {
  test('when there is room then rows are in two columns, and parts without content are left out', () => {
    expect(pageText(page, styleFor(0, 60))).toBe(
      `${[
        'one two three four five six seven eight nine ten',
        '',
        'Usage: erpsync <command>',
        '',
        'Rows:',
        '  short  what it means in a few words more',
        '  list   alpha, beta, gamma',
        '',
        'Examples:',
        '  erpsync a-very-long-command --with options --that-are --longer-than',
        '      why',
      ].join('\n')}\n`,
    );
  });

  test('when there is little room then text is broken, lists are cut, and what is typed stays whole', () => {
    const text = pageText(page, styleFor(0, 24));
    expect(text).toContain('one two three four five\nsix seven eight nine ten\n');
    expect(text).toContain('  short  what it means\n         in a few words\n         more\n');
    expect(text).toContain('  list   alpha, ...\n');
    expect(text).toContain('\n  erpsync a-very-long-command --with options --that-are --longer-than\n');
  });

  test('when a name is long and there is no room beside it then it has a line of its own', () => {
    const rows: Page = [
      { heading: 'Options', content: [{ rows: [['--a-long-option <value>', 'what it does']] }] },
    ];
    expect(pageText(rows, styleFor(0, 40))).toBe(
      'Options:\n  --a-long-option <value>\n        what it does\n',
    );
    expect(pageText(rows, styleFor(0, 80))).toBe('Options:\n  --a-long-option <value>  what it does\n');
  });
});

test('when a word is longer than the line then it stays whole', () => {
  expect(wrapped('see https://example.com/a/long/address for it', 12)).toEqual([
    'see',
    'https://example.com/a/long/address',
    'for it',
  ]);
});
