/** Through the forward proxies that companies have: squid and tinyproxy. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runHere } from '../support/in-process.ts';
import { machine, temporaryDirectory } from '../support/program.ts';
import { privateCa } from './support/private-ca.ts';
import { type ProxyProgram, squid, tinyproxy } from './support/proxies.ts';

const ca = privateCa();
const shown = ca.issue();
const named = ca.issue({ names: 'DNS:crm.company.test' });

async function sandbox({ cert, key } = shown) {
  const running = await startSandbox({ host: '127.0.0.1', port: 0, tls: { certFile: cert, keyFile: key } });
  onTestFinished(() => running.close());
  return running.url;
}

async function plainSandbox() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.close());
  return running.url;
}

const login = ['--username', 'tje0', '--retries', '0'];
const env = { ERPSYNC_PASSWORD: 'Tje0' };

/** A read with one try. */
function status(url: string, flags: readonly string[], more: Readonly<Record<string, string>> = {}) {
  return runHere(['engine', 'status', '--url', url, ...login, ...flags], { env: { ...env, ...more } });
}

/** A resync with one try; nothing but the resync itself is asked of the server. */
function resync(url: string, flags: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const line = ['force-resync', '--from-crm', '--ids', '1', '--no-check', '--url', url, ...login, ...flags];
  return runHere(line, { env: { ...env, ...more } });
}

const through = (port: number, user = ''): string[] => ['--proxy', `http://${user}127.0.0.1:${port}`];
const trusted = ['--ca-file', ca.cert];
const trustedFor = (url: string): string[] => (url.startsWith('https:') ? trusted : []);

