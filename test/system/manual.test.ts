/** The man pages, read by both programs that show them: Debian packages man-db and mandoc. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { temporaryDirectory } from '../support/program.ts';

const built = path.resolve(realpathSync(inject('program')), '../..');
const folder = path.join(built, 'dist', 'man');
const pages = readdirSync(folder);

/** A page as it is shown, without emphasis. */
function shown(args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', MANWIDTH: '200', MAN_KEEP_FORMATTING: '' };
  return execFileSync('man', args, { env, encoding: 'utf8' });
}

describe.each(pages)('%s', (page) => {
  const file = path.join(folder, page);

  test('when mandoc and groff read it then they have nothing to say', () => {
    const lint = spawnSync('mandoc', ['-Tlint', '-Wwarning', file], { encoding: 'utf8' });
    // A page is the same whenever it is built, so it has no date.
    expect(lint.stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual(
      [],
    );
    const groff = spawnSync('man', ['-l', '--warnings=w', file], { encoding: 'utf8' });
    expect(groff).toMatchObject({ status: 0, stderr: '' });
  });

  test('when the index of pages is made then its name and summary are found', () => {
    const name = page.replace(/\.1$/, '');
    expect(execFileSync('lexgrog', [file], { encoding: 'utf8' })).toContain(`"${name} - `);
  });
});

test('when the pages are read then every command, option and example is there as it is typed', async () => {
  const text = new Map(pages.map((page) => [page, shown(['-l', path.join(folder, page)])]));
  for (const { path: words, load } of commands) {
    const { examples, flags } = await load();
    const page = text.get(`erpsync-${words[0]}.1`) ?? '';
    for (const { run } of examples) expect(page).toContain(run);
    if ('dryRun' in flags) expect(page).toContain('--dry-run');
    expect(text.get('erpsync.1')).toContain(words.join(' '));
  }
});

test('when the package is installed for all then man finds its pages', () => {
  const [source, prefix] = [temporaryDirectory(), temporaryDirectory()];
  for (const name of ['bin', 'dist', 'package.json']) {
    cpSync(path.join(built, name), path.join(source, name), { recursive: true });
  }
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync('npm', [...args, '--silent', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd,
      encoding: 'utf8',
    });
  const archive = path.join(source, npm(source, 'pack').trim());
  npm(prefix, 'install', '--global', '--prefix', prefix, archive);
  expect(readdirSync(path.join(prefix, 'share/man/man1')).toSorted()).toEqual(pages.toSorted());
  expect(shown(['-M', path.join(prefix, 'share/man'), 'erpsync-force-resync'])).toContain(
    '--ids-file <path>',
  );
  const manifest = JSON.parse(readFileSync(path.join(built, 'package.json'), 'utf8'));
  expect(shown(['-M', path.join(prefix, 'share/man'), 'erpsync'])).toContain(`erpsync ${manifest.version}`);
});
