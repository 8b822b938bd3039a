/**
 * Every command, with secrets that stand out: none of them is in anything that is printed or stored, whichever way
 * calls travel, whether the server does what it is asked, refuses it, or sends back whatever it was sent.
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { answer, jsonAnswer, type WireServer, wireServer } from '../support/wire-server.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
/** With characters that every encoding writes in another way. */
const credentials = {
  username: 'sweeper',
  password: 'Sentinel"pass/word+ä<&>',
  ticket: '7T:SentinelTicket+/abc==',
  token: '8A:Cust00000.Sentinel-token',
  appToken: 'Sentinel-app-token/77',
  clientId: 'sweep',
  systemUserToken: 'sweep-SentinelSystemUser',
  privateKey,
};
/** Refresh tokens and access tokens are new for each login: what the sandbox gave, and what the program kept. */
const granted = new Set<string>();
/** Passwords of ERP systems that the sandbox's connections hold, and one that a command line below gives. */
const erpPasswords = ['visma-net-secret', 'visma-net-sweden-secret', 'Sentinel-erp-password'];
const keyLine = privateKey.split('\n')[5] ?? '';

const secrets = [
  credentials.password,
  credentials.ticket,
  credentials.token,
  credentials.appToken,
  credentials.systemUserToken,
  keyLine,
  ...erpPasswords,
];
/** Every form in which a secret could be told. */
function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`${credentials.username}:${secret}`).toString('base64'),
  ];
}

/** The secrets that a text holds, in whatever form. */
function secretsIn(text: string): readonly string[] {
  return [...secrets, ...granted].filter((secret) => formsOf(secret).some((form) => text.includes(form)));
}

/** Where secrets and tickets are meant to be, readable by their owner alone. */
const keptApart = ['secrets.json', 'tickets.json', 'tokens.json'];

const given = {
  'password.txt': credentials.password,
  'ticket.txt': credentials.ticket,
  'app-token.txt': credentials.appToken,
  'system-user-token.txt': credentials.systemUserToken,
  'private-key.pem': credentials.privateKey,
};
const others = {
  'profiles.json':
    '{"schemaVersion":1,"profiles":{"other":{"url":"https://crm.example.com","auth":"none"}}}\n',
  'connection.json': `{"configFields":{"Password":"${erpPasswords[2]}"}}\n`,
  'keys.txt': '100\n959\n',
  'keys.csv': 'Key;Name\n100;Ola\n',
};

/** What logs in, and what `profile add` takes for it. */
const logins = {
  basic: ['--username', credentials.username, '--password-file', 'password.txt'],
  ticket: ['--auth', 'ticket', '--ticket-file', 'ticket.txt'],
  'system-user': [
    '--auth',
    'system-user',
    '--system-user-token-file',
    'system-user-token.txt',
    '--private-key-file',
    'private-key.pem',
  ],
  oidc: ['--auth', 'oidc', '--client-id', credentials.clientId, '--refresh-token-file', 'refresh-token.txt'],
} as const;
type Login = keyof typeof logins;

const examples = (await Promise.all(commands.map((entry) => entry.load()))).flatMap(
  ({ path: words, examples: shown }) => shown.map(({ run }) => ({ command: words.join(' '), run })),
);
/** Those that serve, or run another program, are looked at by themselves; one prints a secret when it is asked to. */
const swept = [
  ...examples.filter(({ command }) => !['sandbox', 'engine pause', 'auth token'].includes(command)),
  {
    command: 'force-resync',
    run: 'erpsync force-resync --connection 124 --ids 100 --no-check --report junit=report.xml',
  },
];

/** Words of a command line that name files are made whole, since it runs in this process. */
function wordsOf(user: MachineHere, line: string): string[] {
  const named = [
    ...Object.keys(given),
    ...Object.keys(others),
    'refresh-token.txt',
    'nightly.run',
    'failed.txt',
    'erpsync.prom',
    'junit=report.xml',
  ];
  return line.split(' ').map((word) => {
    const name = named.find((file) => word === file || word === `@${file}`);
    if (name === undefined) return word;
    const file = name.split('=').at(-1) ?? '';
    return word.replace(file, path.join(user.home, file));
  });
}

/** A user with a profile for the server, stored with sentinel secrets. */
async function userOf(server: string, login: Login, transport: string): Promise<MachineHere> {
  const user = machineHere();
  const refreshToken = login === 'oidc' ? await consent() : '';
  for (const [name, content] of Object.entries({ ...given, ...others, 'refresh-token.txt': refreshToken })) {
    writeFileSync(path.join(user.home, name), content, { mode: 0o600 });
  }
  const isOnline = login === 'system-user' || login === 'oidc';
  const address = isOnline ? `--online-url ${server} --tenant Cust00000` : `--url ${server}`;
  const line = `profile add prod ${address} ${logins[login].join(' ')} --app-token-file app-token.txt --transport ${transport}`;
  const added = await user.run(wordsOf(user, line));
  expect(added).toMatchObject({ exitCode: 0 });
  return user;
}

