/** Internal keys from the server's archives, against the sandbox: over both transports, and page by page. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { largeTenant } from '../support/large-tenant.ts';
import { machine } from '../support/program.ts';
import { jsonAnswer, wireServer } from '../support/wire-server.ts';

async function sandbox(companies: number) {
  const server = await startSandbox({
    host: '127.0.0.1',
    port: 0,
    surroundings: { begin: (now) => largeTenant(now, companies) },
  });
  onTestFinished(() => server.close());
  const env = {
    ERPSYNC_USERNAME: server.credentials.username,
    ERPSYNC_PASSWORD: server.credentials.password,
  };
  const login = ['--url', server.url, '--auth', 'basic'];
  return {
    run: (...args: readonly string[]) => runHere([...args, ...login], { env }),
    login,
    env,
  };
}

describe('keys list', () => {
  test.each(['rest', 'soap'])(
    'when there are several pages over %s then each key is there once',
    async (transport) => {
      const { run } = await sandbox(2_500);
      const { exitCode, stdout } = await run(
        'keys',
        'list',
        '--connection',
        '124',
        '-o',
        'ids',
        '--transport',
        transport,
      );
      expect(exitCode).toBe(0);
      const keys = stdout.trim().split('\n');
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toContain('100001');
      expect(keys).toContain('102500');
    },
  );

  test('when it is printed as CSV then there is one header for all pages', async () => {
    const { run } = await sandbox(2_500);
    const { stdout } = await run('keys', 'list', '--connection', '124', '-o', 'csv');
    const lines = stdout.trimEnd().split('\r\n');
    expect(lines[0]).toBe('internalKey,erpKey,actorType,crmType,recordId');
    expect(lines.filter((line) => line === lines[0])).toHaveLength(1);
    expect(lines).toContain('100001,C-100001,Customer,company,1000001');
    expect(lines).toContain('102500,C-102500,Customer,company,1002500');
  });

  test('when it is asked over REST and over SOAP then the items are equal', async () => {
    const { run } = await sandbox(3);
    const list = async (transport: string) =>
      documentOf(await run('keys', 'list', '--connection', '124', '-o', 'json', '--transport', transport))[
        'items'
      ];
    const items = await list('rest');
    expect(items).toContainEqual({
      internalKey: 100_001,
      erpKey: 'C-100001',
      actorType: 'Customer',
      crmType: 'company',
      recordId: 1_000_001,
    });
    expect(await list('soap')).toEqual(items);
  });

  test.each(['rest', 'soap'])(
    'when there is no link over %s then an unknown connection is refused, and another one is not',
    async (transport) => {
      const { run } = await sandbox(3);
      const list = (...more: readonly string[]) => run('keys', 'list', '--transport', transport, ...more);
      for (const form of ['table', 'ids']) {
        const unknown = await list('--connection', '999', '-o', form);
        expectRefusal(unknown, 6, ['there is no ERP connection 999', 'erpsync connections list']);
      }
      const known = await list('--connection', '124', '--actor-type', 'Employee');
      expect(known).toMatchObject({ exitCode: 0, stdout: 'No link.\n' });
    },
  );

  test('when there is no link and connections cannot be looked at then nothing is refused', async () => {
    const server = await wireServer((request) =>
      request.includes('GetConnection') ? jsonAnswer(403, {}) : jsonAnswer(200, { value: [] }),
    );
    const line = ['keys', 'list', '--connection', '999', '--url', server.url, '--auth', 'none'];
    expect(await runHere(line)).toMatchObject({ exitCode: 0, stdout: 'No link.\n' });
    expect(server.requests.at(-1)).toContain('GetConnection');
  });

  test('when there are links then the connection is not looked at', async () => {
    const { run } = await sandbox(3);
    const { exitCode, stderr } = await run('keys', 'list', '--connection', '124', '-v');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Archive')]);
    expect(stderr).not.toContain('GetConnection');
  });

  test('when a command lists nothing then -o ids is refused', async () => {
    expectRefusal(await runHere(['engine', 'status', '-o', 'ids']), 2, ['no list']);
  });

  test.each(['ids', 'csv'])('when the reader of %s goes away then the listing ends with 0', async (form) => {
    const { login, env } = await sandbox(30_000);
    const user = machine();
    const { child, finished } = user.start(['keys', 'list', '--connection', '124', '-o', form, ...login], {
      env,
    });
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect((await finished).exitCode).toBe(0);
  });
});

describe('force-resync of CRM records', () => {
  test.each(['rest', 'soap'])(
    'when companies are given over %s then their internal keys are sent',
    async (transport) => {
      const { run } = await sandbox(120);
      const done = await run(
        'force-resync',
        '--from-crm',
        '--company',
        '1000001-1000120,1000001',
        '-o',
        'json',
        '--transport',
        transport,
      );
      expect(documentOf(done)).toMatchObject({
        exitCode: 0,
        keys: { given: 121, duplicates: 1, unresolved: 0, accepted: 120 },
      });
    },
  );

  test('when some have no key then all of them are named and nothing is sent', async () => {
    const { run } = await sandbox(2);
    const done = await run(
      'force-resync',
      '--from-crm',
      '--company',
      '1000001,7000001-7000030',
      '-o',
      'json',
    );
    const { exitCode, error } = documentOf(done) as { exitCode: number; error: { concerns: number[] } };
    expect(exitCode).toBe(6);
    expect(error.concerns).toHaveLength(30);
  });

  test('when they may be skipped then the rest is sent and the code is 10', async () => {
    const { run } = await sandbox(2);
    const done = await run(
      'force-resync',
      '--from-crm',
      '--company',
      '1000001,7000001',
      '--unresolved',
      'skip',
      '-o',
      'json',
    );
    expect(documentOf(done)).toMatchObject({
      status: 'partial',
      exitCode: 10,
      keys: { given: 2, duplicates: 0, unresolved: 1, accepted: 1 },
    });
  });

  test('when none has a key then nothing is sent, skipped or not', async () => {
    const { run } = await sandbox(2);
    expectRefusal(await run('force-resync', '--from-crm', '--sale', '7000001', '--unresolved', 'skip'), 2, [
      'nothing was sent',
    ]);
  });
});

describe('keys resolve', () => {
  test.each(['rest', 'soap'])(
    'when one has no link over %s then it is named, with code 6 or 10',
    async (transport) => {
      const { run } = await sandbox(2);
      const line = ['keys', 'resolve', '--transport', transport, '-o', 'json'];
      const companies = ['--company', '1000001,7000001'];
      expect(documentOf(await run(...line, ...companies))).toMatchObject({
        exitCode: 6,
        items: [
          { given: 1_000_001, kind: 'company', internalKey: 100_001 },
          { given: 7_000_001, kind: 'company', internalKey: null },
        ],
      });
      expect((await run(...line, ...companies, '--unresolved', 'skip')).exitCode).toBe(10);
      const erp = ['--connection', '124', '--external-keys', "C-100002,it's", '--actor-type', 'Customer'];
      expect(documentOf(await run(...line, ...erp))).toMatchObject({
        items: [
          { given: 'C-100002', kind: 'erp-key', internalKey: 100_002 },
          { given: "it's", kind: 'erp-key', internalKey: null },
        ],
      });
    },
  );
});
