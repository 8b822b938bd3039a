/** doctor: each thing that can be wrong is found, with what to do, and what builds on it is skipped. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { caCertificate } from '../support/certificates.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { temporaryDirectory } from '../support/program.ts';
import { type ProxyManner, proxyServer } from '../support/proxy-server.ts';
import { tlsServer } from '../support/tls-server.ts';
import { answer, jsonAnswer, wireServer } from '../support/wire-server.ts';

const env = { ERPSYNC_PASSWORD: 'Tje0' };

interface Shown {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly fix: string | null;
}

async function examined(
  user: MachineHere,
  flags: readonly string[],
  variables: Record<string, string> = env,
) {
  const { exitCode, stdout, stderr } = await user.run(
    ['doctor', '-o', 'json', '--retries', '0', '--timeout', '2s', ...flags],
    { env: variables },
  );
  const { checks, node } = JSON.parse(stdout);
  expect(node).toBe(process.versions.node);
  const of = (name: string): Shown | undefined => checks.find((check: Shown) => check.name === name);
  return { exitCode, stdout, stderr, of, checks: checks as readonly Shown[] };
}

async function sandbox() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.close());
  return running.url;
}

const everyCheck = [
  ...[
    'config directory',
    'stored files',
    'state directory',
    'disk space',
    'settings',
    'address',
    'dns',
    'port',
  ],
  ...['rest', 'soap', 'clock', 'credentials', 'login', 'agent'],
];

describe('doctor', () => {
  test.each(['rest', 'soap'])(
    'when all is well over %s then every check says so, and no secret is told',
    async (transport) => {
      const flags = ['--url', await sandbox(), '--username', 'tje0', '--transport', transport];
      const { exitCode, checks, stdout } = await examined(machineHere(), flags);
      expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect([exitCode, checks.map(({ name }) => name)]).toEqual([0, everyCheck]);
      // The password, the user and the home directory are nobody else's business.
      expect(stdout).not.toMatch(/Tje0|tje0|erpsync-test-/i);
    },
  );

  test('when no profile is stored then the rest is skipped, and it says how to go on', async () => {
    const { exitCode, of } = await examined(machineHere(), [], {});
    expect([exitCode, of('settings')]).toMatchObject([
      3,
      { status: 'failed', fix: expect.stringContaining('profile add') },
    ]);
    expect(of('dns')).toMatchObject({ status: 'skipped', detail: 'needs address' });
  });

  test.each<[string, readonly string[], string, number]>([
    ['the name is not known', ['--url', 'https://no.such.host.invalid'], 'dns', 7],
    ['nobody listens at the port', ['--url', 'http://127.0.0.1:1'], 'port', 7],
  ])('when %s then that check fails and names its fix', async (_, flags, name, code) => {
    const { exitCode, of } = await examined(machineHere(), [...flags, '--username', 'x']);
    expect([exitCode, of(name)]).toMatchObject([code, { status: 'failed', fix: expect.any(String) }]);
    expect(of('agent')?.status).toBe('skipped');
  });

  test('when the password is wrong then the login fails, and the agent is not asked', async () => {
    const flags = ['--url', await sandbox(), '--username', 'tje0'];
    const { exitCode, of } = await examined(machineHere(), flags, { ERPSYNC_PASSWORD: 'wrong' });
    expect([exitCode, of('rest')?.status, of('login')?.status, of('agent')?.status]).toEqual([
      4,
      'ok',
      'failed',
      'skipped',
    ]);
  });

  test('when no password is there then that is told before anything is asked', async () => {
    const flags = ['--url', await sandbox(), '--username', 'tje0'];
    const { exitCode, of } = await examined(machineHere(), flags, {});
    expect([exitCode, of('credentials')]).toMatchObject([4, { status: 'failed' }]);
  });

  test('when the agent is not for us then the code is 5', async () => {
    const server = await wireServer((request) =>
      request.includes('/currentPrincipal')
        ? jsonAnswer(200, { AssociateId: 7 })
        : request.includes('/Agents/')
          ? jsonAnswer(403, { ErrorMessage: 'not for this app' })
          : jsonAnswer(200, { NetServerVersion: '10.3', ServicesCurrent: 'Services88' }),
    );
    const { exitCode, of } = await examined(machineHere(), ['--url', server.url, '--auth', 'none'], {});
    expect([exitCode, of('agent')?.status, of('login')?.status]).toEqual([5, 'failed', 'ok']);
  });

  test('when the server is another one or its clock differs then that is worth a word', async () => {
    const server = await wireServer((request) =>
      request.includes('/currentPrincipal')
        ? jsonAnswer(200, { AssociateId: 7 })
        : answer(200, '{"IsRunning":true}', { Date: new Date(Date.now() + 3_600_000).toUTCString() }),
    );
    const { of } = await examined(machineHere(), ['--url', server.url, '--auth', 'none'], {});
    expect(of('rest')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('not as SuperOffice'),
    });
    expect(of('clock')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('60 min behind'),
    });
  });

  test('when others may read the stored files then that is the first thing to see to', async () => {
    const user = machineHere();
    mkdirSync(user.configDirectory, { recursive: true });
    chmodSync(user.configDirectory, 0o777);
    const { exitCode, of } = await examined(user, ['--url', 'http://127.0.0.1:1', '--auth', 'none'], {});
    expect([exitCode, of('config directory')?.status]).toEqual([3, 'failed']);
  });

  test('when a stored file is open to others then that is told, with the command that closes it', async () => {
    const user = machineHere();
    const add = ['profile', 'add', 'p', '--url', 'http://127.0.0.1:1', '--username', 'tje0'];
    await user.run([...add, '--password-stdin'], { input: 'Tje0' });
    chmodSync(path.join(user.configDirectory, 'secrets.json'), 0o644);
    const { exitCode, of } = await examined(user, [], {});
    expect(exitCode).toBe(3);
    expect(of('stored files')).toMatchObject({
      status: 'failed',
      fix: 'close it: chmod 600 ~/.config/erpsync/secrets.json',
    });
    expect(of('settings')).toMatchObject({ status: 'skipped', detail: 'needs stored files' });
  });

  test('when two things are wrong then the code is that of the worse', async () => {
    const user = machineHere();
    const stateDirectory = path.join(user.home, 'state');
    mkdirSync(stateDirectory);
    chmodSync(stateDirectory, 0o777);
    const flags = ['--url', await sandbox(), '--username', 'tje0'];
    const variables = { ERPSYNC_PASSWORD: 'wrong', ERPSYNC_STATE_DIR: stateDirectory };
    const { exitCode, of } = await examined(user, flags, variables);
    expect([of('state directory')?.status, of('login')?.status, exitCode]).toEqual(['failed', 'failed', 4]);
  });

  test.runIf(existsSync('/proc'))('when no space is left then that is told, code 14', async () => {
    const variables = { ERPSYNC_STATE_DIR: '/proc/erpsync' };
    const flags = ['--url', 'http://127.0.0.1:1', '--auth', 'none'];
    const { exitCode, of } = await examined(machineHere(), flags, variables);
    expect([exitCode, of('disk space')]).toMatchObject([
      14,
      {
        status: 'failed',
        detail: 'nothing of a run can be written down: 0 MiB free for /proc/erpsync',
        fix: expect.stringContaining('make room'),
      },
    ]);
  });

  test.each<[string, string, number, string, string]>([
    ['SOAP', 'rest', 0, 'soap', 'info'],
    ['SOAP', 'soap', 6, 'soap', 'failed'],
    ['REST', 'soap', 0, 'rest', 'info'],
    ['REST', 'rest', 6, 'rest', 'failed'],
  ])(
    'when %s is not there and the profile uses %s then the code is %i',
    async (absent, transport, code, name, status) => {
      const { port } = new URL(await sandbox());
      const server = await wireServer((request) => (socket) => {
        const isAbsent = request.startsWith(absent === 'SOAP' ? 'GET /Remote/' : 'GET /api ');
        if (isAbsent) return void socket.write(answer(404, ''));
        const passed = connect(Number(port), '127.0.0.1');
        passed.pipe(socket, { end: false });
        passed.write(request.replace('\r\n', '\r\nConnection: close\r\n'));
      });
      const flags = ['--url', server.url, '--username', 'tje0', '--transport', transport];
      const { exitCode, of } = await examined(machineHere(), flags);
      expect([exitCode, of(name)?.status]).toEqual([code, status]);
      expect(of('agent')?.status).toBe(code === 0 ? 'ok' : 'skipped');
    },
  );

  describe('through a proxy', () => {
    const caFile = path.join(temporaryDirectory(), 'ca.pem');
    writeFileSync(caFile, caCertificate);
    const answers = (_: unknown, response: ServerResponse): void =>
      void response.end('{"NetServerVersion":"10.3"}');

    test('when it makes tunnels then TLS is looked at through it', async () => {
      const [url, proxy] = [await tlsServer(answers), await proxyServer()];
      const flags = [
        '--url',
        url,
        '--auth',
        'none',
        '--ca-file',
        caFile,
        '--proxy',
        `127.0.0.1:${proxy.port}`,
      ];
      const { of } = await examined(machineHere(), flags, {});
      expect([of('port')?.detail, of('proxy')?.status, of('tls')?.detail]).toEqual([
        `127.0.0.1:${proxy.port} answers`,
        'ok',
        'TLSv1.3, certificate of erpsync test CA, valid to 2100-10-27',
      ]);
    });

    test.each<[string, ProxyManner, string]>([
      ['refuses them', { answer: 'HTTP/1.1 403 No\r\n\r\n' }, 'refuses a tunnel'],
      ['wants a login', { login: 'ann:x' }, 'wants a login'],
      ['hangs up', { answer: '' }, 'closed the connection'],
    ])('when it %s then that check fails, and TLS is skipped', async (_, manner, words) => {
      const { port } = await proxyServer(manner);
      const flags = [
        '--url',
        'https://crm.company.invalid',
        '--auth',
        'none',
        '--proxy',
        `127.0.0.1:${port}`,
      ];
      const { exitCode, of } = await examined(machineHere(), flags, {});
      expect([exitCode, of('proxy')]).toMatchObject([
        7,
        { status: 'failed', detail: expect.stringContaining(words), fix: expect.any(String) },
      ]);
      expect(of('tls')).toMatchObject({ status: 'skipped', detail: 'needs proxy' });
    });
  });

  describe('of a tenant', () => {
    const online = async (state: Readonly<Record<string, unknown>>) => {
      const tenant = await sandbox();
      const environment = await wireServer((request) =>
        jsonAnswer(request.includes('/api/state/Cust12345') ? 200 : 404, {
          ContextIdentifier: 'Cust12345',
          Endpoint: tenant,
          Api: `${tenant}/api`,
          State: 'Running',
          IsRunning: true,
          ...state,
        }),
      );
      const flags = ['--tenant', 'Cust12345', '--online-url', environment.url, '--username', 'tje0'];
      return { tenant, flags };
    };

    test('when it runs then its environment, its state and its server are looked at', async () => {
      const { tenant, flags } = await online({});
      const { exitCode, checks, of } = await examined(machineHere(), flags);
      const names = checks.map(({ name }) => name);
      expect(exitCode).toBe(0);
      expect(names.slice(5, 12)).toEqual([
        ...['environment address', 'environment dns', 'environment port', 'tenant', 'address', 'dns', 'port'],
      ]);
      expect(of('tenant')?.detail).toBe(`Cust12345 is served at ${tenant}`);
    });

    test('when it is suspended then that is what is wrong, and its server is not looked for', async () => {
      const { flags } = await online({ State: 'Suspended', IsRunning: false });
      const { exitCode, of } = await examined(machineHere(), flags);
      expect([exitCode, of('tenant')]).toMatchObject([
        9,
        { status: 'failed', detail: expect.stringContaining('it has been suspended') },
      ]);
      for (const name of ['address', 'port', 'rest', 'soap', 'clock', 'credentials', 'agent']) {
        expect([name, of(name)?.status]).toEqual([name, 'skipped']);
      }
    });
  });

  test('when people ask then each check is a line, and the first failure is the error', async () => {
    const user = machineHere();
    const { exitCode, stdout, stderr } = await user.run([
      'doctor',
      '--url',
      'http://127.0.0.1:1',
      '--auth',
      'none',
      '--retries',
      '0',
    ]);
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(
      /port +failed +127\.0\.0\.1:1 was not reached: the connection was refused; check that the server is running/,
    );
    expect(stderr).toContain('checks failed: port: 127.0.0.1:1 was not reached: the connection was refused');
  });
});
