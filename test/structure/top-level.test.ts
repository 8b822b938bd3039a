/** What lies at the top of the project: it stays this small, and no test leaves anything there. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const known = [
  'bin',
  'docs',
  'src',
  'test',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'biome.jsonc',
  'build.js',
  'knip.json',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** Made by npm, by the build and by npm pack; none of it is committed. */
const made = ['node_modules', 'dist'];

test('when the project is looked at then nothing else lies at its top', () => {
  const found = readdirSync('.').filter((name) => !name.startsWith('.') && !name.endsWith('.tgz'));
  expect(found.filter((name) => !made.includes(name)).toSorted()).toEqual(known.toSorted());
});