describe.each<[string, ProxyProgram]>([
  ['squid', squid],
  ['tinyproxy', tinyproxy],
])('%s', (_, proxy) => {
  test.each(['rest', 'soap'])(
    'when a resync goes through it over %s then it made a tunnel for it',
    async (transport) => {
      const [url, { port, log }] = [await sandbox(), await proxy()];
      const done = await resync(url, [...through(port), ...trusted, '--transport', transport]);
      expect(done).toMatchObject({ exitCode: 0 });
      await expect.poll(log).toContain(`CONNECT ${new URL(url).host}`);
    },
  );

  test('when the server is spoken to over http then the request goes through it as it is', async () => {
    const [url, { port, log }] = [await plainSandbox(), await proxy()];
    expect(await resync(url, through(port))).toMatchObject({ exitCode: 0 });
    await expect.poll(log).toContain(`POST ${url}/api/v1/Agents/ErpSync/ForceResyncBatchTask`);
  });

  describe('that wants a login', () => {
    const wanted = { login: { user: 'ann', password: 'S3cret-Pass' } };

    test('when it is given then it is let through, also from a profile, and is nowhere to be seen', async () => {
      const [url, { port }] = [await sandbox(), await proxy(wanted)];
      const user = machine();
      const [passwordFile, proxyFile] = ['password', 'proxy'].map((name) => path.join(user.home, name));
      writeFileSync(passwordFile ?? '', 'Tje0', { mode: 0o600 });
      writeFileSync(proxyFile ?? '', wanted.login.password, { mode: 0o600 });
      const files = ['--password-file', 'password', '--proxy-password-file', 'proxy'];
      const flags = ['--username', 'tje0', ...through(port, 'ann@'), ...trusted, ...files];
      const added = await user.run(['profile', 'add', 'p', '--url', url, ...flags]);
      expect(added).toMatchObject({ exitCode: 0 });
      const traced = await user.run(['force-resync', '--from-crm', '--ids', '1', '-vv']);
      expect(traced).toMatchObject({ exitCode: 0 });
      const whole = Buffer.from(`ann:${wanted.login.password}`).toString('base64');
      for (const secret of [wanted.login.password, whole]) expect(traced.stderr).not.toContain(secret);
      expect((await user.run(['profile', 'export'])).stdout).not.toContain('S3cret');
    });

    test('when the login is missing then that is told of it, over https and http, code 7', async () => {
      const { port } = await proxy(wanted);
      for (const url of [await sandbox(), await plainSandbox()]) {
        const { exitCode, stderr } = await resync(url, [...through(port), ...trustedFor(url)]);
        expect([exitCode, stderr]).toEqual([
          7,
          expect.stringContaining(`the proxy 127.0.0.1:${port} wants a login (HTTP 407)`),
        ]);
      }
    });

    test('when the login is wrong then that is told of it and not shown, code 7', async () => {
      const [url, { port }] = [await sandbox(), await proxy(wanted)];
      const wrong = { ERPSYNC_PROXY_PASSWORD: 'Wr0ng' };
      const { exitCode, stderr } = await resync(url, [...through(port, 'ann@'), ...trusted], wrong);
      expect(exitCode).toBe(7);
      expect(stderr).toContain(
        `the proxy 127.0.0.1:${port} does not accept its user name or password (HTTP 40`,
      );
      expect(stderr).not.toContain('Wr0ng');
    });
  });

  test.each([
    ['makes no tunnels', { noTunnels: true }],
    ['does not serve the host', { blocked: '127.0.0.1' }],
  ])('when it %s then its refusal is told with what to do, code 7', async (_, policy) => {
    const [url, { port }] = [await sandbox(), await proxy(policy)];
    const { exitCode, stderr } = await resync(url, [...through(port), ...trusted]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(
      `the proxy 127.0.0.1:${port} refuses a tunnel to ${new URL(url).host} (HTTP 403); have the proxy allow it`,
    );
  });

  test('when the server behind it is not there then it is the proxy that says so, code 7', async () => {
    const { port } = await proxy();
    const { exitCode, stderr } = await status('https://127.0.0.1:1', [...through(port), ...trusted]);
    expect([exitCode, stderr]).toEqual([7, expect.stringMatching(/the proxy .* \(HTTP 50\d\)/)]);
  });

  test('when the variable names it then it is used, and not for what NO_PROXY names', async () => {
    const { port, log } = await proxy({ blocked: 'crm.company.test' });
    const proxyIn = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const url = 'https://crm.company.test:1';
    expect((await status(url, [], { ...proxyIn, NO_PROXY: '.company.test' })).stderr).toContain(
      'crm.company.test:1 was not reached',
    );
    expect((await status(url, [], proxyIn)).stderr).toContain(`the proxy 127.0.0.1:${port}`);
    await expect.poll(() => log().match(/CONNECT crm\.company\.test/g)?.length).toBe(1);
  });
});

describe('squid', () => {
  test('when only the proxy knows the name of the server then that is enough', async () => {
    const [url, { port }] = [await sandbox(named), await squid({ knows: 'crm.company.test' })];
    const address = url.replace('127.0.0.1', 'crm.company.test');
    expect(await resync(address, [...through(port), ...trusted])).toMatchObject({ exitCode: 0 });
    expect((await status(address, trusted)).stderr).toContain('the host name');
  });

  test('when the proxy itself is spoken to over TLS then its certificate is checked, and a tunnel made', async () => {
    const [url, { port }] = [await sandbox(), await squid({ secure: shown })];
    const flags = ['--proxy', `https://127.0.0.1:${port}`];
    expect(await resync(url, [...flags, ...trusted])).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await resync(url, flags);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`the proxy 127.0.0.1:${port} was not reached`);
    expect(stderr).toContain('"Company, Company Root CA"');
  });

  test('when it looks into TLS then its CA is named, nothing is sent, and with --ca-file it is trusted', async () => {
    const own = privateCa('Proxy Inspection CA');
    const knows = 'crm.company.test';
    const address = await sandbox(named);
    const { port, log } = await squid({ knows, inspects: { own, trusts: ca } });
    const url = address.replace('127.0.0.1', knows);
    const { exitCode, stderr } = await resync(url, [...through(port), ...trusted]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('"Company, Proxy Inspection CA"');
    expect(stderr).toContain('--ca-file');
    expect(log()).not.toContain('POST');
    const bundle = path.join(temporaryDirectory(), 'both.pem');
    writeFileSync(bundle, readFileSync(own.cert, 'utf8') + readFileSync(ca.cert, 'utf8'));
    expect(await resync(url, [...through(port), '--ca-file', bundle])).toMatchObject({ exitCode: 0 });
    await expect.poll(log).toContain('POST');
  });
});
