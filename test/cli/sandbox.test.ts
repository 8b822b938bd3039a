import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectRefusal } from '../support/expectations.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';
import { certificate, privateKey } from '../unit/sandbox/test-certificate.ts';

/** The documented sample request for two keys, word for word; only Host and Content-Length are added. */
function sampleRequest(url: string): string {
  const body = `{
  "ErpConnectionId": 124,
  "InternalKeyIds": [
    100,
    959
  ]
}`;
  return [
    'POST /api/v1/Agents/ErpSync/ForceResyncBatchTask HTTP/1.1',
    `Host: ${new URL(url).host}`,
    'Authorization: Basic dGplMDpUamUw',
    'Accept: application/json; charset=utf-8',
    'Accept-Language: en',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

async function exchange(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(request);
  return await text(socket);
}

describe('sandbox', () => {
  test('when the documented sample is sent word for word then it answers 204 without a body', async () => {
    const { url } = await startSandbox(machine());
    const answer = await exchange(url, sampleRequest(url));
    expect(answer).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(answer.split('\r\n\r\n')[1]).toBe('');
  });

  test('when it starts then its first line is JSON with address, process and credentials', async () => {
    const { started, ...line } = await startSandbox(machine());
    expect(line).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      pid: started.child.pid,
      username: 'tje0',
      password: 'Tje0',
      ticket: expect.stringMatching(/^7T:/),
      token: expect.stringMatching(/^8A:/),
      appToken: expect.any(String),
      clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
      tenant: 'Cust00000',
      systemUserToken: expect.any(String),
      privateKey: expect.stringContaining('PRIVATE KEY'),
    });
  });

  test('when its output is JSON then its first line is all that it prints', async () => {
    const { started } = await startSandbox(machine(), ['-o', 'json']);
    started.child.kill('SIGTERM');
    const { stdout } = await started.finished;
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  test('when it listens beyond this machine then its credentials are random', async () => {
    const first = await startSandbox(machine(), ['--host', '0.0.0.0']);
    const second = await startSandbox(machine(), ['--host', '0.0.0.0']);
    expect(first.password).not.toBe('Tje0');
    expect(first.password).not.toBe(second.password);
    expect(first.ticket).not.toBe(second.ticket);
    expect(first.token).not.toBe(second.token);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('when %s comes then it ends well', async (signal) => {
    const { started } = await startSandbox(machine());
    started.child.kill(signal);
    expect(await started.finished).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('when the port is taken then one line says so', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { exitCode, stdout, stderr } = await machine().run(['sandbox', '--port', port]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^erpsync: [^\\n]*${port}[^\\n]*\\n$`));
  });

  test('when a fault is spelled wrong then one line names it and what there is', async () => {
    const { exitCode, stdout, stderr } = await machine().run(['sandbox', '--fault', 'statsu=503']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^erpsync: [^\n]*statsu[^\n]*status[^\n]*\n$/);
  });

  test('when a log is asked for then it holds each request with its keys, for the owner alone', async () => {
    const user = machine();
    const { url } = await startSandbox(user, ['--log', 'requests.ndjson']);
    await exchange(url, sampleRequest(url));
    const file = path.join(user.home, 'requests.ndjson');
    const log = readFileSync(file, 'utf8');
    expect(JSON.parse(log)).toMatchObject({ method: 'POST', keys: [100, 959], status: 204 });
    expect(log).not.toMatch(/Tje0|dGplMDpUamUw/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('when the server is busy twice then a resync waits as long as asked and is accepted once', async () => {
    const user = machine();
    const busy = ['--fault', 'status=503,retry-after=0,times=2,path=ForceResync', '--log', 'requests.ndjson'];
    const { url } = await startSandbox(user, busy);
    const args = [
      'force-resync',
      '--connection',
      '124',
      '--ids',
      '100,959',
      '--url',
      url,
      '--username',
      'tje0',
    ];
    const { exitCode, stdout } = await user.run([...args, '-o', 'json'], {
      env: { ERPSYNC_PASSWORD: 'Tje0' },
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', requests: { accepted: 1, retries: 2 } });
    const log = readFileSync(path.join(user.home, 'requests.ndjson'), 'utf8').trim().split('\n');
    const statuses = log
      .map((line) => JSON.parse(line))
      .filter(({ keys }) => keys)
      .map(({ status }) => status);
    expect(statuses).toEqual([503, 503, 204]);
  });
});

/** Calls an operation and returns its result. */
async function call(
  url: string,
  operation: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await fetch(`${url}/api/v1/Agents/${operation}`, {
    method: 'POST',
    headers: { Authorization: 'Basic dGplMDpUamUw', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

describe('sandbox --state', () => {
  test('when it is started again with the same file then what was changed is still so', async () => {
    const user = machine();
    const first = await startSandbox(user, ['--state', 'tenant.json']);
    const reasons = await call(first.url, 'ErpSync/ToggleErpConnectionActive', { ErpConnectionId: 124 });
    expect(reasons).toEqual({ status: 200, json: [] });
    first.started.child.kill();
    await first.started.finished;
    expect(statSync(path.join(user.home, 'tenant.json')).mode & 0o777).toBe(0o600);
    const second = await startSandbox(user, ['--state', 'tenant.json']);
    const { json } = await call(second.url, 'ErpSync/GetConnection', { ErpConnectionId: 124 });
    expect(json).toMatchObject({ ErpConnectionId: 124, Active: false });
  });

  test('when the file is broken then one line names it and the place', async () => {
    const user = machine();
    writeFileSync(path.join(user.home, 'tenant.json'), '{\n  "version": 2,\n}\n');
    expectRefusal(await user.run(['sandbox', '--state', 'tenant.json']), 3, [
      'tenant.json, line 3, column 1',
    ]);
  });
});

describe('sandbox with TLS', () => {
  function withFiles() {
    const user = machine();
    writeFileSync(path.join(user.home, 'cert.pem'), certificate);
    writeFileSync(path.join(user.home, 'key.pem'), privateKey, { mode: 0o600 });
    return user;
  }

  test('when certificate and key are given then its address is https and it answers there', async () => {
    const { url } = await startSandbox(withFiles(), ['--tls-cert', 'cert.pem', '--tls-key', 'key.pem']);
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const status = await new Promise((resolve, reject) => {
      const sent = get(`${url}/api`, { ca: certificate, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
    });
    expect(status).toBe(200);
  });

  test.each([
    ['--tls-cert', 'cert.pem', '--tls-key'],
    ['--tls-key', 'key.pem', '--tls-cert'],
  ])('when only %s is given then the other one is asked for', async (flag, file, missing) => {
    expectRefusal(await withFiles().run(['sandbox', flag, file]), 2, [flag, missing]);
  });

  test('when the key is none then one line says so and does not quote it', async () => {
    const finished = await withFiles().run(['sandbox', '--tls-cert', 'cert.pem', '--tls-key', 'cert.pem']);
    expectRefusal(finished, 3, [
      '--tls-key cert.pem cannot be used: it holds no private key in PEM without a passphrase; give --tls-key',
    ]);
    expect(finished.stderr).not.toContain('MII');
  });
});

test('when --online is given then a request without the application token is refused', async () => {
  const { url, appToken } = await startSandbox(machine(), ['--online']);
  expect(await call(url, 'ErpSync/GetEngineStatus', null)).toMatchObject({ status: 401 });
  const headers = { 'SO-AppToken': appToken };
  expect(await call(url, 'ErpSync/GetEngineStatus', null, headers)).toMatchObject({ status: 200 });
});

test('when it is asked over SOAP then it logs in and its ticket is good for REST', async () => {
  const { url, username, password } = await startSandbox(machine());
  const namespace = 'http://www.superoffice.net/ws/crm/NetServer/Services88';
  const response = await fetch(`${url}/Remote/Services88/SoPrincipal.svc`, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: `"${namespace}/SoPrincipal/AuthenticateUsernamePassword"`,
    },
    body: [
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>',
      `<AuthenticateUsernamePassword xmlns="${namespace}"><UserName>${username}</UserName>`,
      `<Password>${password}</Password></AuthenticateUsernamePassword></s:Body></s:Envelope>`,
    ].join(''),
  });
  const [, ticket] = /Ticket>([^<]+)</.exec(await response.text()) ?? [];
  const Authorization = `SOTicket ${ticket}`;
  expect(await call(url, 'ErpSync/GetEngineStatus', null, { Authorization })).toMatchObject({ status: 200 });
});

test.each([
  ['soap-fault', 500],
  ['succeeded-false', 200],
])('when the fault is %s then REST answers its error object with status %i', async (fault, status) => {
  const { url } = await startSandbox(machine(), ['--fault', fault]);
  expect(await call(url, 'ErpSync/GetEngineStatus', null)).toMatchObject({ status });
});
