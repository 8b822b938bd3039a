/** How errors look: what, why and what to do next; in lines at a terminal, in one line elsewhere, and as JSON. */
import { describe, expect, test } from 'vitest';
import { documentOf } from '../support/expectations.ts';
import { machineHere, runHere } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { answer, noContent } from '../support/wire-server.ts';

const env = { TERM: 'xterm-256color' };
const all = ['force-resync', '--from-crm', '--all', '--url', 'http://127.0.0.1:9'];

describe('an error', () => {
  test('when stderr is a terminal then what, why and next are lines of their own', async () => {
    const finished = await runHere(all, { env: { ...env, NO_COLOR: '1' }, terminal: { columns: 80 } });
    expect(finished).toEqual({
      exitCode: 2,
      signal: undefined,
      stdout: '',
      stderr:
        'erpsync: --all means every record\n    why: nobody is there to confirm it\n   next: add --yes if that is meant; see: erpsync force-resync --help\n',
    });
  });

  test('when it is none then they are one line', async () => {
    const { stderr } = await runHere(all);
    expect(stderr).toBe(
      'erpsync: --all means every record: nobody is there to confirm it; add --yes if that is meant; see: erpsync force-resync --help\n',
    );
  });

  test('when the terminal has colour then the words are the same', async () => {
    const plain = await runHere(all, { env: { ...env, NO_COLOR: '1' }, terminal: { columns: 80 } });
    const painted = await runHere(all, { env, terminal: { columns: 80 } });
    const refused = await runHere([...all, '--no-color'], { env, terminal: { columns: 80 } });
    expect(painted.stderr).toContain('\u001b[31merpsync:\u001b[39m ');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that are taken away
    expect(painted.stderr.replace(/\u001b\[\d+m/g, '')).toBe(plain.stderr);
    expect(refused.stderr).toBe(plain.stderr);
  });

  test('when it is a document then the message holds what and why', async () => {
    const finished = await runHere([...all, '-o', 'json'], { env, terminal: { columns: 80 } });
    expect(finished.stderr).toBe('');
    expect(documentOf(finished)['error']).toEqual({
      code: 'usage',
      exitCode: 2,
      message: '--all means every record: nobody is there to confirm it',
      why: 'nobody is there to confirm it',
      hint: 'add --yes if that is meant; see: erpsync force-resync --help',
    });
  });

  test('when the next command is only looked at then it stands alone', async () => {
    const { stderr } = await runHere(['runs', 'show', 'x'], {
      env: { ...env, NO_COLOR: '1' },
      terminal: { columns: 80 },
    });
    expect(stderr).toBe(
      'erpsync: there is no run "x"\n    why: there is none at all\n   next: erpsync runs list\n',
    );
  });

  test('when it is a part of a result then its parts are lines of their own, too', async () => {
    const server = await resyncServer((keys) =>
      keys[0] === 2 ? answer(503, '', { 'Retry-After': '0' }) : noContent,
    );
    const { stderr, exitCode } = await runHere(
      runLine(server.url, 2, '--concurrency', '1', '--retries', '0', '--run', 'nightly', '-q'),
      { env: { ...env, NO_COLOR: '1' }, terminal: { columns: 80 } },
    );
    expect(exitCode).toBe(10);
    expect(stderr).toMatch(
      /^erpsync: 1 of 2 keys accepted, 1 not sent\n {4}why: [^\n]+\n {3}next: send the rest: erpsync resume nightly\n$/,
    );
  });

  test('when it ends a run then it is told in the same form', async () => {
    const { stderr, exitCode } = await runHere(
      [
        'force-resync',
        '--from-crm',
        '--ids',
        '1',
        '--url',
        'http://127.0.0.1:9',
        '--auth',
        'none',
        '--retries',
        '0',
      ],
      { env: { ...env, NO_COLOR: '1' }, terminal: { columns: 80 } },
    );
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(
      /^erpsync: [^\n]*127\.0\.0\.1:9 was not reached\n {4}why: the connection was refused\n {3}next: [^\n]+\n$/m,
    );
  });

  test('when a credential is missing then it is told how to store it', async () => {
    const user = machineHere();
    await user.run(['profile', 'add', 'prod', '--url', 'http://127.0.0.1:9', '--username', 'x']);
    const { exitCode, stderr } = await user.run(['connections', 'list']);
    expect([exitCode, stderr]).toEqual([
      4,
      'erpsync: auth basic needs a password: none is stored or given; give it with ERPSYNC_PASSWORD, --password-file or --password-stdin, or store it: erpsync profile set prod --password-file <file>\n',
    ]);
  });
});
