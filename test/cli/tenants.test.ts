/** Tenants of SuperOffice Online: named by tenant and environment, found by asking where they are. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type MachineHere, machineHere, runHere } from '../support/in-process.ts';
import { healthy, type Received, type Reply, tenantServer } from '../support/tenant-server.ts';

const server = tenantServer();
const resync = ['force-resync', '--from-crm', '--ids', '1', '--no-check'];
const soon = (): string => new Date(Date.now() + 3_600_000).toISOString().replace('Z', '1234Z');

interface State {
  [member: string]: unknown;
}

/** An environment with one tenant, which is served at an address of its own; both count what they are asked. */
function environment(change: (state: State) => State = (state) => state) {
  const tenant = server();
  let served = tenant.url;
  const state = (): State => ({
    ContextIdentifier: 'Cust12345',
    Endpoint: served,
    State: 'Running',
    IsRunning: true,
    ValidUntil: soon(),
    Api: `${served}/api`,
    Version: 'Release_11.10',
  });
  const online = server(({ path: asked }) =>
    asked.toLowerCase() === '/api/state/cust12345' ? { status: 200, body: change(state()) } : { status: 404 },
  );
  return {
    tenant,
    online,
    flags: ['--tenant', 'cust12345', '--online-url', online.url, '--auth', 'none'],
    moveTo(url: string) {
      served = url;
    },
  };
}

const pathsOf = ({ requests }: { readonly requests: readonly Received[] }): string[] =>
  requests.map((request) => request.path);

