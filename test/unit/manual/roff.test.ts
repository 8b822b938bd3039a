import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/manual/blocks.ts';
import { manPage } from '../../../src/manual/roff.ts';

function body(...blocks: Block[]): string {
  const page = manPage({ name: 'erpsync-x', summary: 'does x', version: '1.2.3' }, [
    { kind: 'heading', level: 1, text: 'DESCRIPTION' },
    ...blocks,
  ]);
  return page.slice(page.indexOf('.SH "DESCRIPTION"\n') + '.SH "DESCRIPTION"\n'.length);
}

describe('a man page', () => {
  test('when it begins then it names itself as whatis reads it', () => {
    const page = manPage({ name: 'erpsync-x', summary: 'does x', version: '1.2.3' }, []);
    expect(page).toMatch(/^\.TH "ERPSYNC\\-X" "1" "" "erpsync 1\.2\.3"/);
    expect(page).toContain('.SH NAME\nerpsync\\-x \\- does x\n');
  });

  test.each([
    ['.so /etc/passwd', '\\&.so /etc/passwd'],
    ["'quoted'", '\\&\\(aqquoted\\(aq'],
    ['a \\fB b', 'a \\efB b'],
    ['--ids-file', '\\-\\-ids\\-file'],
    ['~/x `y` ^z "q"', '\\(ti/x \\(gay\\(ga \\(haz \\(dqq\\(dq'],
  ])('when a text is %j then it is printed as it is', (text, written) => {
    expect(body({ kind: 'paragraph', text })).toBe(`${written}\n`);
  });

  test('when lines are shown then none is a request, and they stay as they are', () => {
    expect(body({ kind: 'lines', lines: ['  a', '.b'] })).toBe('.RS 4\n.nf\n\\&  a\n\\&.b\n.fi\n.RE\n');
  });
});
