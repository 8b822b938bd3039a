/** Files as editors on Windows write them: each line ends with CR and LF, and a BOM may stand before the first. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { machineAtHome } from '../support/in-process.ts';
import { resyncServer } from '../support/resync-server.ts';
import { jsonAnswer, wireServer } from '../support/wire-server.ts';

/** The same text with Windows line ends. */
const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;

describe('internal keys', () => {
  test.each([
    ['lines', 'k.txt', '# list\n\n100\n959\n', []],
    ['CSV', 'k.csv', 'Name,Key\n"Ola, Kari",100\n"two\nlines",959\n', ['--column', 'Key']],
    ['CSV whose last column is the key', 'k.csv', 'Name;Key\nOla;100\nKari;959\n', ['--column', 'Key']],
    ['TSV', 'k.tsv', '100\tOla\n959\tKari\n', ['--column', '1']],
    ['NDJSON', 'k.ndjson', '{"id":100}\n\n{"id":"959"}\n', ['--column', 'id']],
  ])('when they come as %s then they are read as they are meant', async (_, file, text, flags) => {
    const user = machineAtHome();
    const server = await resyncServer();
    writeFileSync(path.join(user.home, file), windows(text));
    const line = ['force-resync', '--from-crm', '--ids-file', file, '--url', server.url, '--auth', 'none'];
    const { exitCode, stderr } = await user.run([...line, '--no-check', ...flags]);
    expect([exitCode, server.requests], stderr).toEqual([0, [[100, 959]]]);
  });
});

test.each([
  ['lines', 'k.txt', 'C1\nC 2\n', []],
  ['CSV', 'k.csv', 'Name,No\nOla,C1\nKari,C 2\n', ['--column', 'No']],
])('when ERP keys come as %s then no key has the line end in it', async (_, file, text, flags) => {
  const user = machineAtHome();
  const server = await wireServer(() => jsonAnswer(200, { IsOk: true }));
  writeFileSync(path.join(user.home, file), windows(text));
  const keys = ['--external-keys-file', file, '--actor-type', 'Customer', ...flags];
  const line = ['force-resync', '--connection', '124', ...keys, '--url', server.url, '--auth', 'none'];
  const { exitCode, stderr } = await user.run([...line, '--no-check']);
  expect(exitCode, stderr).toBe(0);
  const [request = ''] = server.requests;
  expect(JSON.parse(request.split('\r\n\r\n')[1] ?? '').ExternalKeys).toEqual(['C1', 'C 2']);
});

test('when a password, profiles and data come so then they are taken without the line ends', async () => {
  const user = machineAtHome();
  const server = await wireServer(() => jsonAnswer(200, { Any: 1 }));
  const profiles = {
    schemaVersion: 1,
    profiles: { prod: { url: server.url, auth: 'basic', username: 'tje0' } },
  };
  writeFileSync(
    path.join(user.home, 'profiles.json'),
    windows(`${JSON.stringify(profiles, undefined, 2)}\n`),
  );
  expect(await user.run(['profile', 'import', 'profiles.json'])).toMatchObject({ exitCode: 0 });
  writeFileSync(path.join(user.home, 'password.txt'), 'Tje0\r\n', { mode: 0o600 });
  expect(await user.run(['profile', 'set', 'prod', '--password-file', 'password.txt'])).toMatchObject({
    exitCode: 0,
  });
  writeFileSync(path.join(user.home, 'data.json'), windows('{\n  "ErpConnectionId": 124\n}\n'));
  const called = await user.run(['call', 'GetConnection', '--data', '@data.json']);
  expect(called.exitCode, called.stderr).toBe(0);
  expect(server.requests.at(-1)).toMatch(/\{"ErpConnectionId":124\}$/);
  const [, credentials = ''] = /^authorization: Basic (\S+)/im.exec(server.requests.at(-1) ?? '') ?? [];
  expect(Buffer.from(credentials, 'base64').toString()).toBe('tje0:Tje0');
});
