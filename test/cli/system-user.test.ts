/** An app as the system user of a tenant: the exchange, the ticket that is kept, and tokens that are not taken. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { createSigningKey } from '../../src/sandbox/signing-key.ts';
import type { TlsFiles } from '../../src/sandbox/tls-files.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { type Machine, machine, temporaryDirectory } from '../support/program.ts';
import { proxyServer } from '../support/proxy-server.ts';
import { type Received, tenantServer } from '../support/tenant-server.ts';
import { noContent, wireServer } from '../support/wire-server.ts';
import { certificate, privateKey } from '../unit/sandbox/test-certificate.ts';

const status = ['engine', 'status', '-o', 'json'];
const authenticate = '/Login/api/PartnerSystemUser/Authenticate';
const soapService = '/login/services/PartnerSystemUserService.svc';

async function sandbox(now: () => number = Date.now, tls?: TlsFiles) {
  const logFile = path.join(temporaryDirectory(), 'log');
  const running = await startSandbox({
    ...{ host: '127.0.0.1', port: 0, logFile, online: true, tls },
    surroundings: { now },
  });
  onTestFinished(() => running.close());
  const paths = (): string[] =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).path);
  return { ...running, exchanges: () => paths().filter((each) => /partnersystemuser/i.test(each)), paths };
}
type Online = Pick<Awaited<ReturnType<typeof sandbox>>, 'url' | 'tenant' | 'credentials'>;

/** A user with a profile `app` of the system user, its secrets stored. */
async function withProfile<M extends Machine | MachineHere>(
  on: M,
  { url, tenant, credentials }: Online,
  change: Readonly<Record<string, string>> = {},
): Promise<M> {
  const secrets = {
    'system-user-token': credentials.systemUserToken,
    'private-key': credentials.privateKey,
    'app-token': credentials.appToken,
    ...change,
  };
  const files = Object.entries(secrets).flatMap(([name, text]) => {
    const file = path.join(on.home, name);
    writeFileSync(file, text, { mode: 0o600 });
    return [`--${name}-file`, file];
  });
  const add = ['profile', 'add', 'app', '--tenant', tenant, '--online-url', url, '--auth', 'system-user'];
  expect(await on.run([...add, ...files])).toMatchObject({ exitCode: 0 });
  return on;
}

const ticketsOf = ({ configDirectory }: Pick<Machine, 'configDirectory'>): string =>
  path.join(configDirectory, 'tickets.json');

/** The kept ticket becomes one that the server does not know. */
function forget(on: Pick<Machine, 'configDirectory'>): void {
  const kept = JSON.parse(readFileSync(ticketsOf(on), 'utf8'));
  kept.profiles.app.ticket = '7T:forgotten';
  writeFileSync(ticketsOf(on), JSON.stringify(kept), { mode: 0o600 });
}

