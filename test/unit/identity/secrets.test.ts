import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  givenSecret,
  type SecretFlags,
  type SecretIo,
  secretSources,
} from '../../../src/identity/secrets.ts';

interface Outside {
  readonly flags?: Partial<SecretFlags>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly uid?: number | undefined;
}

async function password({ flags = {}, environment = {}, input, uid = 0 }: Outside) {
  const warnings: string[] = [];
  const io: SecretIo = {
    environment,
    uid,
    openStdin: () => (input === undefined ? expect.unreachable() : Readable.from([Buffer.from(input)])),
    warn: (text) => warnings.push(text),
  };
  const found = await givenSecret('password', { stdin: false, file: undefined, ...flags }, io);
  return { found, warnings };
}

function secretFile(content: string, mode = 0o600): string {
  const directory = mkdtempSync(join(tmpdir(), 'erpsync-secret-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'secret');
  writeFileSync(file, content, { mode });
  return file;
}

describe('where a secret comes from', () => {
  test('when nothing is given then there is none', async () => {
    expect(await password({ environment: { ERPSYNC_TICKET: 'other', ERPSYNC_PASSWORD: '' } })).toEqual({
      found: undefined,
      warnings: [],
    });
  });

  test('when a flag and the variable give one then the flag counts', async () => {
    const environment = { ERPSYNC_PASSWORD: 'variable' };
    expect((await password({ environment, flags: { stdin: true }, input: 'piped' })).found).toEqual({
      value: 'piped',
      from: '--password-stdin',
    });
    expect((await password({ environment })).found).toEqual({ value: 'variable', from: 'ERPSYNC_PASSWORD' });
  });

  test('when both flags are given then neither is read', async () => {
    await expect(password({ flags: { stdin: true, file: '/nowhere' } })).rejects.toMatchObject({
      code: 'usage',
      message: '--password-stdin and --password-file exclude each other: each gives the password',
    });
  });

  test('when a secret has flags and a variable then they are named alike', () => {
    for (const [name, { variable, flag }] of Object.entries(secretSources)) {
      const words = name
        .replace(/[A-Z]/g, (letter) => ` ${letter}`)
        .toLowerCase()
        .split(' ');
      expect([flag, variable]).toEqual([`--${words.join('-')}`, `ERPSYNC_${words.join('_').toUpperCase()}`]);
    }
  });
});

describe('the line of a secret', () => {
  test.each([
    ['pw', 'pw'],
    ['pw\n', 'pw'],
    ['pw\r\n', 'pw'],
    [' pw ', ' pw '],
    ['pä:ss wörd€\n', 'pä:ss wörd€'],
    ['"quoted"', '"quoted"'],
  ])('when the text is %j then the secret is %j', async (text, value) => {
    const file = secretFile(text);
    expect((await password({ flags: { file } })).found?.value).toBe(value);
    expect((await password({ flags: { stdin: true }, input: text })).found?.value).toBe(value);
    expect((await password({ environment: { ERPSYNC_PASSWORD: text } })).found?.value).toBe(value);
  });

  test.each([
    ['', 'is empty'],
    ['\n', 'is empty'],
    ['\r\n', 'is empty'],
    ['Sentinel\nmore', 'more than one line'],
    ['Sentinel\n\n', 'more than one line'],
    ['Sentinel\u0000', 'more than one line'],
    ['Sentinel\u001b[0m', 'more than one line'],
  ])('when the text is %j then it is refused without being shown', async (text, words) => {
    const failed = password({ flags: { stdin: true }, input: text });
    await expect(failed).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(words) });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('Sentinel') });
  });

  test('when it is larger than any secret then reading ends with an error', async () => {
    const text = 'x'.repeat(65_537);
    const message = expect.stringContaining('more than 65536 bytes');
    await expect(password({ flags: { stdin: true }, input: text })).rejects.toMatchObject({ message });
    await expect(password({ flags: { file: secretFile(text) } })).rejects.toMatchObject({
      code: 'config',
      message,
    });
  });
});

describe('the file of a secret', () => {
  test.each([0o644, 0o640, 0o604, 0o620])(
    'when its mode is %o then a warning names the command',
    async (mode) => {
      const file = secretFile('pw', 0o600);
      const { chmodSync } = await import('node:fs');
      chmodSync(file, mode);
      const { found, warnings } = await password({ flags: { file } });
      expect(found?.value).toBe('pw');
      expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${file}`)]);
    },
  );

  test('when the system knows no modes then there is no warning', async () => {
    const file = secretFile('pw', 0o644);
    const io: SecretIo = {
      environment: {},
      uid: undefined,
      openStdin: () => expect.unreachable(),
      warn: () => expect.unreachable(),
    };
    expect((await givenSecret('password', { stdin: false, file }, io))?.value).toBe('pw');
  });

  test('when it is missing or a directory then it is told', async () => {
    const file = secretFile('pw');
    await expect(password({ flags: { file: `${file}.no` } })).rejects.toMatchObject({
      code: 'config',
      message: `--password-file ${file}.no cannot be read: no such file or directory (ENOENT)`,
    });
    mkdirSync(`${file}.d`, { mode: 0o700 });
    await expect(password({ flags: { file: `${file}.d` } })).rejects.toMatchObject({
      code: 'config',
      message: `--password-file ${file}.d cannot be used: it is a directory`,
    });
  });
});
