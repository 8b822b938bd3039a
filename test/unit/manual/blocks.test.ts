import { expect, test } from 'vitest';
import { proseBlocks } from '../../../src/manual/blocks.ts';

test('when lines follow each other then they are a paragraph, and lines with blanks stay as they are', () => {
  expect(proseBlocks(['One', 'sentence.', '  a', '    b', 'Two.', '', 'Three.'])).toEqual([
    { kind: 'paragraph', text: 'One sentence.' },
    { kind: 'lines', lines: ['a', '  b'] },
    { kind: 'paragraph', text: 'Two.' },
    { kind: 'paragraph', text: 'Three.' },
  ]);
});
