/** Questions at a real terminal: what a person sees, types and is left with. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Machine, machine } from '../support/program.ts';
import { resyncServer } from '../support/resync-server.ts';
import { startSandbox } from '../support/sandbox.ts';
import { atTerminal, type TerminalOptions } from '../support/terminal.ts';

/** Keeps what a shell says of the terminal before the program and after it; `trap` since Ctrl-C goes to both. */
const shell = `trap : INT; stty -a > before; "$@"; code=$?; stty -a > after; exit $code`;

/** Whether lines are echoed, signals made and keys read as before. */
function expectRestored({ home }: Machine, seen: { cursorVisible(): boolean }): void {
  const [before, after] = ['before', 'after'].map((name) => readFileSync(path.join(home, name), 'utf8'));
  expect(before).toContain(' echo ');
  expect(after).toBe(before);
  expect(seen.cursorVisible()).toBe(true);
}

/** A new user at a terminal who adds a profile for a running sandbox. */
async function adding(options: TerminalOptions = {}, ...more: readonly string[]) {
  const user = machine();
  const { url } = await startSandbox(user);
  const seen = atTerminal(user, ['profile', 'add', 'prod', '--url', url, ...more], { shell, ...options });
  await seen.sees('How to log in');
  return { user, url, seen };
}

describe('profile add', () => {
  test('when answers are typed then the profile works, the password is not shown, the terminal is as before', async () => {
    const { user, seen } = await adding();
    seen.type('\r');
    await seen.sees('User name');
    seen.type('tje0\r');
    await seen.sees(/Password for/i);
    seen.type('Tje0');
    await seen.sees(/▪▪▪▪/);
    seen.type('\r');
    expect(await seen.ended).toBe(0);
    expect(seen.screen()).toMatch(/Stored profile prod for .* \(auth basic, password\)\./);
    expect(seen.written()).not.toContain('Tje0');
    expectRestored(user, seen);
    expect(await user.run(['connections', 'list', '-p', 'prod'])).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    ['Escape', '\u001b'],
  ])(
    'when %s is typed at a question then nothing is stored, code 130, terminal as before',
    async (_, key) => {
      const { user, seen } = await adding();
      seen.type(key);
      expect(await seen.ended).toBe(130);
      expect(seen.screen()).toMatch(/nothing was done\s+why: the question was given up/);
      expectRestored(user, seen);
      expect(existsSync(path.join(user.configDirectory, 'config.json'))).toBe(false);
    },
  );
});

/** A run over every record that asks first. */
async function askedForAll(options: TerminalOptions = {}, ...more: readonly string[]) {
  const user = machine();
  const server = await resyncServer();
  const line = ['force-resync', '--url', server.url, '--auth', 'none', '--no-check', '--from-crm', '--all'];
  const seen = atTerminal(user, [...line, ...more], { shell, ...options });
  await seen.sees('Type crm to go on');
  return { user, server, seen };
}

test('when SIGTERM comes at a question then nothing is stored, code 143, terminal as before', async () => {
  const itself = `sh -c 'echo $$ > pid; exec "$@"' sh "$@"`;
  const { user, seen } = await adding({ shell: shell.replace('"$@"', () => itself) });
  process.kill(Number(readFileSync(path.join(user.home, 'pid'), 'utf8')), 'SIGTERM');
  expect(await seen.ended).toBe(143);
  expect(seen.screen()).toMatch(/nothing was done\s+why: the question was given up/);
  expectRestored(user, seen);
  expect(existsSync(path.join(user.configDirectory, 'config.json'))).toBe(false);
});

describe('force-resync --all', () => {
  test('when the word is typed then every record is sent, and the screen told what that means before', async () => {
    const { user, server, seen } = await askedForAll();
    expect(seen.screen()).toContain('EVERY record');
    expect(server.requests).toEqual([]);
    seen.type('crm\r');
    expect(await seen.ended).toBe(0);
    expect(server.requests).toHaveLength(1);
    expectRestored(user, seen);
  });

  test.each([
    ['another word', 'yes\r', 2],
    ['Ctrl-C', '\u0003', 130],
  ])('when %s is typed then nothing is sent', async (_, typed, code) => {
    const { user, server, seen } = await askedForAll();
    seen.type(typed);
    expect(await seen.ended).toBe(code);
    expect(server.requests).toEqual([]);
    expectRestored(user, seen);
  });

  test.each([40, 200])('when the window has %i columns then no word of it is lost', async (columns) => {
    const { seen } = await askedForAll({ columns });
    // What is wrapped by the terminal reads on in the next row.
    expect(seen.screen().replaceAll('\n', '')).toMatch(
      /EVERY record from SuperOffice CRM to all ERP connections, and/,
    );
    seen.type('cr');
    await seen.resize(columns - 10);
    seen.type('m\r');
    expect(await seen.ended).toBe(0);
  });

  test.each([
    ['no terminal at all', 'setsid -w "$@" < /dev/null 2>&1 | cat', {}],
    ['a pipe for standard input', 'echo all | "$@"', {}],
    ['a file for errors', '"$@" 2> errors; cat errors', {}],
    ['a dumb terminal', '"$@"', { TERM: 'dumb' }],
  ])(
    'when there is %s then nobody is asked, and --yes is named',
    async (_, line, env: Record<string, string>) => {
      const server = await resyncServer();
      const words = [
        'force-resync',
        '--url',
        server.url,
        '--auth',
        'none',
        '--no-check',
        '--from-crm',
        '--all',
      ];
      const seen = atTerminal(machine(), words, { shell: line, env: { NO_COLOR: '1', ...env } });
      await seen.ended;
      expect(seen.screen()).toMatch(/nobody is there to confirm it[\s\S]*add --yes/);
      expect(seen.written()).not.toContain('\u001b');
      expect(server.requests).toEqual([]);
    },
  );
});

describe('the look of a question', () => {
  const colour = '\u001b[3';

  test.each([
    ['a terminal with colour', {}, [], true],
    ['NO_COLOR', { NO_COLOR: '1' }, [], false],
    ['CI', { CI: 'true' }, [], false],
    ['CI and FORCE_COLOR', { CI: 'true', FORCE_COLOR: '1' }, [], true],
    ['--no-color', { FORCE_COLOR: '1' }, ['--no-color'], false],
  ] as const)('when there is %s then it is painted accordingly', async (_, env, flags, painted) => {
    const { seen } = await askedForAll({ env }, ...flags);
    expect(seen.written().includes(colour)).toBe(painted);
    seen.type('\u0003');
    expect(await seen.ended).toBe(130);
  });

  test.each([
    ['LANG=C', { LANG: 'C' }, false],
    ['no locale', { LANG: '' }, false],
    ['Latin 1', { LC_ALL: 'de_DE.ISO-8859-1' }, false],
    ['UTF-8', { LC_ALL: 'en_US.utf8', LANG: 'C' }, true],
  ])(
    'when the terminal has %s then signs beyond ASCII are drawn only where they can be',
    async (_, env, signs) => {
      const { seen } = await adding({ env });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has control characters
      expect(seen.written()).toMatch(signs ? /[^\u0000-\u007f]/ : /^[\u0000-\u007f]*$/);
      seen.type('\r');
      await seen.sees('User name');
      seen.type('tje0\r');
      await seen.sees(/Password for/i);
      seen.type('Tje0');
      await seen.sees(signs ? '▪▪▪▪' : '****');
      seen.type('\r');
      expect(await seen.ended).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has control characters
      expect(seen.written()).toMatch(signs ? /[^\u0000-\u007f]/ : /^[\u0000-\u007f]*$/);
    },
  );
});
