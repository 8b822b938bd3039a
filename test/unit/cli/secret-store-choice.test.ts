/** Who types a secret for a new profile is asked where to keep it, where the system may have a keychain. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../../src/cli/context.ts';
import type { Flag } from '../../../src/cli/flags.ts';
import add from '../../../src/commands/profile/add.ts';
import { temporaryDirectory } from '../../support/program.ts';

interface Person {
  readonly environment: Readonly<Record<string, string>>;
  /** What they take of the choices. */
  readonly choice?: RegExp;
}

/** Adds a profile for a person at a terminal; the keychain that they might take is not installed. */
async function adding({ environment, choice = /./ }: Person, given: Readonly<Record<string, unknown>> = {}) {
  const asked: string[] = [];
  const configDirectory = temporaryDirectory();
  const context = {
    host: {
      environment,
      platform: 'linux',
      uid: process.getuid?.(),
      keychainProgram: () => ['keychain'],
      askProgram: () => Promise.resolve({ kind: 'exited', code: 0, output: '{"kind":"no-package"}' }),
    },
    configDirectory,
    prompts: {
      available: true,
      secret: () => Promise.resolve('typed'),
      select(question: string, choices: readonly string[]) {
        asked.push(question);
        return Promise.resolve(choices.find((each) => choice.test(each)));
      },
    },
    warn: () => undefined,
    note: () => undefined,
  } as unknown as Context;
  const flags = Object.entries(add.flags).map(([key, flag]: [string, Flag<unknown>]) => [
    key,
    flag.read([], key),
  ]);
  const login = { name: 'p', url: 'https://a.example', username: 'u' };
  const ended = await add.run({ ...Object.fromEntries(flags), ...login, ...given }, context).then(
    () => 'done',
    (error: Error) => error.message,
  );
  const stored =
    ended === 'done' ? JSON.parse(readFileSync(path.join(configDirectory, 'config.json'), 'utf8')) : {};
  return { asked, ended, store: stored.profiles?.p.store };
}

const desktop = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' };

test('when the file is chosen then the profile says so', async () => {
  const { asked, ended, store } = await adding({ environment: desktop, choice: /^a file/ });
  expect([asked.length, ended, store]).toEqual([1, 'done', 'file']);
});

test('when the keychain is chosen then it is used, and there is no other place where it fails', async () => {
  const { ended } = await adding({ environment: desktop, choice: /keychain/ });
  expect(ended).toContain('the optional package @napi-rs/keyring is not installed');
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>]>([
  ['there is no desktop', {}, {}],
  ['--store says it', desktop, { store: 'file' }],
  ['no secret is typed', { ...desktop, ERPSYNC_PASSWORD: 'given' }, {}],
  ['a credential command gives it', desktop, { credentialCommand: ['vault'] }],
])('when %s then nobody is asked where', async (_what, environment, given) => {
  expect(await adding({ environment }, given)).toMatchObject({ asked: [], ended: 'done' });
});
