/** The keychain of the system where there is none: on a server, or where its optional package was left out. */
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, inject, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type Machine, machine, temporaryDirectory } from '../support/program.ts';

const login = ['--url', 'https://crm.example.com', '--username', 'svc', '--password-stdin'];
const toKeychain = ['profile', 'add', 'prod', ...login, '--store', 'keychain', '-q'];
const input = 'S3cret-1';

function secretsOf(on: Machine): unknown {
  return JSON.parse(readFileSync(path.join(on.configDirectory, 'secrets.json'), 'utf8')).profiles;
}

/** A profile whose password is in the keychain of another machine. */
async function copiedProfile(): Promise<Machine> {
  const on = machine();
  await on.run(['profile', 'add', 'prod', ...login], { input });
  const origin = 'https://crm.example.com';
  const profiles = { prod: { origin, keychain: { password: 'there/prod/password/1' } } };
  const file = path.join(on.configDirectory, 'secrets.json');
  writeFileSync(file, JSON.stringify({ schemaVersion: 1, profiles }));
  return on;
}

describe.runIf(process.platform === 'linux')('where no secret service is', () => {
  test('when a profile shall keep its secrets there then nothing is stored, in no file either', async () => {
    const on = machine();
    expectRefusal(await on.run(toKeychain, { input }), 3, [
      'the keychain of the system cannot be used: no secret service answers',
      'D-Bus session',
      '--store file',
    ]);
    expect(existsSync(path.join(on.configDirectory, 'config.json'))).toBe(false);
    expect(existsSync(path.join(on.configDirectory, 'secrets.json'))).toBe(false);
  });

  test('when secrets shall move there then they stay where they are', async () => {
    const on = machine();
    await on.run(['profile', 'add', 'prod', ...login], { input });
    const before = secretsOf(on);
    const move = await on.run(['profile', 'set', 'prod', '--store', 'keychain']);
    expectRefusal(move, 3, ['the keychain of the system cannot be used: no secret service answers']);
    expect(secretsOf(on)).toEqual(before);
    expect(documentOf(await on.run(['profile', 'show', '-o', 'json']))).toMatchObject({ store: null });
  });

  test('when a stored secret is there then a call says so before it sends anything, and looking does not ask', async () => {
    const on = await copiedProfile();
    expectRefusal(await on.run(['engine', 'status']), 3, [
      'the keychain of the system cannot be used: no secret service answers',
    ]);
    const { stdout } = await on.run(['config', 'explain']);
    expect(stdout).toMatch(
      /^password +stored \(keychain\), for https:\/\/crm\.example\.com +profile "prod"$/m,
    );
    expect((await on.run(['profile', 'list'])).stdout).toContain('password (keychain)');
  });

  test('when secrets are given anew for the file then the profile is whole, and what stays behind is told', async () => {
    const on = await copiedProfile();
    const anew = await on.run(['profile', 'set', 'prod', '--store', 'file', '--password-stdin'], { input });
    expectRefusal(anew, 3, [
      'the profile is changed',
      'secrets stay in the keychain',
      'there/prod/password/1',
    ]);
    expect(secretsOf(on)).toEqual({ prod: { origin: 'https://crm.example.com', password: input } });
  });
});

test('when the optional package was left out then that is told', async () => {
  const folder = temporaryDirectory();
  const built = path.resolve(realpathSync(inject('program')), '../..');
  for (const name of ['bin', 'dist', 'package.json']) {
    cpSync(path.join(built, name), path.join(folder, name), { recursive: true });
  }
  const on = machine();
  mkdirSync(on.configDirectory, { recursive: true, mode: 0o700 });
  const { exitCode, stderr } = await execa(
    process.execPath,
    [path.join(folder, 'bin', 'erpsync.js'), ...toKeychain],
    { env: { PATH: process.env['PATH'] ?? '', HOME: on.home }, extendEnv: false, input, reject: false },
  );
  expect([exitCode, stderr]).toEqual([
    3,
    expect.stringMatching(
      /optional package @napi-rs\/keyring is not installed; .*--omit=optional.*--store file/,
    ),
  ]);
  expect(existsSync(path.join(on.configDirectory, 'secrets.json'))).toBe(false);
});

test.each<[string, unknown, string]>([
  ['no object', 'x', '/secrets.json cannot be used: "keychain" must be an object'],
  ['no account', { password: 1 }, '/secrets.json cannot be used: "password" must be a string'],
])('when the file has %s for the keychain then it is refused', async (_what, keychain, words) => {
  const on = await copiedProfile();
  const profiles = { prod: { origin: 'https://crm.example.com', keychain } };
  writeFileSync(
    path.join(on.configDirectory, 'secrets.json'),
    JSON.stringify({ schemaVersion: 1, profiles }),
  );
  expectRefusal(await on.run(['engine', 'status']), 3, [words]);
});

test('when eight profiles are added at once then all are there, and every file is for their owner alone', async () => {
  const on = machine();
  const names = Array.from({ length: 8 }, (_, index) => `p${index}`);
  const added = await Promise.all(
    names.map((name) => on.run(['profile', 'add', name, ...login], { input: name })),
  );
  expect(added.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
  expect(Object.keys(secretsOf(on) as object).toSorted()).toEqual(names);
  const { stdout } = await on.run(['profile', 'list', '-o', 'json']);
  expect(JSON.parse(stdout).items).toHaveLength(8);
  const modes = await execa('find', [on.configDirectory, '-printf', '%y %m %f\n']);
  expect(modes.stdout.split('\n').toSorted()).toEqual([
    'd 700 erpsync',
    'f 600 config.json',
    'f 600 secrets.json',
  ]);
});
