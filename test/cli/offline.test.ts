/** A dry run that asks nobody: the exact plan, and not one connection. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { jsonAnswer, wireServer } from '../support/wire-server.ts';

const listener = () => wireServer(() => jsonAnswer(500, null));
const plan = ['force-resync', '--connection', '124', '--dry-run', '--offline'];
const ids = ['--ids', '5,5,4', '--chunk-size', '1'];

describe('a dry run with --offline', () => {
  test.each<[string, string]>([
    ['rest', '/api/v1/Agents/ErpSync/ForceResyncBatchTask'],
    ['soap', '/Remote/Services88/ErpSync.svc'],
  ])(
    'when it is over %s then the whole plan is there, and nobody is connected to',
    async (transport, below) => {
      const server = await listener();
      const flags = ['--url', server.url, '--username', 'tje0', '--transport', transport];
      const finished = await machineHere().run([...plan, ...ids, ...flags, '-o', 'json']);
      const line = { method: 'POST', url: server.url + below, keys: 1 };
      expect(finished.exitCode).toBe(0);
      expect(documentOf(finished)).toMatchObject({
        status: 'dry-run',
        profile: null,
        url: server.url,
        transport,
        operation: 'ForceResyncBatchTask',
        source: { connectionId: 124, name: null },
        keys: { given: 3, duplicates: 1 },
        requests: { planned: 2 },
        plan: [
          { index: 0, ...line, first: 5, last: 5 },
          { index: 1, ...line, first: 4, last: 4 },
        ],
        error: null,
      });
      expect(server.connections()).toBe(0);
    },
  );

  test('when it is the same without --offline then the plan is the same, but for the name of the source', async () => {
    const server = await wireServer(() =>
      jsonAnswer(200, { ErpConnectionId: 124, DisplayName: 'Visma Net', Active: true, Deleted: false }),
    );
    const flags = [...ids, '--url', server.url, '--auth', 'none', '-o', 'json'];
    const online = documentOf(await machineHere().run([...plan.slice(0, -1), ...flags]));
    const offline = documentOf(await machineHere().run([...plan, ...flags]));
    expect(server.connections()).toBe(1);
    const alike = { source: null, run: null, durationMs: null };
    expect({ ...offline, ...alike }).toEqual({ ...online, ...alike });
  });

  test('when the program itself runs, with a proxy and a name that nobody knows, then it does not matter', async () => {
    const proxy = await listener();
    const user = machine();
    writeFileSync(path.join(user.home, 'keys.txt'), '100\n959\n');
    const flags = [
      '--url',
      'https://crm.company.invalid/super',
      '--username',
      'tje0',
      '--proxy',
      `127.0.0.1:${proxy.port}`,
    ];
    const { exitCode, stdout, stderr } = await user.run([...plan, '--ids-file', 'keys.txt', ...flags]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'POST https://crm.company.invalid/super/api/v1/Agents/ErpSync/ForceResyncBatchTask',
    );
    expect(stderr).toContain('Nobody was asked whether ERP connection 124 exists');
    expect(proxy.connections()).toBe(0);
  });

  test('when the profile is one of a tenant then its kept state is used, and without one that is told', async () => {
    const tenant = await listener();
    const environment = await wireServer(() =>
      jsonAnswer(200, {
        ContextIdentifier: 'Cust12345',
        Endpoint: tenant.url,
        Api: `${tenant.url}/api`,
        State: 'Running',
        IsRunning: true,
        ValidUntil: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    );
    const user = machineHere();
    const flags = ['--tenant', 'Cust12345', '--online-url', environment.url, '--auth', 'none'];
    const unknown = await user.run([...plan, ...ids, ...flags]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([3, expect.stringContaining('is not known here')]);
    expect(environment.connections()).toBe(0);
    await user.run([...plan.slice(0, -1), '--no-check', ...ids, ...flags]);
    const asked = environment.connections();
    const { exitCode, stdout } = await user.run([...plan, ...ids, ...flags]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`POST ${tenant.url}/api/v1/`)]);
    expect([environment.connections(), tenant.connections()]).toEqual([asked, 0]);
  });

  test.each<[string, readonly string[], string]>([
    ['no dry run', ['--from-crm', '--ids', '1', '--offline'], '--dry-run'],
    [
      'a source that is looked up',
      ['--connection-name', 'Visma', '--ids', '1', '--dry-run', '--offline'],
      '--connection-name',
    ],
    ['companies', ['--from-crm', '--company', '12', '--dry-run', '--offline'], '--company'],
    ['sales', ['--from-crm', '--sale', '12', '--dry-run', '--offline'], '--sale'],
    [
      'services that are asked for',
      ['--from-crm', '--ids', '1', '--dry-run', '--offline', '--transport', 'soap', '--services', 'auto'],
      '--services',
    ],
  ])('when there is %s then it is refused, and nobody is connected to', async (_, flags, named) => {
    const server = await listener();
    const line = ['force-resync', ...flags, '--url', server.url, '--auth', 'none'];
    expectRefusal(await machineHere().run(line), 2, [named]);
    expect(server.connections()).toBe(0);
  });

  test('when the list is empty then that is refused as ever', async () => {
    const line = [...plan, '--ids-file', '-', '--url', 'https://crm.company.invalid', '--auth', 'none'];
    expect((await machineHere().run(line, { input: '' })).exitCode).toBe(2);
    const fine = await machineHere().run([...line, '--if-empty', 'ok'], { input: '' });
    expect(fine.exitCode).toBe(0);
  });
});