describe('the system user', () => {
  test.each([
    ['rest', authenticate],
    ['soap', soapService],
  ])(
    'when calls go over %s then the login does, once, and nothing of it is shown',
    async (transport, exchange) => {
      const server = await sandbox();
      const on = await withProfile(machineHere(), server);
      const outputs: string[] = [];
      for (const command of [status, ['connections', 'list'], status]) {
        const { exitCode, stdout, stderr } = await on.run([...command, '--transport', transport]);
        expect([exitCode, stderr]).toEqual([0, '']);
        outputs.push(stdout, stderr);
      }
      expect(server.exchanges()).toEqual([exchange]);
      expect(statSync(ticketsOf(on)).mode & 0o777).toBe(0o600);
      const { ticket } = JSON.parse(readFileSync(ticketsOf(on), 'utf8')).profiles.app;
      for (const secret of [ticket, ...Object.values(server.credentials)])
        expect(outputs.join()).not.toContain(secret);
    },
  );

  test('when it resyncs then its batch tasks are found as its own', async () => {
    const on = await withProfile(machineHere(), await sandbox());
    const finished = await on.run([
      'force-resync',
      '--connection',
      '124',
      '--ids',
      '100,959',
      '--wait',
      '-o',
      'json',
    ]);
    expect(documentOf(finished)).toMatchObject({ status: 'ok', tasks: [{ state: 'Succeeded' }] });
  });

  test.each(['rest', 'soap'])(
    'when its ticket has expired then all requests under way over %s get one new one',
    async (transport) => {
      const server = await sandbox();
      const on = await withProfile(machineHere(), server);
      await on.run(status);
      forget(on);
      const many = [
        'force-resync',
        '--connection',
        '124',
        '--ids',
        '1-40',
        '--chunk-size',
        '1',
        '--rate',
        '0',
      ];
      const finished = await on.run([
        ...many,
        '--no-check',
        '--concurrency',
        '8',
        '--transport',
        transport,
        '-o',
        'json',
      ]);
      expect(documentOf(finished)).toMatchObject({ status: 'ok', keys: { accepted: 40 } });
      expect(server.exchanges()).toHaveLength(2);
    },
  );

  test('when 20 processes find the same ticket expired then one of them logs in', async () => {
    const server = await sandbox();
    const on = await withProfile(machine(), server);
    await on.run(status);
    forget(on);
    const ends = await Promise.all(Array.from({ length: 20 }, () => on.run(status)));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(server.exchanges()).toHaveLength(2);
    expect(readdirSync(on.configDirectory).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  test('when raw requests are made then an expired ticket is renewed for them, too', async () => {
    const server = await sandbox();
    const on = await withProfile(machineHere(), server);
    await on.run(status);
    forget(on);
    const finished = await on.run(['api', '/api/v1/User/currentPrincipal']);
    expect([finished.exitCode, JSON.parse(finished.stdout).UserName]).toEqual([0, 'SYSTEM']);
    expect(server.exchanges()).toHaveLength(2);
  });

  test('when the secrets come from variables then nothing is kept', async () => {
    const { url, tenant, credentials, exchanges } = await sandbox();
    const on = machineHere();
    const env = {
      ERPSYNC_TENANT: tenant,
      ERPSYNC_ONLINE_URL: url,
      ERPSYNC_AUTH: 'system-user',
      ERPSYNC_SYSTEM_USER_TOKEN: credentials.systemUserToken,
      ERPSYNC_PRIVATE_KEY: credentials.privateKey.replaceAll('\n', '\\n'),
      ERPSYNC_APP_TOKEN: credentials.appToken,
    };
    for (const _ of [1, 2]) expect((await on.run(status, { env })).exitCode).toBe(0);
    expect(exchanges()).toHaveLength(2);
    expect(readdirSync(on.configDirectory)).toEqual(['tenants']);
  });

  test('when there is a proxy then state, login, keys and calls go through it', async () => {
    const server = await sandbox();
    const on = await withProfile(machineHere(), server);
    const proxy = await proxyServer({ login: 'user:pass' });
    const flags = ['--proxy', `http://user@127.0.0.1:${proxy.port}`];
    const finished = await on.run([...status, ...flags], { env: { ERPSYNC_PROXY_PASSWORD: 'pass' } });
    expect(finished.exitCode).toBe(0);
    expect(proxy.asked).toEqual(server.paths().map((asked) => server.url + asked));
    expect(proxy.asked).toHaveLength(4);
  });
});

test('when the network has a proxy and a CA of its own then state, login, keys and calls go through both', async () => {
  const directory = temporaryDirectory();
  const [certFile, keyFile] = ['cert.pem', 'key.pem'].map((name) => path.join(directory, name)) as [
    string,
    string,
  ];
  writeFileSync(certFile, certificate);
  writeFileSync(keyFile, privateKey);
  const server = await sandbox(Date.now, { certFile, keyFile });
  const proxy = await proxyServer({ login: 'user:pass' });
  const on = await withProfile(machineHere(), server);
  const through = [...status, '--proxy', `http://user@127.0.0.1:${proxy.port}`];
  const env = { ERPSYNC_PROXY_PASSWORD: 'pass' };
  expect((await on.run([...through, '--retries', '0'], { env })).exitCode).toBe(7);
  const before = proxy.asked.length;
  expect((await on.run([...through, '--ca-file', certFile], { env })).exitCode).toBe(0);
  const { host } = new URL(server.url);
  expect(proxy.asked.slice(before)).toEqual(proxy.asked.slice(before).map(() => host));
  expect(server.paths()).toEqual([
    '/api/state/Cust00000',
    authenticate,
    '/login/.well-known/jwks',
    '/api/v1/Agents/ErpSync/GetEngineStatus',
  ]);
});

test.each(['rest', 'soap'])(
  'when what goes over the wire is shown over %s then no secret is',
  async (transport) => {
    const server = await sandbox();
    const on = await withProfile(machineHere(), server);
    const { stderr, exitCode } = await on.run([...status, '--transport', transport, '-vv']);
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/partnersystemuser/i)]);
    const { ticket } = JSON.parse(readFileSync(ticketsOf(on), 'utf8')).profiles.app;
    const { systemUserToken, privateKey: key, appToken } = server.credentials;
    for (const secret of [ticket, systemUserToken, appToken, ...key.split('\n').slice(1, -2)]) {
      expect(stderr).not.toContain(secret);
    }
    expect(stderr).not.toMatch(/eyJ|\.\d{12}\./);
  },
);

