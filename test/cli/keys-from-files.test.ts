/** Keys from files and standard input: what is no list of keys sends nothing and is told with its line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineAtHome } from '../support/in-process.ts';
import type { RunOptions } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

interface Outside extends RunOptions {
  /** Written to `keys.txt` first. */
  readonly file?: string | Uint8Array;
  /** Instead of `keys.txt`. */
  readonly source?: string;
  readonly args?: readonly string[];
  readonly on?: MachineHere;
}

/** Runs force-resync with the keys of a file, against a server that would take everything. */
async function resync({ file, source = 'keys.txt', args = [], on = machineAtHome(), ...options }: Outside) {
  const { url, bodiesOf, requests } = tenant();
  if (file !== undefined) writeFileSync(path.join(on.home, 'keys.txt'), file);
  const given = ['force-resync', '--from-crm', '--ids-file', source, '--url', url];
  const finished = await on.run([...given, ...(args.length === 0 ? ['--auth', 'none'] : args)], options);
  const sent = bodiesOf('ForceResyncBatchTask');
  return { finished, requests, keys: sent.flatMap((body) => Reflect.get(Object(body), 'InternalKeyIds')) };
}

async function expectRefused(outside: Outside, words: readonly string[]): Promise<void> {
  const { finished, requests } = await resync(outside);
  expectRefusal(finished, 2, words);
  expect(requests).toEqual([]);
}

/** Bytes that are no text, the same in every run. */
const binary = Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7_919 + (index >> 3)) % 256);

describe('a file without usable keys', () => {
  test.each<[string, string | Uint8Array, string[]]>([
    ['is empty', '', ['keys.txt cannot be used: it holds no key, so nothing was sent', '--all']],
    [
      'has only comments and blank lines',
      '# a\r\n\n   \n#1\n',
      ['keys.txt cannot be used: it holds no key, so nothing was sent'],
    ],
    ['is binary', binary, ['keys.txt, line 1', 'not UTF-8 text', 'one key a line']],
    ['holds a NUL', '1\n2\0\n', ['keys.txt, line 2', 'text', 'one key a line']],
    ['ends inside a character', Buffer.from('1\n2\nä').subarray(0, -1), ['keys.txt, line 3', 'not UTF-8']],
    [
      'holds a byte of Latin-1',
      Buffer.from('1\n# caf\xe9\n2\n', 'latin1'),
      ['keys.txt, line 2', 'not UTF-8'],
    ],
    ['holds one wrong line', '1\n2\nx7\n4\n', ['keys.txt, line 3', '"x7"', '1 to 2147483647']],
    ['holds two keys a line', '100,200\n', ['keys.txt, line 1', '"100,200"']],
    ['holds a range', '1\r\n1-5\r\n', ['keys.txt, line 2', '"1-5"']],
    ['holds a comment behind a key', '5 # five\n', ['keys.txt, line 1', '"5 # five"']],
    ['holds escape sequences', '1\n\u001b]0;x\u0007\n', ['keys.txt, line 2', '\\u001b']],
    ['is one line of 10 MB', '9'.repeat(10_000_000), ['keys.txt, line 1', 'longer than', 'one key a line']],
    [
      'holds more than --max-keys',
      '1\n2\n3\n',
      ['keys.txt cannot be used: it holds more than 2 keys', '--max-keys'],
    ],
  ])('when it %s then file, line and rule are named', async (what, file, words) => {
    const limit = what.includes('max-keys') ? ['--auth', 'none', '--max-keys', '2'] : [];
    await expectRefused({ file, args: limit }, words);
  });

  test('when a line is very long then only its beginning is shown', async () => {
    const { finished } = await resync({ file: `${'8'.repeat(4_000)}\n` });
    expectRefusal(finished, 2, ['keys.txt, line 1', '"8888', '..."']);
    expect(finished.stderr.length).toBeLessThan(250);
  });

  test('when it is empty then --yes does not make it every record', async () => {
    await expectRefused({ file: '\n', args: ['--auth', 'none', '--yes'] }, ['holds no key']);
  });

  test('when it is missing then it is told', async () => {
    await expectRefused({ source: 'nofile.txt' }, [
      'nofile.txt cannot be read: no such file or directory (ENOENT)',
      'give the path',
    ]);
  });

  test('when it is a directory then it is told', async () => {
    const on = machineAtHome();
    mkdirSync(path.join(on.home, 'keys'));
    await expectRefused({ source: 'keys', on }, [
      'keys cannot be used: it is a directory',
      'text file',
      'one key a line',
    ]);
  });
});

describe('a file of keys', () => {
  test.each<[string, string | Uint8Array]>([
    ['Windows line ends', '100\r\n959\r\n7\r\n'],
    ['a BOM and no last line end', '\uFEFF100\n959\n7'],
    ['comments, blank lines and blanks', '# list\n\n 100\n\t959 \n   # more\n7\n\n'],
    ['duplicates', '100\n959\n100\n7\n959\n'],
  ])('when it has %s then its keys are sent in their order', async (_, file) => {
    const { finished, keys } = await resync({ file });
    expect([finished.exitCode, keys]).toEqual([0, [100, 959, 7]]);
  });
});

describe('standard input', () => {
  test('when it holds keys then they are sent', async () => {
    const { finished, keys } = await resync({ source: '-', input: '\uFEFF5\r\n6\r\n' });
    expect([finished.exitCode, keys]).toEqual([0, [5, 6]]);
  });

  test.each([
    ['is empty', ''],
    ['holds comments only', '# none today\n'],
  ])('when it %s then nothing is sent', async (_, input) => {
    await expectRefused({ source: '-', input }, [
      'standard input cannot be used: it holds no key, so nothing was sent',
    ]);
  });

  test('when it is closed then nothing is sent', async () => {
    await expectRefused({ source: '-' }, ['standard input cannot be used: it holds no key']);
  });

  test('when it holds a wrong line then the line is named', async () => {
    await expectRefused({ source: '-', input: '1\nzwei\n' }, ['standard input, line 2', '"zwei"']);
  });

  test.each([
    ['keys', '1\n2\n'],
    ['a password', 'S3cret-Sentinel\n'],
    ['nothing', ''],
  ])(
    'when keys and password shall both come from it and it holds %s then it is not read',
    async (_, input) => {
      const args = ['--username', 'tje0', '--password-stdin'];
      const { finished, requests } = await resync({ source: '-', input, args });
      const words = [
        '--ids-file -',
        '--password-stdin',
        'exclude each other: standard input can be read once',
        'a file',
      ];
      expectRefusal(finished, 2, words);
      expect(finished.stderr).not.toContain('S3cret-Sentinel');
      expect(requests).toEqual([]);
    },
  );
});
