/** The first command of somebody who has stored no profile: asked at a terminal, told elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';

const enter = '\r';
const down = '\u001b[B';
const ctrlC = '\u0003';
const resync = ['force-resync', '--connection', '124', '--ids', '100,959'];
const env = { TERM: 'xterm-256color', NO_COLOR: '1' };

async function server(): Promise<RunningSandbox> {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A command line at a terminal of 80 columns. */
function at(typed: readonly (readonly [string, string])[], columns = 80) {
  return { env, terminal: { columns, typed } };
}

describe('at a terminal without a profile', () => {
  test('when the questions are answered then the profile is stored, and the command is done', async () => {
    const { url } = await server();
    const user = machineHere();
    const typed = [
      ['what now?', enter],
      ['What to call the profile', enter],
      ['Base URL', `${url}${enter}`],
      ['How to log in', enter],
      ['User name', `tje0${enter}`],
      ['password for', `Tje0${enter}`],
    ] as const;
    const { exitCode, stdout, stderr } = await user.run(resync, at(typed));
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Queued on the server')]);
    expect(stderr).toContain(`Stored profile prod for ${url} (auth basic, password).`);
    expect(stderr).not.toContain('Tje0');
    expect(await user.run(['connections', 'list', '-o', 'ids'])).toMatchObject({ exitCode: 0 });
  });

  test('when the flags name the login then it is not asked again, and it is stored', async () => {
    const { url } = await server();
    const user = machineHere();
    const typed = [
      ['what now?', enter],
      ['What to call the profile', `-test${enter}`],
      ['Base URL', `${url}${enter}`],
      ['password for', `Tje0${enter}`],
    ] as const;
    const finished = await user.run(['connections', 'list', '--username', 'tje0', '-o', 'json'], at(typed));
    expect(documentOf(finished)).toMatchObject({ command: 'connections list' });
    const stored = JSON.parse(readFileSync(path.join(user.configDirectory, 'config.json'), 'utf8'));
    expect(stored.profiles).toEqual({ 'prod-test': { url, auth: 'basic', username: 'tje0' } });
  });

  test.each([
    ['the first question', [['what now?', ctrlC]]],
    [
      'the name',
      [
        ['what now?', enter],
        ['What to call', ctrlC],
      ],
    ],
    [
      'the address',
      [
        ['what now?', enter],
        ['What to call', enter],
        ['Base URL', ctrlC],
      ],
    ],
  ] as const)(
    'when %s is given up with Ctrl-C then the code is 130 and nothing is stored',
    async (_, typed) => {
      const user = machineHere();
      const { exitCode, stdout, stderr } = await user.run(resync, at(typed));
      expect([exitCode, stdout]).toEqual([130, '']);
      expect(stderr).toContain('erpsync: nothing was done\n    why: the question was given up\n');
      expect(existsSync(user.configDirectory)).toBe(false);
    },
  );

  test('when somebody would rather try things out then the two commands are told, and they are right', async () => {
    const user = machineHere();
    const finished = await user.run(resync, at([['what now?', `${down}${enter}`]]));
    expect(finished).toMatchObject({ exitCode: 3, stdout: '' });
    expect(finished.stderr).toContain(
      'erpsync: nothing was done\n    why: no profile is stored yet\n   next: ',
    );
    const [sandboxLine = '', profileLine = ''] = [...finished.stderr.matchAll(/^ {2}erpsync (.*)$/gm)].map(
      ([, line = '']) => line,
    );
    expect(sandboxLine).toBe('sandbox --port 8080');
    const { url, credentials } = await server();
    const words = profileLine.replace('http://127.0.0.1:8080', url).split(' ');
    expect(credentials.password).toBe('Tje0');
    expect(await user.run(words, at([['password for', `Tje0${enter}`]]))).toMatchObject({ exitCode: 0 });
    expect(await user.run(resync)).toMatchObject({ exitCode: 0 });
  });

  test.each<[string, string[], number]>([
    ['a server is named', [...resync, '--url', 'http://127.0.0.1:9', '--auth', 'none', '--retries', '0'], 7],
    ['a profile is named', [...resync, '-p', 'prod'], 3],
    ['nothing may be asked', [...resync, '--no-input'], 3],
    ['no server is needed', ['runs', 'list'], 0],
  ])('when %s then nothing is asked', async (_, args, code) => {
    const { exitCode, stderr } = await machineHere().run(args, at([]));
    expect(exitCode).toBe(code);
    expect(stderr).not.toContain('what now?');
  });
});

test('when nobody is there then one line tells why, and how to go on', async () => {
  expectRefusal(await machineHere().run(resync), 3, [
    'there is no server to talk to: no profile is stored',
    'erpsync profile add <name> --url <url> --username <name>',
    'erpsync sandbox',
  ]);
});
