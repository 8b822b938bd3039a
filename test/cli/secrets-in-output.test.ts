/** Secrets stay out of everything that is printed, also where a server sends them back. */
import { describe, expect, test } from 'vitest';
import { machineHere } from '../support/in-process.ts';
import { answer, jsonAnswer, type Reaction, wireServer } from '../support/wire-server.ts';

const secrets = [
  'S3cret"pass/word',
  'app-Token-77',
  'T1cket==',
  'B3arer.token',
  'S3ssion=cookie',
  'Xsrf!value',
];
const environment = {
  ERPSYNC_PASSWORD: secrets[0] ?? '',
  ERPSYNC_APP_TOKEN: secrets[1] ?? '',
  ERPSYNC_TICKET: secrets[2] ?? '',
  ERPSYNC_TOKEN: secrets[3] ?? '',
  ERPSYNC_COOKIE: secrets[4] ?? '',
  ERPSYNC_XSRF_TOKEN: secrets[5] ?? '',
};

/** Every form in which a secret could be told. */
const forms = secrets.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(`svc:${secret}`).toString('base64'),
]);

/** Answers of a server that tells what it was sent. */
const echoes: [string, (request: string) => Reaction][] = [
  ['its own error', (request) => jsonAnswer(400, { Message: request, MessageDetail: `${forms.join(' ')}` })],
  [
    'a redirect',
    (request) => answer(302, '', { Location: `https://x.example/?q=${encodeURIComponent(request)}` }),
  ],
  ['a refusal of the login', (request) => jsonAnswer(401, { Error: true, ErrorMessage: request })],
  ['a name', () => jsonAnswer(200, { DisplayName: forms.join(' '), Active: false, Deleted: false })],
];

describe.each(echoes)('when a server sends secrets back in %s', (_, react) => {
  test.each([
    ['basic', 'json', []],
    ['ticket', 'table', []],
    ['bearer', 'ndjson', []],
    ['basic', 'yaml', []],
    ['xsrf', 'yaml', ['-vv']],
    ['xsrf', 'json', []],
    ['basic', 'table', ['-v']],
    ['basic', 'table', ['-vv']],
    ['ticket', 'json', ['-vv']],
    ['bearer', 'table', ['-v', '-v']],
    ['xsrf', 'table', ['-vv']],
    ['basic', 'table', ['-vv', '--transport', 'soap']],
  ])('with auth %s, -o %s and %j then none is printed', async (auth, form, more) => {
    const server = await wireServer(react);
    const line = [
      'force-resync',
      '--connection',
      '124',
      '--ids',
      '1',
      '--url',
      server.url,
      '--auth',
      auth,
      '--username',
      'svc',
    ];
    const { exitCode, stdout, stderr } = await machineHere().run(
      [...line, '-o', form, '--retries', '0', ...more],
      {
        env: environment,
      },
    );
    expect(exitCode).not.toBe(0);
    expect(server.requests).not.toEqual([]);
    const sent = forms.filter((text) => server.requests.join().includes(text));
    expect(sent.length).toBeGreaterThan(0);
    for (const text of sent) expect(stdout + stderr).not.toContain(text);
  });
});

test.each(['--password=hunter22', '--token=hunter22', '--app-token=hunter22', '--cookie=hunter22'])(
  'when a secret is given as %s then it is not repeated, and the right way is told',
  async (option) => {
    const { exitCode, stdout, stderr } = await machineHere().run([
      'profile',
      'add',
      'x',
      option,
      '-o',
      'json',
    ]);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).not.toContain('hunter22');
    expect(stdout).toContain(`${option.split('=')[0]}-stdin`);
  },
);