describe('a login that is refused', () => {
  test.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['the app token is wrong', { 'app-token': 'wrong' }, ['application token is not valid']],
    ['the system user token is revoked', { 'system-user-token': 'Other-x' }, ['revoked', 'approve']],
  ])('when %s then it is told in the words of the service', async (_, change, words) => {
    for (const transport of ['rest', 'soap']) {
      const server = await sandbox();
      const on = await withProfile(machineHere(), server, change);
      const finished = await on.run(['engine', 'status', '--transport', transport]);
      expectRefusal(finished, 4, ['Cust00000', ...words]);
      expect(server.exchanges()).toHaveLength(1);
    }
  });

  test('when the key is that of another app then the private key is named', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const change = { 'private-key': other.export({ type: 'pkcs1', format: 'pem' }).toString() };
    const on = await withProfile(machineHere(), await sandbox(), change);
    expectRefusal(await on.run(['engine', 'status']), 4, ['InvalidSignature', 'private key']);
  });

  test.each([
    [7, 'behind'],
    [-7, 'ahead'],
  ])('when our clock is off by %i minutes then that is named', async (minutes, words) => {
    const server = await sandbox(() => Date.now() + minutes * 60_000);
    const on = await withProfile(machineHere(), server);
    const finished = await on.run(['engine', 'status']);
    expectRefusal(finished, 4, ['InvalidTimestamp', `the clock of this machine is 7 min ${words}`]);
  });

  test('when the server is named by its url then the login is refused before anything is sent', async () => {
    const { url, credentials, paths } = await sandbox();
    const env = {
      ERPSYNC_SYSTEM_USER_TOKEN: 'x',
      ERPSYNC_PRIVATE_KEY: credentials.privateKey,
      ERPSYNC_APP_TOKEN: 'x',
    };
    const finished = await machineHere().run(['engine', 'status', '--url', url, '--auth', 'system-user'], {
      env,
    });
    expectRefusal(finished, 3, ['system-user', '--tenant']);
    expect(paths()).toEqual([]);
  });

  test('when a secret is missing then it is named', async () => {
    const flags = ['--tenant', 'Cust1', '--env', 'sod', '--auth', 'system-user'];
    const env = { ERPSYNC_SYSTEM_USER_TOKEN: 'x' };
    expectRefusal(await machineHere().run(['engine', 'status', ...flags], { env }), 4, [
      'private key',
      '--private-key-file',
    ]);
  });

  test('when the key of a profile is none then it is not stored, nor shown', async () => {
    const on = machineHere();
    const add = ['profile', 'add', 'app', '--tenant', 'Cust1', '--env', 'sod', '--auth', 'system-user', '-q'];
    const finished = await on.run([...add, '--private-key-stdin'], { input: 'Sentinel\nSentinel\n' });
    expectRefusal(finished, 2, ['private key']);
    expect(finished.stderr).not.toContain('Sentinel');
  });
});

