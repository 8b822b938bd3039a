/** The completion scripts in the real shells, by pressing TAB at a terminal: Debian packages bash-completion, zsh and fish. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { keepConnections } from '../../src/profiles/connection-cache.ts';
import { temporaryDirectory } from '../support/program.ts';
import {
  type Shell,
  type ShellUser,
  scriptFile,
  shells,
  shellUser,
  startShell,
} from './support/typed-shell.ts';

/** Names that would do something, or mean something else, if a shell read them. */
const names = [
  'run$(touch ran1)',
  'tick`touch ran2`',
  'quo\'te "d" x',
  'bl an k',
  'col:on=eq@at',
  'bang!x',
  'semi;touch ran3',
  'glob*?[a-z]',
  'dol$HOME$PATH',
  'zback\\slash\\',
  'hash #x',
  'amp & x|y>ran4 <z',
  'brace{a,b}',
  'percent%s%n',
  '~tilde',
  'åse–ø',
  'newline\ntouch ran5',
  'tab\ttouch ran6',
  'escape\u001b]0;x\u0007',
];
const typable = names.slice(0, -3);

function user(shell: Shell): ShellUser {
  const made = shellUser(temporaryDirectory());
  const config = path.join(made.home, '.config', 'erpsync');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const profiles = Object.fromEntries(
    [...names, 'prod'].map((name) => [name, { url: 'https://crm.example.com/x', auth: 'none' }]),
  );
  writeFileSync(path.join(config, 'config.json'), JSON.stringify({ schemaVersion: 1, profiles }), {
    mode: 0o600,
  });
  const place = { directory: config, uid: process.getuid?.() };
  const connections = [
    { id: 124, name: 'Visma Net' },
    { id: 7, name: 'Evil $(touch ran7) `touch ran8`\nx' },
  ];
  keepConnections(place, 'https://crm.example.com/x', connections);
  for (const file of ['keys one.txt', 'keys-dir/x']) {
    mkdirSync(path.dirname(path.join(made.home, file)), { recursive: true });
    writeFileSync(path.join(made.home, file), '1\n');
  }
  const script = execFileSync(path.join(made.home, 'bin', 'erpsync'), ['completion', shell], {
    env: made.environment,
  });
  writeFileSync(scriptFile(made, shell), script);
  return made;
}

/** Files that a name has made that was run. */
function ran({ home }: ShellUser): readonly string[] {
  return readdirSync(home).filter((name) => /^ran\d/.test(name));
}

