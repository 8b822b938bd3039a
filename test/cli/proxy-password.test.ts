/** The password of a proxy as a stored secret: it goes to the proxy that it was stored for. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { proxyServer } from '../support/proxy-server.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const call = ['force-resync', '--from-crm', '--no-check', '--ids', '1', '--retries', '0'];

/** A profile behind a proxy that wants a login, which is stored with it. */
async function behindProxy() {
  const on = machineHere();
  const { url } = tenant();
  const proxy = await proxyServer({ login: 'ann:S3cret-1' });
  const address = `http://ann@127.0.0.1:${proxy.port}`;
  const added = await on.run(
    ['profile', 'add', 'p', '--url', url, '--auth', 'none', '--proxy', address, '--proxy-password-stdin'],
    { input: 'S3cret-1' },
  );
  expect(added).toMatchObject({ exitCode: 0 });
  return { on, url, proxy, address };
}

async function otherProxy() {
  const proxy = await proxyServer({ login: 'ann:S3cret-1' });
  return { proxy, address: `http://ann@127.0.0.1:${proxy.port}` };
}

function show(on: MachineHere) {
  return on.run(['profile', 'show', 'p', '-o', 'json']).then(documentOf);
}

describe('the password of a proxy', () => {
  test('when it is stored then it goes to the proxy of its profile, and is told but not shown', async () => {
    const { on, proxy } = await behindProxy();
    expect(await on.run(call)).toMatchObject({ exitCode: 0 });
    expect(proxy.asked).toHaveLength(1);
    const { stdout } = await on.run(['config', 'explain']);
    expect(stdout).toMatch(/^proxyPassword +stored \(file\), for \S+ +profile "p"$/m);
    expect(stdout).not.toContain('S3cret-1');
  });

  test('when profile set names another proxy then it comes along, or goes', async () => {
    const { on, address } = await behindProxy();
    const { address: other } = await otherProxy();
    const set = ['profile', 'set', 'p', '--proxy', other];
    expectRefusal(await on.run(set), 3, ['proxy password', 'was not changed', '--unset proxy-password']);
    expect(await show(on)).toMatchObject({ proxy: address, secrets: ['proxyPassword'] });
    expect(await on.run([...set, '--proxy-password-stdin'], { input: 'S3cret-1' })).toMatchObject({
      exitCode: 0,
    });
    expect(await on.run(call)).toMatchObject({ exitCode: 0 });
    const gone = ['profile', 'set', 'p', '--proxy', address, '--unset', 'proxy-password'];
    expect(await on.run(gone)).toMatchObject({ exitCode: 0 });
    expect(await show(on)).toMatchObject({ proxy: address, secrets: [] });
  });

  test('when an heir has a proxy of its own then the inherited password does not go there', async () => {
    const { on } = await behindProxy();
    const { proxy, address } = await otherProxy();
    expect(await on.run(['profile', 'add', 'heir', '--extends', 'p', '--proxy', address])).toMatchObject({
      exitCode: 0,
    });
    const { exitCode, stderr } = await on.run([...call, '-p', 'heir']);
    expect([exitCode, stderr]).toEqual([7, expect.stringContaining('407')]);
    expect(proxy.asked).toHaveLength(1);
  });

  test.each<[string, (address: string) => [string[], Record<string, string>]]>([
    ['a flag', (address) => [['--proxy', address], {}]],
    ['a variable', (address) => [[], { ERPSYNC_PROXY: address }]],
  ])('when %s names another proxy then the stored password does not go there', async (_what, given) => {
    const { on, proxy: own } = await behindProxy();
    const { proxy, address } = await otherProxy();
    const [flags, env] = given(address);
    const { exitCode, stderr } = await on.run([...call, ...flags], { env });
    expect([exitCode, stderr]).toEqual([7, expect.stringContaining('407')]);
    expect([own.asked.length, proxy.asked.length]).toEqual([0, 1]);
  });

  test('when a credential command has it then it is asked, for the proxy of its profile', async () => {
    const on = machineHere();
    const { url } = tenant();
    const { proxy, address } = await otherProxy();
    const file = path.join(on.home, 'vault');
    const printed = JSON.stringify({ version: 1, secrets: { proxyPassword: 'S3cret-1' } });
    writeFileSync(file, `#!/bin/sh\necho '${printed}'\n`);
    chmodSync(file, 0o700);
    const command = ['--credential-command', JSON.stringify([file])];
    await on.run(['profile', 'add', 'p', '--url', url, '--auth', 'none', '--proxy', address, ...command]);
    expect(await on.run(call)).toMatchObject({ exitCode: 0 });
    expect(proxy.asked).toHaveLength(1);
  });

  test('when there is no proxy then it is refused', async () => {
    const args = [
      'profile',
      'add',
      'p',
      '--url',
      'https://a.example',
      '--auth',
      'none',
      '--proxy-password-stdin',
    ];
    expectRefusal(await machineHere().run(args, { input: 'x' }), 2, [
      '--proxy-password-stdin cannot be used: it is for a proxy',
      '--proxy',
    ]);
  });
});
