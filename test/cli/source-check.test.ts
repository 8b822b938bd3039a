/** The source is looked at before the first request and after the last one. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal, steering } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { connection124, type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

/** Runs a resync against a server whose GetConnection answers these in turn, the last one again and again. */
async function resync(replies: readonly Reply[], args: readonly string[] = ['--connection', '124']) {
  const queue = [...replies];
  const { url, requests, bodiesOf } = tenant(({ operation }) => {
    if (operation !== 'GetConnection') return { status: 204 };
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? { status: 404 };
  });
  const given = ['force-resync', '--ids', '100,959', '--url', url, '--auth', 'none', ...args];
  const finished = await machineHere().run(given);
  return { finished, operations: requests.map(({ operation }) => operation), bodiesOf };
}

function connection(members: Readonly<Record<string, unknown>>): Reply {
  return { status: 200, body: { ...connection124, ...members } };
}

const [asked, sent] = ['GetConnection', 'ForceResyncBatchTask'];

describe.concurrent('a source that is none', () => {
  const deleted = { status: 200, body: { ...connection124, Deleted: true, Active: true } };
  const unknownWords = [
    'there is no ERP connection 124: the server knows none with this id, so nothing was sent; see which there are: erpsync connections list',
  ];
  test.each<[string, Reply, string[]]>([
    ['is unknown (null)', { status: 200, body: null }, unknownWords],
    ['is unknown (204)', { status: 204 }, unknownWords],
    [
      'is deleted',
      deleted,
      ['"Visma Net" cannot be the source: it is deleted, so', 'choose another one: erpsync connections list'],
    ],
    [
      'is inactive',
      connection({ Active: false }),
      ['124 "Visma Net" cannot be the source: it is not active, so', 'erpsync connections enable 124'],
    ],
    [
      'does not say whether it is active',
      { status: 200, body: {} },
      ['the server does not say whether it is active, so', '--no-check'],
    ],
  ])('when it %s then the code is 6 and nothing is sent', async (_, reply, words) => {
    const { finished, operations } = await resync([reply]);
    expect(finished).toMatchObject({ exitCode: 6, stdout: 'Nothing was queued.\n' });
    for (const word of ['nothing was sent', ...words]) expect(finished.stderr).toContain(word);
    expect(operations).toEqual([asked]);
  });

  test('when it is unknown then the JSON says so too', async () => {
    const { finished } = await resync([{ status: 200, body: null }], ['--connection', '124', '-o', 'json']);
    expect(documentOf(finished)).toMatchObject({
      status: 'rejected',
      exitCode: 6,
      keys: { given: 2, accepted: 0, unsent: 2 },
      requests: { planned: 1, accepted: 0, unsent: 1 },
      error: { code: 'rejected', exitCode: 6 },
    });
  });

  test('when a dry run names it then the code is 6', async () => {
    const { finished, operations } = await resync(
      [{ status: 200, body: null }],
      ['--connection', '9', '--dry-run'],
    );
    expect([finished.exitCode, operations]).toEqual([6, [asked]]);
  });
});

describe.concurrent('a look that fails', () => {
  test('when it is forbidden then a warning is told and the run goes on', async () => {
    const { finished, operations } = await resync([{ status: 403 }]);
    expect(finished.exitCode).toBe(0);
    expect(finished.stderr).toMatch(/warning: .*ERP connection 124 .*HTTP 403/);
    expect(operations.filter((operation) => operation === sent)).toHaveLength(1);
  });

  test('when the credential is not accepted then the code is 4 and nothing is sent', async () => {
    const { finished, operations } = await resync([{ status: 401 }]);
    expect(finished.exitCode).toBe(4);
    expect(finished.stderr).toContain('HTTP 401');
    expect(operations).not.toContain(sent);
  });

  test('when the agent is not there then nothing is sent', async () => {
    const { finished, operations } = await resync([{ status: 404 }]);
    expect(finished.exitCode).toBe(6);
    expect(operations).toEqual([asked]);
  });
});

describe.concurrent('a look that is refused', () => {
  const refused = { status: 500, body: { Message: 'Object reference not set.' } };
  const words =
    'the source could not be looked at: the server refuses GetConnection (HTTP 500): Object reference not set. So nothing was sent; see';

  test('when it is that of a new run then the way around it is told', async () => {
    const { finished, operations } = await resync([refused]);
    expect(finished.exitCode).toBe(6);
    for (const part of [words, 'or go on without this look: --no-check'])
      expect(finished.stderr).toContain(part);
    expect(operations).not.toContain(sent);
  });

  test('when it is that of a run that goes on then that goes on with --no-check', async () => {
    const user = machineHere();
    const looks = [connection({}), refused];
    const batches = [{ status: 400, body: { Message: 'Not now' } }, { status: 204 }];
    const { url, requests } = tenant(({ operation }) => {
      const queue = operation === asked ? looks : batches;
      return (queue.length > 1 ? queue.shift() : queue[0]) ?? refused;
    });
    const run = (line: string) => user.run([...line.split(' '), '--url', url, '--auth', 'none']);
    expect((await run('force-resync --connection 124 --ids 1 --run nightly')).exitCode).toBe(6);
    const stopped = await run('resume nightly --rejected');
    expect(stopped.exitCode).toBe(6);
    for (const part of [words, '--no-check']) expect(stopped.stderr).toContain(part);
    const before = requests.length;
    expect((await run('resume nightly --rejected --no-check')).exitCode).toBe(0);
    expect(requests.slice(before).map(({ operation }) => operation)).toEqual([sent]);
    expectRefusal(await run('resume nightly --unknown check --no-check'), 2, ['--no-check exclude']);
  });
});

