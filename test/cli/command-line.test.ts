/** How command lines are read: commands, options in any place, and errors as people and scripts see them. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

describe.concurrent('words that are not known', () => {
  test.each<[string, string[], string[]]>([
    ['a command', ['forceresync'], ['there is no command "forceresync"', 'did you mean "force-resync"?']],
    ['a group', ['profiel', 'list'], ['there is no command "profiel"', 'did you mean "profile"?']],
    [
      'a command of a group',
      ['profile', 'lst'],
      ['there is no command "profile lst": there are profile add, ', '"profile list"'],
    ],
    ['anything', ['xyzzy'], ['there is no command "xyzzy"', 'erpsync --help']],
    [
      'an option',
      ['profile', 'list', '--colour'],
      ['there is no option --colour: profile list has none', 'erpsync profile list --help'],
    ],
    [
      'a short option',
      ['profile', 'list', '-x'],
      ['there is no option -x: profile list has none', 'erpsync profile list --help'],
    ],
  ])('when %s is not known then it is named with what is', async (_, args, words) => {
    expectRefusal(await machineHere().run(args), 2, words);
  });

  test('when an option is not known then the nearest is named, before the missing source', async () => {
    const finished = await machineHere().run(['force-resync', '--id', '1']);
    expectRefusal(finished, 2, [
      'there is no option --id:',
      'did you mean "--ids"?',
      'erpsync force-resync --help',
    ]);
    expect(finished.stderr).not.toContain('source');
  });

  test.each(['--connection', '--dry-run'])(
    'when %s stands before the command then it is told where it belongs',
    async (option) => {
      const finished = await machineHere().run([option, '124', 'force-resync', '--ids', '1']);
      expectRefusal(finished, 2, [`${option} stands before the command`, "after the command's name"]);
    },
  );

  test.each<[string, string[], string]>([
    ['-V', ['-V'], '"--version"? See: erpsync --help'],
    ['-V', ['-V', 'runs', 'list'], '"--version"? See: erpsync --help'],
    ['-V', ['runs', 'list', '-V'], '"--version"? See: erpsync runs list --help'],
    ['-?', ['-?'], '"--help"? See: erpsync --help'],
    ['-O', ['-O', 'json', 'runs', 'list'], '"-o"? See: erpsync --help'],
    ['-z', ['-qz', 'runs', 'list'], 'see: erpsync --help'],
    ['-version', ['-version'], '"--version"? See: erpsync --help'],
    ['--dry-rnu', ['--dry-rnu', 'force-resync'], '"--dry-run"? See: erpsync --help'],
    ['--xyzzy-plugh', ['--xyzzy-plugh=1', 'runs', 'list'], 'see: erpsync --help'],
  ])('when no command has %s, as in %j, then that is told, with the nearest', async (option, args, next) => {
    const finished = await machineHere().run(args);
    expectRefusal(finished, 2, [`there is no option ${option}: `, next]);
    expect(finished.stderr).not.toContain('before');
  });

  test('when what stands behind an unknown option may be a secret then it is not repeated', async () => {
    const finished = await machineHere().run(['runs', 'list', '--pasword=Geheim1']);
    expectRefusal(finished, 2, ['there is no option --pasword']);
    expect(finished.stderr).not.toContain('Geheim1');
  });
});

describe.concurrent('values of options', () => {
  test.each<[string, string[], string[]]>([
    [
      'begins with --',
      ['--from-crm', '--ids', '--all'],
      ['the value of --ids is missing: --all stands', '--ids=--all'],
    ],
    [
      'is missing at the end',
      ['--from-crm', '--ids'],
      ['the value of --ids is missing', 'force-resync --help'],
    ],
    [
      'is given to a switch',
      ['--ids', '1', '--from-crm=yes'],
      ['a value of --from-crm cannot be used', 'force-resync --help'],
    ],
    ['is given twice', ['--from-crm', '--ids', '1', '-o', 'json', '-o', 'table'], []],
    ['is in excess', ['--from-crm', '--ids', '1', '959'], ['959', 'force-resync']],
  ])('when one %s then nothing is sent', async (what, args, words) => {
    const { url, requests } = tenant();
    const finished = await machineHere().run(['force-resync', '--url', url, '--auth', 'none', ...args]);
    expect(finished.exitCode).toBe(2);
    expect(requests).toEqual([]);
    if (what !== 'is given twice') return expectRefusal(finished, 2, words);
    expect(finished.stdout + finished.stderr).toContain('--output is given twice');
    return undefined;
  });

  test.each<[string, string[], string]>([
    ['too many', ['profile', 'show', 'a', 'b'], 'b'],
    ['too few', ['profile', 'use'], '<name> is missing'],
    ['an empty one', ['profile', 'remove', ''], '<name> cannot be used: it is empty'],
  ])('when there are %s arguments then it is told', async (_, args, word) => {
    expectRefusal(await machineHere().run(args), 2, [word]);
  });
});

describe.concurrent('the place of options', () => {
  test.each<[string, (url: string) => string[]]>([
    ['before the command', (url) => ['-o', 'json', 'force-resync', '--from-crm', '--ids', '7', '--url', url]],
    ['after it', (url) => ['force-resync', '--from-crm', '--ids=7', '--url', url, '--output', 'json']],
    [
      'before and after',
      (url) => ['--yes', '--output=json', 'force-resync', '--ids', '7', '--from-crm', '--url', url],
    ],
    ['with the value attached', (url) => ['-ojson', 'force-resync', `--url=${url}`, '--ids=7', '--from-crm']],
  ])('when they stand %s then they are read', async (_, args) => {
    const { url, bodiesOf } = tenant();
    const finished = await machineHere().run(args(url), { env: { ERPSYNC_AUTH: 'none' } });
    expect(documentOf(finished)).toMatchObject({ status: 'ok', exitCode: 0 });
    expect(bodiesOf('ForceResyncBatchTask')).toHaveLength(1);
  });
});

describe.concurrent('the version', () => {
  test('when the disk behind it is full then that is told in one line, code 14', async () => {
    const { exitCode, stderr } = await machine().run(['--version'], { redirect: '> /dev/full' });
    expect([exitCode, stderr]).toEqual([
      14,
      'erpsync: standard output cannot be written: no space left on device (ENOSPC); make room there; run the same command again\n',
    ]);
  });

  test('when it is asked for then it stands alone on stdout', async () => {
    expect(await machineHere().run(['force-resync', '--version'])).toMatchObject({
      exitCode: 0,
      stdout: '0.1.0\n',
      stderr: '',
    });
  });
});

describe.concurrent('errors as JSON', () => {
  test.each<[string, string[], string, number, string]>([
    ['', ['nonsense'], '', 2, 'usage'],
    ['', ['--nonsense', 'force-resync'], '', 2, 'usage'],
    ['an unknown option', ['force-resync', '--nonsense'], 'force-resync', 2, 'usage'],
    ['a bad value', ['force-resync', '--ids', 'x', '--from-crm'], 'force-resync', 2, 'usage'],
    ['no profile', ['force-resync', '--ids', '1', '--from-crm'], 'force-resync', 3, 'config'],
    ['an unknown profile', ['profile', 'use', 'nope'], 'profile use', 3, 'config'],
    [
      'no credential',
      ['force-resync', '--from-crm', '--ids', '1', '--url', 'http://localhost:9', '--username', 'x'],
      'force-resync',
      4,
      'auth',
    ],
  ])('when there is %s then %j prints one document', async (_, args, command, exitCode, code) => {
    const finished = await machineHere().run([...args, '-o', 'json']);
    expect([finished.exitCode, finished.stderr]).toEqual([exitCode, '']);
    const document = documentOf(finished);
    const hint = expect.any(String);
    const message = expect.any(String);
    expect(document).toMatchObject({
      schemaVersion: 1,
      status: 'failed',
      exitCode,
      error: { code, exitCode, message, hint },
    });
    expect(Object.keys(document)).toEqual(['schemaVersion', 'command', 'status', 'exitCode', 'error']);
    expect(String(document['command']).startsWith(command)).toBe(true);
  });

  test('when the form is ndjson then the error is the one line', async () => {
    const { exitCode, stdout, stderr } = await machineHere().run(['force-resync', '-o', 'ndjson']);
    expect([exitCode, stderr, stdout.split('\n').length]).toEqual([2, '', 2]);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'end', status: 'failed', error: { code: 'usage' } });
  });

  test('when it is quiet then errors are still told', async () => {
    expectRefusal(await machineHere().run(['force-resync', '-q']), 2, ['the source is missing']);
  });
});
