/** docs/reference.md is written from the declarations: `npm run fix` writes it anew. */
import { expect, test } from 'vitest';
import { reference } from '../../src/manual/pages.ts';

test('when a declaration changes then the reference has to change with it', async () => {
  await expect(await reference()).toMatchFileSnapshot('../../docs/reference.md');
});
