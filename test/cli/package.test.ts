/** What a user gets from npm: the files of the package, and what installing it does. */
import { cpSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { publint } from 'publint';
import { describe, expect, inject, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { temporaryDirectory } from '../support/program.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** The folder as it is packed: what the repository has, and the program under test. */
function packedFolder(): string {
  const folder = temporaryDirectory();
  const built = path.resolve(realpathSync(inject('program')), '../..');
  for (const name of ['bin', 'dist'])
    cpSync(path.join(built, name), path.join(folder, name), { recursive: true });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md']) {
    cpSync(name, path.join(folder, name));
  }
  for (const name of ['src', 'test', 'docs']) {
    mkdirSync(path.join(folder, name));
    cpSync('LICENSE', path.join(folder, name, 'x.ts'));
  }
  return folder;
}

describe('the package', () => {
  test('when it is packed then it holds the built program and its texts, and nothing else', async () => {
    const cwd = packedFolder();
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd });
    const [{ files, size }] = JSON.parse(stdout);
    const names: readonly string[] = files.map(({ path: name }: { path: string }) => name);
    const others = names.filter((name) => !/^dist\/([\w./-]+\.js|THIRD-PARTY\.txt|man\/.*)$/.test(name));
    expect(others).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/erpsync.js',
      'bin/package.json',
      'package.json',
    ]);
    expect(names).toContain('dist/main.js');
    const pages = names.filter((name) => name.startsWith('dist/man/'));
    expect(pages.toSorted()).toEqual(manifest.man.toSorted());
    expect(size).toBeLessThan(1_000_000);
  });

  test('when it is installed then there is a man page for the program, and for each command or group of them', () => {
    const words = new Set(commands.map(({ path: [word] }) => word));
    const pages = ['erpsync', ...[...words].map((word) => `erpsync-${word}`)];
    expect(manifest.man.toSorted()).toEqual(pages.map((name) => `dist/man/${name}.1`).toSorted());
  });

  test('when it is installed then nothing is run and nothing else is fetched', () => {
    const scripts = Object.keys(manifest.scripts);
    const run = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    expect(scripts.filter((name) => run.includes(name))).toEqual([]);
    expect(manifest).not.toHaveProperty('dependencies');
  });

  test('when others look at how it is published then they find nothing wrong', async () => {
    const { messages } = await publint({ pkgDir: packedFolder(), strict: true });
    expect(messages).toEqual([]);
  });
});