describe.concurrent('no look', () => {
  test('when --no-check is given then GetConnection is never asked', async () => {
    const { finished, operations } = await resync(
      [connection({ Active: false })],
      ['--connection', '124', '--no-check'],
    );
    expect([finished.exitCode, operations]).toEqual([0, [sent]]);
    expect(finished.stdout).toContain('from ERP connection 124 to all other connections and SuperOffice');
  });

  test('when the source is CRM then 0 travels and nothing is looked at', async () => {
    const { finished, operations, bodiesOf } = await resync([{ status: 404 }], ['--from-crm']);
    expect([finished.exitCode, operations]).toEqual([0, [sent]]);
    expect(bodiesOf(sent)).toEqual([{ ErpConnectionId: 0, InternalKeyIds: [100, 959] }]);
    expect(finished.stdout).toContain('from SuperOffice CRM to all ERP connections');
  });
});

describe.concurrent('the look after the run', () => {
  test('when the source turned inactive meanwhile then the code is 10 and it is told', async () => {
    const { finished, operations } = await resync([connection({}), connection({ Active: false })]);
    expect(finished.exitCode).toBe(10);
    expect(finished.stderr).toContain(
      '2 of 2 keys accepted, and possibly not synced: meanwhile ERP connection 124 "Visma Net" cannot be the source: it is not active; watch',
    );
    // The keys were sent; to say otherwise would have them sent twice.
    expect(finished.stderr).not.toContain('nothing was sent');
    expect(operations).toEqual([asked, sent, asked]);
  });

  test('when it fails then the run counts all the same, with a warning', async () => {
    const { finished } = await resync([connection({}), { status: 401 }]);
    expect(finished.exitCode).toBe(0);
    expect(finished.stderr).toContain('warning: could not look at the source again');
  });
});

describe.concurrent('the name of the source', () => {
  test.each([
    ['plain', 'Visma Net', 'Visma Net'],
    ['in several languages', 'NO:"Leverandør";US:"Supplier"', 'Supplier'],
    ['in no English', 'NO:"Leverandør";SE:"Leverantör"', 'Leverandør'],
  ])('when it is %s then it is shown once, in English if possible', async (_, given, shown) => {
    const { finished } = await resync([connection({ DisplayName: given })]);
    const words = `from ERP connection 124 "${shown}" to all other connections and SuperOffice`;
    expect(finished.stdout).toContain(words);
    expect(finished.stderr).toContain(words);
  });

  const evil = 'Evil\u001b[2J\u009b31m\u202eten\u0007\r\u007f\n::error::gotcha';
  test.each([
    ['a summary', []],
    ['a dry run', ['--dry-run']],
    ['an ndjson stream', ['-o', 'ndjson']],
  ])('when it holds control characters then %s does not', async (_, args) => {
    const { finished } = await resync([connection({ DisplayName: evil })], ['--connection', '124', ...args]);
    expect(finished.exitCode).toBe(0);
    expect(finished.stdout).not.toMatch(steering);
    expect(finished.stderr).not.toMatch(steering);
    expect(finished.stdout + finished.stderr).not.toMatch(/^::error::/m);
  });

  test('when it holds control characters and is refused then the error does not', async () => {
    const { finished } = await resync([connection({ DisplayName: evil, Active: false })]);
    expect(finished.stderr).not.toMatch(steering);
    expect(finished.stderr).toContain('\\u001b');
  });

  test('when it holds control characters then JSON has them as \\u escapes', async () => {
    const { finished } = await resync(
      [connection({ DisplayName: evil })],
      ['--connection', '124', '-o', 'json'],
    );
    expect(finished.stdout).not.toMatch(steering);
    expect(finished.stdout).toContain('Evil\\u001b[2J\\u009b31m\\u202eten');
    expect(documentOf(finished)).toMatchObject({ source: { connectionId: 124, name: evil } });
  });
});

test('when the server refuses with control characters then the error does not hold them', async () => {
  const body = { Error: true, ErrorType: 'X', ErrorMessage: 'no\u001b[31m\u009b\u202e way' };
  const { url } = tenant(() => ({ status: 400, body }));
  const args = ['force-resync', '--from-crm', '--ids', '1', '--url', url, '--auth', 'none'];
  const { exitCode, stdout, stderr } = await machineHere().run(args);
  expect([exitCode, stdout]).toEqual([6, 'Nothing was queued.\n']);
  expectRefusal(
    { exitCode, stdout: '', signal: undefined, stderr: stderr.split('\n').slice(-2).join('\n') },
    6,
    ['no\\u001b[31m'],
  );
});
