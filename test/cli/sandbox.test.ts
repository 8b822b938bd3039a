import { readFileSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';

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
    });
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
