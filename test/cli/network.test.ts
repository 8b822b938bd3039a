/** Proxies, private CAs and client certificates. */
import { writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { machineAtHome, machineHere, runHere } from '../support/in-process.ts';
import { listening } from '../support/listening.ts';
import { temporaryDirectory } from '../support/program.ts';
import { proxyServer } from '../support/proxy-server.ts';
import { certificate, privateKey } from '../unit/sandbox/test-certificate.ts';

const directory = temporaryDirectory();
const certFile = path.join(directory, 'cert.pem');
const keyFile = path.join(directory, 'key.pem');
writeFileSync(certFile, certificate);
writeFileSync(keyFile, privateKey);

async function sandbox(tls = true) {
  const running = await startSandbox({
    host: '127.0.0.1',
    port: 0,
    ...(tls && { tls: { certFile, keyFile } }),
  });
  onTestFinished(() => running.close());
  return running;
}

interface Call {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** `engine status` of a server, with one try. */
async function status(url: string, { env = {}, flags = [] }: Call = {}) {
  const line = ['engine', 'status', '--url', url, '--username', 'tje0', '--retries', '0', ...flags];
  return await runHere(line, { env: { ERPSYNC_PASSWORD: 'Tje0', ...env } });
}
const trusted = ['--ca-file', certFile];

describe('a private CA', () => {
  test('when a server has a certificate of an unknown CA then nothing is sent, and the hint names --ca-file', async () => {
    const { url } = await sandbox();
    const { exitCode, stderr } = await status(url);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('--ca-file');
  });

  test('when the CA is given then the server is trusted', async () => {
    const { url } = await sandbox();
    expect(await status(url, { flags: trusted })).toMatchObject({ exitCode: 0 });
    expect(await status(url, { env: { ERPSYNC_CA_FILE: certFile } })).toMatchObject({ exitCode: 0 });
  });

  test('when checks are switched off for all of Node then they hold all the same', async () => {
    const { url } = await sandbox();
    const line = ['engine', 'status', '--url', url, '--username', 'tje0', '--retries', '0'];
    const env = { ERPSYNC_PASSWORD: 'Tje0', NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    expect(await machineHere().run(line, { env })).toMatchObject({ exitCode: 7 });
  });

  test.each<[string, string, string]>([
    ['is not there', 'missing.pem', 'cannot be read: no such file or directory (ENOENT)'],
    ['holds no certificate', 'key.pem', 'holds no certificate in PEM'],
  ])('when the file of CAs %s then that is told, code 3', async (_, name, words) => {
    const { url } = await sandbox();
    const { exitCode, stderr } = await status(url, { flags: ['--ca-file', path.join(directory, name)] });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(words);
    expect(stderr).toContain(name);
  });

  test('when the profile names the CA by a relative path then it is found from anywhere', async () => {
    const { url } = await sandbox();
    const user = machineAtHome();
    writeFileSync(path.join(user.home, 'ca.pem'), certificate);
    const add = ['profile', 'add', 'p', '--url', url, '--username', 'tje0', '--password-stdin'];
    expect(await user.run([...add, '--ca-file', 'ca.pem'], { input: 'Tje0' })).toMatchObject({ exitCode: 0 });
    const shown = await user.run(['profile', 'show', 'p', '-o', 'json']);
    expect(JSON.parse(shown.stdout).caFile).toBe(path.join(user.home, 'ca.pem'));
    expect(await user.run(['engine', 'status'])).toMatchObject({ exitCode: 0 });
  });
});

describe('a client certificate', () => {
  /** A server that talks only to those who show the certificate. */
  async function demandingServer(): Promise<string> {
    const answer = JSON.stringify({ IsRunning: true, StatusMessage: '', Interval: '00:15:00' });
    const server = createTlsServer(
      { cert: certificate, key: privateKey, ca: certificate, requestCert: true, rejectUnauthorized: true },
      (_, response) => response.setHeader('Content-Type', 'application/json').end(answer),
    );
    return `https://127.0.0.1:${await listening(server)}`;
  }

  test('when the server asks for one then the given one opens it, and without it nothing does', async () => {
    const url = await demandingServer();
    const own = ['--client-cert', certFile, '--client-key', keyFile];
    expect(await status(url, { flags: [...trusted, ...own] })).toMatchObject({ exitCode: 0 });
    expect((await status(url, { flags: trusted })).exitCode).toBe(7);
  });

  test('when the key is missing or the certificate is then that is told, code 3', async () => {
    const url = await demandingServer();
    const lonelyKey = await status(url, { flags: ['--client-key', keyFile] });
    expect([lonelyKey.exitCode, lonelyKey.stderr]).toEqual([3, expect.stringContaining('--client-cert')]);
    const lonelyCert = await status(url, { flags: ['--client-cert', certFile] });
    expect([lonelyCert.exitCode, lonelyCert.stderr]).toEqual([3, expect.stringContaining('--client-key')]);
  });
});

describe('a proxy', () => {
  test('when one is given then https goes through a tunnel of it', async () => {
    const [{ url }, proxy] = [await sandbox(), await proxyServer()];
    const flags = [...trusted, '--proxy', `http://127.0.0.1:${proxy.port}`];
    expect(await status(url, { flags })).toMatchObject({ exitCode: 0 });
    expect(proxy.asked).toEqual([new URL(url).host]);
  });

  test('when one is given then http goes through it with the whole address', async () => {
    const [{ url }, proxy] = [await sandbox(false), await proxyServer()];
    const flags = ['--proxy', `127.0.0.1:${proxy.port}`];
    expect(await status(url, { flags })).toMatchObject({ exitCode: 0 });
    expect(proxy.asked).toEqual([`${url}/api/v1/Agents/ErpSync/GetEngineStatus`]);
  });

  test('when the proxy wants a login then user name and password are sent to it, and never shown', async () => {
    const [{ url }, proxy] = [await sandbox(), await proxyServer({ login: 'ann:S3cret' })];
    const address = `http://ann@127.0.0.1:${proxy.port}`;
    const good = { flags: [...trusted, '--proxy', address], env: { ERPSYNC_PROXY_PASSWORD: 'S3cret' } };
    expect(await status(url, good)).toMatchObject({ exitCode: 0 });
    const bad = { flags: good.flags, env: { ERPSYNC_PROXY_PASSWORD: 'Wr0ng' } };
    const refused = await status(url, bad);
    expect(refused.exitCode).toBe(7);
    expect(refused.stderr).toContain('HTTP 407');
    expect(refused.stderr).not.toContain('Wr0ng');
  });

  test('when a profile is stored with a proxy and its password then both are used, and without a proxy it is refused', async () => {
    const [{ url }, proxy] = [await sandbox(), await proxyServer({ login: 'ann:S3cret' })];
    const user = machineHere();
    const file = path.join(user.home, 'proxy-password');
    writeFileSync(file, 'S3cret', { mode: 0o600 });
    const add = ['profile', 'add', 'p', '--url', url, '--username', 'tje0', ...trusted];
    const password = ['--proxy-password-file', file];
    expect(await user.run([...add, ...password])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('give --proxy, too'),
    });
    const named = [...add, ...password, '--proxy', `http://ann@127.0.0.1:${proxy.port}`];
    expect(await user.run(named)).toMatchObject({ exitCode: 0 });
    const env = { ERPSYNC_PASSWORD: 'Tje0' };
    expect(await user.run(['engine', 'status'], { env })).toMatchObject({ exitCode: 0 });
    expect(proxy.asked).toEqual([new URL(url).host]);
  });

  test('when the proxy wants a login for a request to http then it is the proxy that is told of', async () => {
    const [{ url }, proxy] = [await sandbox(false), await proxyServer({ login: 'ann:S3cret' })];
    const { exitCode, stderr } = await status(url, { flags: ['--proxy', `127.0.0.1:${proxy.port}`] });
    expect([exitCode, stderr]).toEqual([7, expect.stringContaining('wants a login (HTTP 407)')]);
  });

  test('when a password stands in the flag then it is refused, and not repeated', async () => {
    const { exitCode, stderr } = await status('https://127.0.0.1:1', {
      flags: ['--proxy', 'http://u:S3cret@p:1'],
    });
    expect([exitCode, stderr.includes('S3cret')]).toEqual([2, false]);
  });

  test.each<[string, string, string]>([
    ['forbids the server', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'refuses a tunnel to 127.0.0.1'],
    ['hangs up', '', 'closed the connection'],
    ['is none', 'SSH-2.0-OpenSSH\r\n\r\n', 'is not HTTP'],
    ['wants a login that there is not', 'HTTP/1.1 407 No\r\n\r\n', 'wants a login'],
  ])('when it %s then that is told, nothing was sent, code 7', async (_, answer, words) => {
    const [{ url }, proxy] = [await sandbox(), await proxyServer({ answer })];
    const flags = [...trusted, '--proxy', `http://127.0.0.1:${proxy.port}`];
    const { exitCode, stderr } = await status(url, { flags });
    expect([exitCode, stderr]).toEqual([7, expect.stringContaining(words)]);
  });

  test('when it never answers then the time-out ends it', async () => {
    const proxy = await proxyServer();
    const { url } = await sandbox();
    const { createServer } = await import('node:net');
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const line = [
      'engine',
      'status',
      '--url',
      url,
      '--username',
      'x',
      '--retries',
      '0',
      '--timeout',
      '300ms',
    ];
    const finished = await machineHere().run([...line, '--proxy', `127.0.0.1:${port}`], {
      env: { ERPSYNC_PASSWORD: 'x' },
    });
    expect([finished.exitCode, proxy.asked]).toEqual([7, []]);
  });

  test.each([
    ['https://crm.example', []],
    ['http://crm.example', ['--allow-http']],
  ])('when nothing listens there on the way to %s then the proxy is named', async (url, more) => {
    const flags = ['--proxy', '127.0.0.1:1', ...more];
    const { exitCode, stderr } = await status(url, { flags });
    const words = `${url} was not reached: the proxy 127.0.0.1:1 was not reached: the connection was refused; check --proxy,`;
    expect([exitCode, stderr]).toEqual([7, expect.stringContaining(words)]);
    const looked = await machineHere().run(['doctor', '--url', url, '--auth', 'none', ...flags]);
    expect(looked.stdout).toMatch(
      /^port +failed +the proxy 127\.0\.0\.1:1 was not reached: the connection was refused; check --proxy,/m,
    );
  });

  test('when HTTPS_PROXY is set then it counts for others, not for this machine, and NO_PROXY takes it away', async () => {
    const proxy = await proxyServer({ answer: 'HTTP/1.1 403 No\r\n\r\n' });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { url } = await sandbox();
    expect(await status(url, { flags: trusted, env })).toMatchObject({ exitCode: 0 });
    expect(proxy.asked).toEqual([]);
    const beyond = await status('https://crm.invalid', { env });
    expect([beyond.exitCode, proxy.asked]).toEqual([7, ['crm.invalid:443']]);
    for (const without of [{ env: { ...env, NO_PROXY: '.invalid' } }, { env, flags: ['--proxy', 'none'] }]) {
      expect((await status('https://crm.invalid', without)).exitCode).toBe(7);
    }
    expect(proxy.asked).toHaveLength(1);
  });
});