describe.concurrent('a tenant', () => {
  test('when it is named then its environment is asked where it is, and calls go there', async () => {
    const { tenant, online, flags } = environment();
    const finished = await runHere([...resync, ...flags, '-o', 'json']);
    expect(finished).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('not where') });
    expect(documentOf(finished)).toMatchObject({ url: tenant.url });
    expect(pathsOf(online)).toEqual(['/api/state/Cust12345']);
    expect(online.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(online.requests[0]?.headers['user-agent']).toMatch(/^erpsync\//);
    expect(pathsOf(tenant)).toEqual(['/api/v1/Agents/ErpSync/ForceResyncBatchTask']);
  });

  test('when calls go over SOAP then they go to its endpoint', async () => {
    const { tenant, flags } = environment();
    await runHere(['engine', 'status', ...flags, '--transport', 'soap', '--retries', '0']);
    expect(pathsOf(tenant)).toEqual(['/Remote/Services88/ErpSync.svc']);
  });

  test.each([
    ['rest', 'api'],
    ['soap', 'Remote'],
  ])('when both addresses differ then calls over %s go to theirs', async (transport, below) => {
    const [there, elsewhere] = [server(), server()];
    const { flags } = environment((state) => ({
      ...state,
      Api: `${transport === 'rest' ? there.url : elsewhere.url}/api`,
      Endpoint: transport === 'soap' ? there.url : elsewhere.url,
    }));
    await runHere(['engine', 'status', ...flags, '--transport', transport, '--retries', '0']);
    expect(there.requests.map((request) => request.path.split('/')[1])).toEqual([below]);
    expect(elsewhere.requests).toHaveLength(0);
  });

  test('when its state still holds then it is not asked again, and is kept for the owner alone', async () => {
    const { online, flags } = environment();
    const on = machineHere();
    for (const _ of [1, 2, 3]) expect((await on.run([...resync, ...flags])).exitCode).toBe(0);
    expect(online.requests).toHaveLength(1);
    const directory = path.join(on.configDirectory, 'tenants');
    const [file = ''] = readdirSync(directory);
    expect(statSync(path.join(directory, file)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['has run out', { ValidUntil: '2020-01-01T00:00:00.0000000Z' }],
    ['says no time', { ValidUntil: undefined }],
    ['says a time that is none', { ValidUntil: 'tomorrow' }],
  ])('when its state %s then it is asked again', async (_, members) => {
    const { online, flags } = environment((state) => ({ ...state, ...members }));
    const on = machineHere();
    for (const _ of [1, 2]) expect((await on.run([...resync, ...flags])).exitCode).toBe(0);
    expect(online.requests).toHaveLength(2);
  });

  test('when others can write the kept state then it is not taken', async () => {
    const { tenant, online, flags } = environment();
    const elsewhere = server();
    const on = machineHere();
    await on.run([...resync, ...flags]);
    const directory = path.join(on.configDirectory, 'tenants');
    const file = path.join(directory, readdirSync(directory)[0] ?? '');
    const kept = readFileSync(file, 'utf8').replaceAll(tenant.url, elsewhere.url);
    const { chmodSync } = await import('node:fs');
    writeFileSync(file, kept);
    chmodSync(file, 0o666);
    expect((await on.run([...resync, ...flags])).exitCode).toBe(0);
    expect([online.requests.length, elsewhere.requests.length]).toEqual([2, 0]);
  });

  test('when the state has no version, a number for its name and another case then it is understood', async () => {
    const { flags } = environment((state) => ({
      ...state,
      Version: undefined,
      State: 5,
      ContextIdentifier: 'CUST12345',
    }));
    expect((await runHere([...resync, ...flags])).exitCode).toBe(0);
  });

  test.each<[string, State, number, string]>([
    ['Suspended', { State: 'Suspended', IsRunning: false }, 9, 'suspended'],
    ['OfflineMaintenance', { State: 'OfflineMaintenance', IsRunning: false }, 9, 'maintenance'],
    ['Provisioning', { State: 1, IsRunning: false }, 9, 'set up'],
    ['MigrationPending', { State: 'MigrationPending', IsRunning: false }, 9, 'move'],
    ['Deleted', { State: 'Deleted', IsRunning: false, Api: null, Endpoint: null }, 3, 'deleted'],
    ['Unknown', { State: 'Unknown', IsRunning: false }, 3, 'does not know'],
    ['NewInventedState', { State: 'NewInventedState', IsRunning: false }, 9, 'not served'],
  ])(
    'when its state is %s then the command ends and says what that means',
    async (name, members, exitCode, words) => {
      const { tenant, flags } = environment((state) => ({ ...state, ...members }));
      expectRefusal(await runHere([...resync, ...flags]), exitCode, ['Cust12345', name, words]);
      expect(tenant.requests).toHaveLength(0);
    },
  );

  test('when a state is new to us but says that the tenant runs then it is served', async () => {
    const { flags } = environment((state) => ({ ...state, State: 'Splendid' }));
    expect((await runHere([...resync, ...flags])).exitCode).toBe(0);
  });

  test.each<[string, (state: State) => unknown, string]>([
    ['of another tenant', (state) => ({ ...state, ContextIdentifier: 'Cust99' }), 'another tenant'],
    ['with another host', (state) => ({ ...state, Api: 'https://evil.example/api' }), 'evil.example'],
    [
      'with another host for SOAP',
      (state) => ({ ...state, Endpoint: 'https://127.0.0.1.evil.example' }),
      '127.0.0.1.evil.example',
    ],
    ['with a login in an address', (state) => ({ ...state, Api: 'http://a:b@127.0.0.1/api' }), 'Api'],
    ['with an address that is none', (state) => ({ ...state, Api: 'javascript:1/api' }), 'Api'],
    ['with an Api that is none', (state) => ({ ...state, Api: state['Endpoint'] }), '/api'],
    ['without an Api', (state) => ({ ...state, Api: undefined }), 'no state'],
    ['without a state', (state) => ({ ...state, State: undefined }), 'no state'],
    ['that is a list', (state) => [state], 'no state'],
    ['that is null', () => null, 'no state'],
    ['that is huge', (state) => ({ ...state, Version: 'x'.repeat(70_000) }), 'no state'],
  ])('when the answer is a state %s then nothing is sent there', async (_, change, words) => {
    const { tenant, flags } = environment(change as (state: State) => State);
    const on = machineHere();
    expectRefusal(await on.run([...resync, ...flags]), 7, ['/api/state/Cust12345', words]);
    expect(tenant.requests).toHaveLength(0);
    expect(existsSync(path.join(on.configDirectory, 'tenants'))).toBe(false);
  });

  test('when the environment does not know it then that is told', async () => {
    const { flags } = environment();
    const finished = await runHere(
      [...resync, ...flags, '--tenant=Cust9'].filter((word) => word !== '--tenant' && word !== 'cust12345'),
    );
    expectRefusal(finished, 3, ['Cust9', '404', '--tenant', '--env']);
  });

  test.each([
    [401, 4],
    [503, 9],
    [500, 7],
    [302, 7],
  ])('when the environment answers %i then the exit code is %i', async (status, exitCode) => {
    const online = server(() => ({ status }));
    const flags = ['--tenant', 'Cust1', '--online-url', online.url, '--auth', 'none', '--retries', '0'];
    expectRefusal(await runHere([...resync, ...flags]), exitCode, ['/api/state/Cust1', String(status)]);
  });
});

/** What an old address answers once the tenant has moved. */
const misdirected = (): Reply => ({ status: 421, body: 'Wrong subdomain used to access tenant' });

describe.concurrent('a tenant that moves', () => {
  async function moved(on: MachineHere) {
    let here = true;
    const old = server((request) => (here ? healthy(request) : misdirected()));
    const there = server();
    const place = environment();
    place.moveTo(old.url);
    expect((await on.run([...resync, ...place.flags])).exitCode).toBe(0);
    here = false;
    return { ...place, old, there };
  }

  test('when its old address answers 421 then it is asked for once, and the request is sent there', async () => {
    const on = machineHere();
    const { online, old, there, flags, moveTo } = await moved(on);
    moveTo(there.url);
    const finished = await on.run([...resync, ...flags, '-o', 'json']);
    expect(finished.exitCode).toBe(0);
    expect(documentOf(finished)).toMatchObject({ url: there.url, requests: { accepted: 1, retries: 0 } });
    expect([online.requests.length, old.requests.length, there.requests.length]).toEqual([2, 2, 1]);
    await on.run([...resync, ...flags]);
    expect([online.requests.length, old.requests.length, there.requests.length]).toEqual([2, 2, 2]);
  });

  test('when it still says the old address then the request is not sent again', async () => {
    const on = machineHere();
    const { online, old, flags } = await moved(on);
    const finished = await on.run([...resync, ...flags, '-o', 'json']);
    expect([finished.exitCode, documentOf(finished)['error']]).toMatchObject([7, { httpStatus: 421 }]);
    expect([online.requests.length, old.requests.length]).toEqual([2, 2]);
  });

  test('when the new address answers 421 too then it ends there', async () => {
    const on = machineHere();
    const { online, flags, moveTo } = await moved(on);
    const next = server(misdirected);
    moveTo(next.url);
    expect((await on.run([...resync, ...flags])).exitCode).toBe(7);
    expect([online.requests.length, next.requests.length]).toEqual([2, 1]);
  });

  test('when it is closed meanwhile then that is what the command ends with', async () => {
    const on = machineHere();
    let closed = false;
    let gone = false;
    const old = server((request) => (gone ? misdirected() : healthy(request)));
    const place = environment((state) => ({ ...state, State: closed ? 'OfflineMaintenance' : 'Running' }));
    place.moveTo(old.url);
    await on.run([...resync, ...place.flags]);
    closed = true;
    gone = true;
    const finished = await on.run([...resync, ...place.flags, '-o', 'json']);
    expect([finished.exitCode, documentOf(finished)['error']]).toMatchObject([
      9,
      { code: 'unavailable', message: expect.stringContaining('OfflineMaintenance') },
    ]);
  });

  test('when nobody answers at the old address then it is asked for, too', async () => {
    const on = machineHere();
    const place = environment();
    place.moveTo('http://127.0.0.1:1/gone');
    const first = await on.run([...resync, ...place.flags, '--retries', '0']);
    expect([first.exitCode, place.online.requests.length]).toEqual([7, 1]);
    place.moveTo(place.tenant.url);
    const second = await on.run([...resync, ...place.flags, '--retries', '0']);
    expect([second.exitCode, place.online.requests.length]).toEqual([0, 2]);
    expect(place.tenant.requests).toHaveLength(1);
  });

  test('when many requests find it gone then it is asked for once', async () => {
    const on = machineHere();
    const { online, there, flags, moveTo } = await moved(on);
    moveTo(there.url);
    const many = [
      'force-resync',
      '--from-crm',
      '--ids',
      '1-40',
      '--no-check',
      '--chunk-size',
      '1',
      '--concurrency',
      '8',
    ];
    const finished = await on.run([...many, '--rate', '0', ...flags]);
    expect(finished.exitCode).toBe(0);
    expect(online.requests).toHaveLength(2);
    expect(there.requests).toHaveLength(40);
  });
});

describe('the tenant of a sandbox', () => {
  test.each(['rest', 'soap'])(
    'when it moves in the middle of a run over %s then every key is accepted',
    async (transport) => {
      const faults = [parseFault('moved,every=10,times=1')];
      const sandbox = await startSandbox({ host: '127.0.0.1', port: 0, faults });
      onTestFinished(() => sandbox.close());
      const flags = ['--tenant', sandbox.tenant, '--online-url', sandbox.url, '--username', 'tje0'];
      const many = [
        'force-resync',
        '--connection',
        '124',
        '--ids',
        '1-20',
        '--chunk-size',
        '1',
        '--rate',
        '0',
      ];
      const finished = await runHere([...many, ...flags, '--transport', transport, '-o', 'json'], {
        env: { ERPSYNC_PASSWORD: 'Tje0' },
      });
      expect(documentOf(finished)).toMatchObject({
        status: 'ok',
        keys: { accepted: 20 },
        url: `${sandbox.url}/moved1`,
      });
    },
  );
});

describe.concurrent('how a tenant is named', () => {
  test('when flags and variables name two addresses then that is an error', async () => {
    const env = { ERPSYNC_URL: 'https://a.example', ERPSYNC_TENANT: 'Cust1', ERPSYNC_ENV: 'sod' };
    expectRefusal(await runHere(resync, { env }), 2, ['ERPSYNC_URL', 'ERPSYNC_TENANT']);
    const flags = ['--url', 'https://a.example', '--tenant', 'Cust1'];
    expectRefusal(await runHere([...resync, ...flags]), 2, ['--url', '--tenant']);
    const both = ['--tenant', 'Cust1', '--env', 'sod', '--online-url', 'https://a.example'];
    expectRefusal(await runHere([...resync, ...both]), 2, ['--env', '--online-url']);
  });

  test('when a flag names one then a variable of another address does not matter', async () => {
    const { flags, online } = environment();
    const env = { ERPSYNC_URL: 'https://a.example', ERPSYNC_ENV: 'online' };
    expect((await runHere([...resync, ...flags], { env })).exitCode).toBe(0);
    expect(online.requests).toHaveLength(1);
  });

  test.each<[string, string[], number, string[]]>([
    ['no environment', ['--tenant', 'Cust1'], 2, ['sod', 'qaonline', 'online', '--env']],
    ['no tenant', ['--env', 'sod'], 2, ['--env', '--tenant']],
    ['an environment for a url', ['--env', 'sod', '--url', 'https://a.example'], 2, ['--env', '--url']],
    ['another environment', ['--tenant', 'Cust1', '--env', 'prod'], 2, ['prod', 'qaonline']],
    ['a tenant that is a path', ['--tenant', '../x', '--env', 'sod'], 2, ['../x', 'Cust12345']],
    [
      'a private environment over http',
      ['--tenant', 'Cust1', '--online-url', 'http://a.example'],
      2,
      ['--allow-http'],
    ],
  ])('when there is %s then nothing is sent', async (_, flags, exitCode, words) => {
    expectRefusal(await runHere([...resync, ...flags, '--auth', 'none']), exitCode, words);
  });

  test('when a profile has a url then a variable that names an environment does not matter', async () => {
    const on = machineHere();
    const { url, requests } = server();
    await on.run(['profile', 'add', 'prod', '--url', url, '--auth', 'none']);
    expect((await on.run(resync, { env: { ERPSYNC_ENV: 'online' } })).exitCode).toBe(0);
    expect(requests).toHaveLength(1);
  });

  test('when a profile has a url and a flag names an environment then that is an error', async () => {
    const on = machineHere();
    await on.run(['profile', 'add', 'prod', '--url', 'https://a.example', '--auth', 'none']);
    expectRefusal(await on.run([...resync, '--env', 'sod']), 2, ['--env', '--tenant']);
  });
});
