/** Profiles of tenants: how they are stored and changed, and where their secrets may go. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { tenantServer } from '../support/tenant-server.ts';

const server = tenantServer();
const resync = ['force-resync', '--from-crm', '--ids', '1', '--no-check'];

async function ok(on: MachineHere, args: readonly string[], input = ''): Promise<string> {
  const finished = await on.run(args, { input });
  expect(finished).toMatchObject({ exitCode: 0 });
  return finished.stdout;
}

const shown = async (on: MachineHere, name: string) =>
  documentOf(await on.run(['profile', 'show', name, '-o', 'json']));

/** An environment whose tenants are all served at one address each, on another host of loopback. */
function environment() {
  const tenants = server();
  const online = server(({ path: asked }) => {
    const [, tenant = ''] = /^\/api\/state\/(\w+)$/.exec(asked) ?? [];
    const Endpoint = tenants.url;
    const state = { ContextIdentifier: tenant, Endpoint, Api: `${Endpoint}/api`, State: 'Running' };
    return { status: 200, body: state };
  });
  return { url: online.url, tenants };
}

describe.concurrent('a profile of a tenant', () => {
  test('when it is stored then it is shown, listed and exported with tenant and environment', async () => {
    const on = machineHere();
    const add = ['profile', 'add', 'prod', '--tenant', 'cust12345', '--env', 'online', '--auth', 'ticket'];
    expect(await ok(on, [...add, '--ticket-stdin'], '7T:x')).toContain('for online/Cust12345');
    expect(await shown(on, 'prod')).toMatchObject({
      url: null,
      tenant: 'Cust12345',
      environment: 'online',
      secretsFor: { ticket: 'online/Cust12345' },
    });
    const { items } = documentOf(await on.run(['profile', 'list', '-o', 'json']));
    expect(items).toMatchObject([{ name: 'prod', url: null, tenant: 'online/Cust12345' }]);
    const exported = await ok(on, ['profile', 'export', '-o', 'json']);
    expect(JSON.parse(exported).profiles).toEqual({
      prod: { tenant: 'Cust12345', environment: 'online', auth: 'ticket' },
    });
    const other = machineHere();
    await ok(other, ['profile', 'import', '-'], exported);
    expect(await shown(other, 'prod')).toMatchObject({ tenant: 'Cust12345', environment: 'online' });
  });

  test('when no environment is named then none is assumed', async () => {
    const add = ['profile', 'add', 'prod', '--tenant', 'Cust1', '--auth', 'none'];
    expectRefusal(await machineHere().run(add), 2, ['--env', 'sod', 'qaonline', 'online']);
  });

  test('when config explain tells it then each part has its origin, and what is missing is told', async () => {
    const on = machineHere();
    await ok(on, ['profile', 'add', 'prod', '--tenant', 'Cust1', '--env', 'sod', '--auth', 'none']);
    const explained = documentOf(
      await on.run(['config', 'explain', '-o', 'json'], { env: { ERPSYNC_ENV: 'qaonline' } }),
    )['items'] as readonly object[];
    expect(explained).toContainEqual({
      setting: 'environment',
      value: 'qaonline',
      from: 'ERPSYNC_ENV',
      problem: null,
    });
    expect(explained).toContainEqual({
      setting: 'tenant',
      value: 'Cust1',
      from: 'profile "prod"',
      problem: null,
    });
    expect(explained).not.toContainEqual(expect.objectContaining({ setting: 'url' }));
    const without = documentOf(
      await machineHere().run(['config', 'explain', '--tenant', 'Cust1', '-o', 'json']),
    );
    expect(without['items']).toContainEqual(
      expect.objectContaining({ setting: 'environment', problem: expect.stringContaining('--env') }),
    );
  });

  test('when a file says two addresses then that is an error of configuration', async () => {
    const on = machineHere();
    await ok(on, ['profile', 'add', 'prod', '--tenant', 'Cust1', '--env', 'sod', '--auth', 'none']);
    const file = path.join(on.configDirectory, 'config.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"tenant"', '"url": "https://a.example", "tenant"'),
    );
    expectRefusal(await on.run(['profile', 'show', 'prod']), 3, ['"url"', '"tenant"', 'prod']);
  });

  test('when it is set to a url, or to another place, then that takes the place of the old address', async () => {
    const on = machineHere();
    await ok(on, ['profile', 'add', 'prod', '--tenant', 'Cust1', '--env', 'sod', '--auth', 'none']);
    await ok(on, ['profile', 'set', 'prod', '--online-url', 'https://login.example.com/']);
    expect(await shown(on, 'prod')).toMatchObject({
      tenant: 'Cust1',
      environment: null,
      onlineUrl: 'https://login.example.com',
    });
    await ok(on, ['profile', 'set', 'prod', '--url', 'https://crm.example.com']);
    expect(await shown(on, 'prod')).toMatchObject({
      url: 'https://crm.example.com',
      tenant: null,
      environment: null,
      onlineUrl: null,
    });
    await ok(on, ['profile', 'set', 'prod', '--tenant', 'Cust2', '--env', 'online']);
    expect(await shown(on, 'prod')).toMatchObject({ url: null, tenant: 'Cust2', environment: 'online' });
    expectRefusal(await on.run(['profile', 'set', 'prod', '--unset', 'env']), 2, ['--env', 'Cust2']);
    const both = ['profile', 'set', 'prod', '--url', 'https://a.example', '--tenant', 'Cust3'];
    expectRefusal(await on.run(both), 2, ['--url', '--tenant']);
  });
});