const server = tenantServer();
const claim = (name: string): string => `http://schemes.superoffice.net/identity/${name}`;

/** Online with a login service that answers as a test has it. */
function online(reply: (request: Received, url: string) => { status: number; body?: unknown }) {
  const tenant = server();
  const place = server((request) => {
    if (!request.path.startsWith('/api/state/')) return reply(request, place.url);
    const Endpoint = tenant.url;
    return {
      status: 200,
      body: { ContextIdentifier: 'Cust00000', Endpoint, Api: `${Endpoint}/api`, State: 'Running' },
    };
  });
  return { tenant, url: place.url, requests: place.requests };
}

const good = (now = Date.now()): Readonly<Record<string, unknown>> => ({
  iss: 'SuperOffice AS',
  aud: 'spn:77',
  [claim('serial')]: '77',
  [claim('ctx')]: 'cust00000',
  [claim('ticket')]: '7T:fromJwt',
  iat: String(Math.floor(now / 1000)),
  nbf: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 300,
});

const [ours, theirs] = [createSigningKey(), createSigningKey()];
const withoutName = (keys: object): object => ({
  keys: (Reflect.get(keys, 'keys') as object[]).map((key) => ({ ...key, kid: 'other', x5t: undefined })),
});

async function credentialsOf() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  await running.close();
  return { tenant: 'Cust00000', credentials: running.credentials };
}

async function runWith(token: string, keys: object) {
  const place = online(({ path: asked }) =>
    asked === authenticate
      ? { status: 200, body: { IsSuccessful: true, Token: token, ErrorMessage: '' } }
      : { status: 200, body: keys },
  );
  const on = await withProfile(machineHere(), { ...(await credentialsOf()), url: place.url });
  const resync = ['force-resync', '--from-crm', '--ids', '1', '--no-check', '--retries', '0'];
  return { finished: await on.run(resync), ...place };
}

