import { describe, expect, test } from 'vitest';
import { escapedMarkdown, markdown } from '../../../src/manual/markdown.ts';

describe('text in Markdown', () => {
  test.each([
    ['<name> & co', '\\<name\\> \\& co'],
    ['*all* of _these_', '\\*all\\* of \\_these\\_'],
    ['a|b', 'a\\|b'],
    ['`x` \\ [y](z) #1 ~~', '\\`x\\` \\\\ \\[y\\](z) \\#1 \\~\\~'],
    ['http://x', 'http\\://x'],
    ['- no list', '\\- no list'],
    ['1. nor this', '1\\. nor this'],
    ['2000-2999', '2000-2999'],
    ['it is so', 'it is so'],
  ])('when it is %j then it means nothing else', (text, written) => {
    expect(escapedMarkdown(text)).toBe(written);
  });

  test('when code stands in a table then neither a bar nor a backtick ends it', () => {
    const rows = [{ typed: 'a|`b`', meaning: 'x|y' }];
    expect(markdown([{ kind: 'terms', what: 'option', rows }])).toBe(
      '| option | meaning |\n|---|---|\n| `` a\\|`b` `` | x\\|y |\n',
    );
  });
});