describe.each(shells)('%s', (shell) => {
  test('when TAB is pressed then commands, flags and values are completed', async () => {
    const { type, called } = await startShell(user(shell), shell);
    type('erpsync force-res\t--conn\t');
    type('\x15');
    type('erpsync force-res\t--chunk\t5 --output js\t--output=nd\r');
    expect(await called()).toEqual(['force-resync', '--chunk-size', '5', '--output', 'json', '--output=nd']);
    type('erpsync connections su\t--output=js\t124\r');
    expect(await called()).toEqual(['connections', 'summary', '--output=json', '124']);
    type('erpsync call GetConnectionL\t-F Erp\t124\r');
    expect(await called()).toEqual(['call', 'GetConnectionListMappings', '-F', 'ErpConnectionId=124']);
  });

  test('when names are special to the shell then they are inserted as they are, and nothing runs', async () => {
    const someone = user(shell);
    const { type, called } = await startShell(someone, shell);
    for (const name of typable) {
      const begun = name.startsWith('~') ? '\\~' : name.slice(0, 2);
      type(`erpsync profile show ${begun}\t\r`);
      expect(await called()).toEqual(['profile', 'show', name]);
    }
    expect(ran(someone)).toEqual([]);
  });

  test.each(["'", '"'])('when the quote %s is open then it holds for what is inserted', async (quote) => {
    const someone = user(shell);
    const { type, called } = await startShell(someone, shell);
    for (const name of typable) {
      // A quote that the shell has closed itself, or not, is one more that has to be closed.
      type(`erpsync profile show ${quote}${name.slice(0, 2)}\t\r`);
      expect(await called()).toEqual(['profile', 'show', name]);
    }
    expect(ran(someone)).toEqual([]);
  });

  test('when a value is begun in its middle then the rest is inserted', async () => {
    const { type, called } = await startShell(user(shell), shell);
    type('erpsync -p col:\tprofile list\r');
    expect(await called()).toEqual(['-p', 'col:on=eq@at', 'profile', 'list']);
    type('erpsync --profile=col:on=\tprofile list\r');
    expect(await called()).toEqual(['--profile=col:on=eq@at', 'profile', 'list']);
    type('erpsync profile show bl\\ a\t\r');
    expect(await called()).toEqual(['profile', 'show', 'bl an k']);
  });

  test('when a file is wanted then the shell completes it', async () => {
    const { type, called } = await startShell(user(shell), shell);
    for (const [typed, word] of [
      ['--ids-file keys\\ \t', ['--ids-file', 'keys one.txt']],
      ['--ids-file=keys\\ \t', ['--ids-file=keys one.txt']],
      ['--ids @keys\\ \t', ['--ids', '@keys one.txt']],
      ['--config-dir key\t', ['--config-dir', 'keys-dir']],
    ] as const) {
      type(`erpsync force-resync ${typed}\r`);
      // Zsh takes the slash away again.
      expect((await called()).map((each) => each.replace(/\/$/, ''))).toEqual(['force-resync', ...word]);
    }
  });

  test('when connections were listed then they are completed by id and by name, and nothing runs', async () => {
    const someone = user(shell);
    const { type, called, until } = await startShell(someone, shell);
    type('erpsync connections get -p prod 12\t\r');
    expect(await called()).toEqual(['connections', 'get', '-p', 'prod', '124']);
    type('erpsync force-resync -p prod --connection-name Vi\t--ids 1\r');
    expect(await called()).toEqual([
      ...['force-resync', '-p', 'prod', '--connection-name', 'Visma Net', '--ids', '1'],
    ]);
    type('erpsync connections get -p prod \t\t');
    await until(shell === 'bash' ? /124\s+7|7\s+124/ : 'Visma Net');
    expect(ran(someone)).toEqual([]);
  });

  test('when several are possible then they are listed, with what they are where the shell shows that', async () => {
    const { type, until } = await startShell(user(shell), shell);
    type('erpsync connec\t\t\t');
    await until('connectors');
    if (shell !== 'bash') await until('config-fields');
  });

  test('when nothing is possible or nothing answers then the prompt stays clean', async () => {
    const someone = user(shell);
    const { type, called, shown } = await startShell(someone, shell);
    type('erpsync bogus x\t\r');
    expect(await called()).toEqual(['bogus', 'x']);
    // The program cannot even start.
    writeFileSync(
      path.join(someone.home, 'bin', 'erpsync'),
      '#!/bin/sh\ncase $1 in __complete) echo broken >&2; exit 1; esac\nprintf "%s\\0" "$@" > ~/called\n',
    );
    type('erpsync conn\t\r');
    expect(await called()).toEqual(['conn']);
    expect(shown()).not.toMatch(/broken|parse error|syntax error|command not found/i);
  });
});

describe('without a terminal', () => {
  const run = (shell: Shell, someone: ShellUser, line: string): readonly string[] =>
    execFileSync(shell, ['-c', line], { env: someone.environment, cwd: someone.home, encoding: 'utf8' })
      .trimEnd()
      .split('\n');

  test('when bash asks the function then it answers, also where bash-completion is not installed', () => {
    const someone = user('bash');
    const ask = (line: string, words: string): readonly string[] =>
      run(
        'bash',
        someone,
        `set -u; source <(erpsync completion bash); COMP_LINE='${line}' COMP_POINT=\${#COMP_LINE} COMP_WORDS=(${words}) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _erpsync; printf '%s\\n' "\${COMPREPLY[@]}"`,
      );
    expect(ask('erpsync run', 'erpsync run')).toEqual(['runs']);
    expect(ask('erpsync -o=t', "erpsync -o '=' t")).toEqual(['table']);
    expect(ask('erpsync --output=json d', "erpsync --output '=' json d")).toEqual(['doctor']);
  });

  test('when fish is asked then it tells candidates with what they are', () => {
    const someone = user('fish');
    expect(run('fish', someone, "complete -C 'erpsync connections get -p prod 1'")).toEqual([
      '124\tVisma Net',
    ]);
    expect(run('fish', someone, "complete -C 'erpsync connections get -p prod 7'")).toEqual([
      '7\tEvil $(touch ran7) `touch ran8` x',
    ]);
    expect(ran(someone)).toEqual([]);
  });
});