describe.concurrent('the token of the login service', () => {
  test.each<[string, string, object]>([
    ['as it is documented', ours.token(good()), ours.keySet()],
    ['for several', ours.token({ ...good(), aud: ['x', 'spn:77'] }), ours.keySet()],
    ['with times as text', ours.token({ ...good(), exp: String(Date.now() / 1000 + 60) }), ours.keySet()],
    ['without a tenant', ours.token({ ...good(), [claim('ctx')]: undefined }), ours.keySet()],
    ['and the key has another name', ours.token(good()), withoutName(ours.keySet())],
    [
      'and there are several keys',
      ours.token(good()),
      { keys: [...theirs.keySet().keys, ...ours.keySet().keys] },
    ],
  ])('when it is %s then its ticket is used', async (_, token, keys) => {
    const { finished, tenant } = await runWith(token, keys);
    expect(finished.exitCode).toBe(0);
    expect(tenant.requests[0]?.headers['authorization']).toBe('SOTicket 7T:fromJwt');
  });

  test('when it names addresses of its own then nobody is asked there', async () => {
    const elsewhere = await wireServer(() => noContent);
    const addresses = {
      [claim('netserver_url')]: `${elsewhere.url}/Remote/Services88/`,
      [claim('webapi_url')]: `${elsewhere.url}/api/`,
    };
    const { finished, tenant } = await runWith(ours.token({ ...good(), ...addresses }), ours.keySet());
    expect([finished.exitCode, elsewhere.connections()]).toEqual([0, 0]);
    expect(tenant.requests.length).toBeGreaterThan(0);
  });

  const unsigned = (header: object): string =>
    [header, good()].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  test.each<[string, string, object, string]>([
    ['signed by another key', theirs.token(good()), ours.keySet(), 'not signed'],
    ['not signed', `${unsigned({ alg: 'none' })}.`, ours.keySet(), 'not signed'],
    [
      'changed afterwards',
      ours.token(good()).replace(/\.[^.]+\./, `.${unsigned({}).split('.')[1]}x.`),
      ours.keySet(),
      'not signed',
    ],
    ['and there are no keys', ours.token(good()), { keys: [] }, 'not signed'],
    ['and the keys are none', ours.token(good()), { keys: 'x' }, 'not signed'],
    ['no token', 'Sentinel', ours.keySet(), 'not signed'],
    [
      'from another issuer',
      ours.token({ ...good(), iss: 'https://evil.example' }),
      ours.keySet(),
      'evil.example',
    ],
    ['for another database', ours.token({ ...good(), aud: 'spn:78' }), ours.keySet(), 'spn:78'],
    ['for another tenant', ours.token({ ...good(), [claim('ctx')]: 'Cust9' }), ours.keySet(), 'Cust9'],
    ['an old one', ours.token(good(Date.now() - 3_600_000)), ours.keySet(), 'time'],
    ['of the future', ours.token(good(Date.now() + 3_600_000)), ours.keySet(), 'time'],
    ...['iss', 'aud', 'exp', 'nbf', claim('serial'), claim('ctx'), claim('ticket')].map(
      (name): [string, string, object, string] => [
        `with an object for ${name}`,
        ours.token({ ...good(), [name]: { toString: 1, valueOf: 1 } }),
        ours.keySet(),
        'is not taken',
      ],
    ),
    ['without a ticket', ours.token({ ...good(), [claim('ticket')]: undefined }), ours.keySet(), 'no ticket'],
    [
      'with a ticket of two lines',
      ours.token({ ...good(), [claim('ticket')]: '7T:x\r\nX: y' }),
      ours.keySet(),
      'no ticket',
    ],
  ])('when it is %s then it is not taken, and nothing is sent', async (_, token, keys, words) => {
    const { finished, tenant } = await runWith(token, keys);
    expect([finished.exitCode, tenant.requests.length]).toEqual([4, 0]);
    expect(finished.stderr).toContain(words);
    expect(finished.stderr).not.toContain('Sentinel');
  });

  test.each<[string, { status: number; body?: unknown }, number, string]>([
    ['says no without a reason', { status: 200, body: { IsSuccessful: false } }, 4, 'it does not say why'],
    [
      'says yes without a token',
      { status: 200, body: { IsSuccessful: true, Token: null } },
      4,
      'it does not say why',
    ],
    [
      'cannot bind the request',
      { status: 400, body: { Message: 'The request is invalid.' } },
      4,
      'is invalid',
    ],
    ['is not there', { status: 404 }, 7, '--env'],
    ['is a portal that answers for everyone', { status: 200, body: '<html>' }, 7, 'not that of'],
    ['is busy', { status: 503 }, 9, '503'],
    ['fails', { status: 500, body: { Message: 'An error has occurred.' } }, 6, '500'],
    [
      'answers control characters',
      { status: 200, body: { IsSuccessful: false, ErrorMessage: 'a\u001b[2Jb' } },
      4,
      'a',
    ],
  ])('when the service %s then the exit code tells', async (_, reply, exitCode, words) => {
    const place = online(() => reply);
    const on = await withProfile(machineHere(), { ...(await credentialsOf()), url: place.url });
    const finished = await on.run(['engine', 'status', '--retries', '0']);
    expectRefusal(finished, exitCode, [words]);
    expect(place.tenant.requests).toHaveLength(0);
  });
});