/** All that the program stored, but for what is meant to hold secrets, and what the test gave it. */
function stored(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        ![...keptApart, ...Object.keys(given), ...Object.keys(others), 'refresh-token.txt'].includes(
          path.basename(file),
        ),
    )
    .map((file) => path.join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

/** Runs each example; returns the forms of secrets that were seen, by command line. */
async function leaks(
  server: string,
  login: Login,
  transport: string,
  more: readonly string[],
): Promise<{ readonly leaks: readonly string[]; readonly codes: readonly (number | undefined)[] }> {
  const user = await userOf(server, login, transport);
  const found: string[] = [];
  const codes: (number | undefined)[] = [];
  for (const { run } of swept) {
    const words = wordsOf(user, run).slice(1);
    const options =
      run.includes(' -p ') || run.startsWith('erpsync profile') ? more : ['-p', 'prod', ...more];
    const { exitCode, stdout, stderr } = await user.run([...words, ...options]);
    codes.push(exitCode);
    for (const token of accessTokensOf(user)) granted.add(token);
    // What the example itself removes, renames or revokes is made anew.
    if (/^erpsync (?:profile (?:rename|set|use)|auth logout)/.test(run)) {
      await user.run(['profile', 'remove', 'production', '--yes']);
      await user.run(['profile', 'remove', 'prod', '--yes']);
      const again = await userOf(server, login, transport);
      found.push(...seenIn(stored(user.home), `files of: ${run}`));
      Object.assign(user, again);
    }
    found.push(...seenIn(stdout + stderr, run));
  }
  found.push(...seenIn(stored(user.home), 'files'));
  return { leaks: found, codes };
}

function seenIn(text: string, where: string): string[] {
  return secretsIn(text).map((secret) => `${where}: ${secret}`);
}

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ host: '127.0.0.1', port: 0, surroundings: { credentials } });
});
afterAll(() => sandbox.close());

/** What the app gets when a person allows it to log in: a refresh token of the sandbox. */
async function consent(): Promise<string> {
  const verifier = 'a-verifier-that-is-at-least-43-characters-long';
  const app = { client_id: credentials.clientId, redirect_uri: 'http://127.0.0.1:49152' };
  const asked = { ...app, response_type: 'code', scope: 'openid', code_challenge: verifier, state: 's' };
  const login = `${sandbox.url}/login/common/oauth`;
  const page = await fetch(`${login}/authorize?${new URLSearchParams(asked)}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ username: credentials.username, password: credentials.password }),
  });
  const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const form = { ...app, grant_type: 'authorization_code', code, code_verifier: verifier };
  const answer = await fetch(`${login}/tokens`, { method: 'POST', body: new URLSearchParams(form) });
  const { refresh_token: token } = (await answer.json()) as { refresh_token: string };
  granted.add(token);
  return token;
}

/** The access tokens that the program has kept. */
function accessTokensOf({ configDirectory }: MachineHere): readonly string[] {
  const file = path.join(configDirectory, 'tokens.json');
  if (!existsSync(file)) return [];
  const { profiles } = JSON.parse(readFileSync(file, 'utf8')) as {
    profiles: Readonly<Record<string, { readonly ticket?: string }>>;
  };
  return Object.values(profiles).flatMap(({ ticket }) => ticket ?? []);
}

/** A server that sends back all that it is sent, as its own error, with the secrets in it in every form. */
function echo(): Promise<WireServer> {
  return wireServer((request) => {
    const text = `${request} ${secretsIn(request).flatMap(formsOf).join(' ')}`;
    if (!/^soapaction:/im.test(request)) return jsonAnswer(500, { Error: true, ErrorMessage: text });
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>${escaped}</faultstring></s:Fault></s:Body></s:Envelope>`;
    return answer(500, fault, { 'Content-Type': 'text/xml; charset=utf-8' });
  });
}

const ways = (['rest', 'soap'] as const).flatMap((transport) =>
  (Object.keys(logins) as Login[]).map((login) => ({ transport, login })),
);

describe.each(ways)('with auth $login over $transport', ({ transport, login }) => {
  test('when every command does its work then no secret is told or stored', async () => {
    const { leaks: seen, codes } = await leaks(sandbox.url, login, transport, ['-vv']);
    expect(seen).toEqual([]);
    // The sweep is worth something as long as most command lines work.
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(swept.length * 0.7);
    if (login === 'oidc') expect([...granted].filter((token) => token.startsWith('8A:'))).not.toEqual([]);
  });

  test('when the server sends back what it is sent then no secret is told or stored', async () => {
    const server = await echo();
    const { leaks: seen, codes } = await leaks(server.url, login, transport, ['-vv', '--retries', '0']);
    expect(seen).toEqual([]);
    expect(server.requests.length).toBeGreaterThan(20);
    expect(codes.filter((code) => code !== 0).length).toBeGreaterThan(swept.length * 0.4);
  });
});

test.each(['rest', 'soap'])(
  'when results come over %s as JSON then no secret is in them',
  async (transport) => {
    const { leaks: seen } = await leaks(sandbox.url, 'basic', transport, ['-o', 'json']);
    expect(seen).toEqual([]);
  },
);