describe.concurrent('a secret of a tenant', () => {
  async function stored() {
    const on = machineHere();
    const place = environment();
    const add = [
      'profile',
      'add',
      'prod',
      '--tenant',
      'Cust1',
      '--online-url',
      place.url,
      '--auth',
      'ticket',
    ];
    await ok(on, [...add, '--ticket-stdin'], '7T:secret');
    return { on, ...place };
  }

  test('when the tenant is the same then it goes wherever the tenant is', async () => {
    const { on, tenants } = await stored();
    await ok(on, resync);
    expect(tenants.requests[0]?.headers['authorization']).toBe('SOTicket 7T:secret');
  });

  test.each([
    ['another tenant', ['--tenant', 'Cust2'], 'Cust2'],
    ['another environment', ['--env', 'sod'], 'sod/Cust1'],
    ['another place of the environment', ['--online-url', 'http://127.0.0.1:1'], 'http://127.0.0.1:1/Cust1'],
    ['a url', ['--url', 'http://127.0.0.1:1'], 'http://127.0.0.1:1'],
  ])('when a flag names %s then it stays, and nothing is sent', async (_, flags, there) => {
    const { on, tenants } = await stored();
    expectRefusal(await on.run([...resync, ...flags]), 3, ['ticket', 'belongs to', there, flags[0] ?? '']);
    expect(tenants.requests).toHaveLength(0);
    const set = ['profile', 'set', 'prod', ...flags];
    expectRefusal(await on.run(set), 3, ['ticket', there]);
  });

  test('when a variable names another tenant then the credential comes with it, or nothing is sent', async () => {
    const { on, tenants } = await stored();
    expectRefusal(await on.run(resync, { env: { ERPSYNC_TENANT: 'Cust2' } }), 3, ['ERPSYNC_TENANT']);
    const env = { ERPSYNC_TENANT: 'Cust2', ERPSYNC_TICKET: '7T:other' };
    expect((await on.run(resync, { env })).exitCode).toBe(0);
    expect(tenants.requests[0]?.headers['authorization']).toBe('SOTicket 7T:other');
  });

  test('when it is stored with an environment then it is for all of its tenants, and for no other one', async () => {
    const on = machineHere();
    const place = environment();
    const add = ['profile', 'add', 'app', '--online-url', place.url, '--auth', 'ticket', '--app-token-stdin'];
    const told = await ok(on, add, 'the-app');
    expect(told).toContain('--extends app --tenant');
    expect(told).not.toContain('has no');
    expectRefusal(await on.run([...resync, '-p', 'app']), 3, ['tenant', 'app']);
    for (const tenant of ['Cust1', 'Cust2']) {
      await ok(
        on,
        ['profile', 'add', tenant, '--extends', 'app', '--tenant', tenant, '--ticket-stdin'],
        '7T:x',
      );
      await ok(on, [...resync, '-p', tenant]);
    }
    expect(place.tenants.requests.map(({ headers }) => headers['so-apptoken'])).toEqual([
      'the-app',
      'the-app',
    ]);
    const elsewhere = ['profile', 'add', 'b', '--extends', 'app', '--tenant', 'Cust3', '--env', 'sod', '-q'];
    expectRefusal(await on.run([...elsewhere, '--ticket-stdin'], { input: '7T:x' }), 3, [
      'application token',
      'sod/Cust3',
    ]);
  });
});

describe.concurrent('a run of a tenant', () => {
  test('when the tenant has moved then the run is resumed all the same, and another tenant is refused', async () => {
    const on = machineHere();
    const answers = { failing: true };
    const tenants = server(() => (answers.failing ? { status: 503 } : { status: 204 }));
    const next = server();
    const place = { now: tenants.url };
    const online = server(({ path: asked }) => {
      const body = {
        ContextIdentifier: asked.split('/').at(-1),
        Endpoint: place.now,
        Api: `${place.now}/api`,
      };
      return { status: 200, body: { ...body, State: 'Running' } };
    });
    const flags = ['--online-url', online.url, '--auth', 'none', '--retries', '0'];
    const failed = await on.run([...resync, ...flags, '--tenant', 'Cust1', '--run', 'nightly']);
    expect(failed.exitCode).toBe(9);
    place.now = next.url;
    const other = await on.run(['resume', 'nightly', ...flags, '--tenant', 'Cust2', '-o', 'json']);
    expect([other.exitCode, documentOf(other)['error']]).toMatchObject([
      2,
      { message: expect.stringMatching(/Cust1, not .*Cust2/) },
    ]);
    expect((await on.run(['resume', 'nightly', ...flags, '--tenant', 'Cust1'])).exitCode).toBe(0);
    expect(next.requests).toHaveLength(1);
  });
});
