/** Sync connectors: made, changed and deleted, each after a look at what is there. */
import { describe, expect, test } from 'vitest';
import { answering, connectionsRunner, ok } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connectors = connectionsRunner('connectors');

const [read, save, remove] = [
  'GetErpSyncConnectorEntity',
  'SaveErpSyncConnectorEntity',
  'DeleteErpSyncConnectorEntity',
];
const check = 'CanDeleteErpSyncConnectorEntity';
const stored = {
  ErpConnectorId: 17,
  DisplayName: 'NO:"Kobling";US:"Visma"',
  URL: 'https://connector.example.com/visma',
  Deleted: false,
};
const there = ok(stored);
const deleted = ok({ ...stored, Deleted: true });
const lost: Reply = { status: 502 };
const taken: Reply = { status: 204 };

describe.concurrent('create', () => {
  const start = 'CreateDefaultErpSyncConnectorEntity';
  const args = ['create', '--name', 'Navision', '--connector-url', 'plugin://navision'];
  const none = { GetAllConnectors: ok([]) };
  const made = ok({ ErpConnectorId: 20, DisplayName: 'Navision', URL: 'plugin://navision', Deleted: false });

  test('when it is made then the starting values of the server go back with id 0', async () => {
    // A server that proposed an id of its own must not make this an update.
    const { finished, operations, bodiesOf } = await connectors(
      [...args, '-o', 'json'],
      answering({
        ...none,
        [start]: ok({ ErpConnectorId: 17, DisplayName: '', URL: '', Deleted: false }),
        [save]: made,
      }),
    );
    expect(documentOf(finished)).toMatchObject({ status: 'ok', id: 20, name: 'Navision', created: true });
    expect(operations).toEqual([start, 'GetAllConnectors', save]);
    expect(bodiesOf(save)).toEqual([
      { ErpConnectorId: 0, DisplayName: 'Navision', URL: 'plugin://navision', Deleted: false },
    ]);
  });

  test.each([
    ['the name', ['create', '--connector-url', 'plugin://x'], '--name'],
    ['the address', ['create', '--name', 'x'], '--connector-url'],
  ])('when %s is missing then no request leaves', async (_, words, flag) => {
    const { finished, operations } = await connectors(words, answering({}));
    expectRefusal(finished, 2, [flag]);
    expect(operations).toEqual([]);
  });

  test('when it is a dry run then none is made', async () => {
    const { finished, operations } = await connectors(
      [...args, '--dry-run'],
      answering({ [start]: ok({}), [save]: made }),
    );
    expect(finished.stdout).toMatch(/^Dry run.*"Navision" would be made/);
    expect(operations).toEqual([start]);
  });

  const listed = (...ids: number[]) =>
    ok(ids.map((Id) => ({ Id, Name: 'Navision', ToolTip: 'plugin://navision' })));
  test.each<[string, Reply, number, string]>([
    ['one more is there', listed(9, 20), 0, 'the answer was lost, but the connector is saved'],
    ['no other is there', listed(9), 11, 'erpsync connectors list'],
    ['it cannot be read', { status: 401 }, 11, 'could not be read'],
  ])(
    'when the answer is lost and %s then the code tells, and it is not repeated',
    async (_, after, exitCode, words) => {
      const { finished, operations } = await connectors(
        args,
        answering({ [start]: ok({}), [save]: lost, GetAllConnectors: [listed(9), after] }),
      );
      expect(finished.exitCode).toBe(exitCode);
      expect(finished.stderr).toContain(words);
      expect(finished.stdout.includes('Connector 20 "Navision" is made')).toBe(exitCode === 0);
      expect(operations).toEqual([start, 'GetAllConnectors', save, 'GetAllConnectors']);
    },
  );
});

describe.concurrent('save', () => {
  const renamed = ok({ ...stored, DisplayName: 'Visma Net' });
  test.each([
    ['a flag', ['--name', 'Visma Net']],
    [
      'the output of get',
      ['--data', '{"schemaVersion":1,"command":"connectors get","id":17,"name":"Visma Net"}'],
    ],
    ['names of the wire', ['--data', '{"displayName":"Visma Net","Deleted":false}']],
  ])('when %s gives a name then the record is the body, and only that changes', async (_, args) => {
    const { finished, bodiesOf } = await connectors(
      ['save', '17', ...args],
      answering({ [read]: there, [save]: renamed }),
    );
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(bodiesOf(save)).toEqual([{ ...stored, DisplayName: 'Visma Net' }]);
  });

  test.each<[string, string[], number, string, Reply?]>([
    ['it is so already', ['--name', 'Visma'], 0, ''],
    ['it is a dry run', ['--name', 'x', '--dry-run'], 0, ''],
    ['there is none', ['--name', 'x'], 6, 'no connector 17', ok(null)],
    ['it is deleted', ['--name', 'x'], 6, 'connector 17 cannot be used: it is deleted', deleted],
    ['the id is another', ['--data', '{"id":18}'], 2, '--data.id cannot be used: it is 18'],
    ['it is to be deleted', ['--data', '{"deleted":true}'], 2, 'connectors delete'],
    ['the address is empty', ['--data', '{"url":""}'], 2, '--data.url cannot be used: it is empty'],
    ['a member is unknown', ['--data', '{"uri":"x"}'], 2, 'did you mean "url"?'],
    ['a flag says it too', ['--name', 'x', '--data', '{"name":"x"}'], 2, 'name is given twice: '],
    ['nothing is given', [], 2, 'there is nothing to save: '],
  ])('when %s then nothing is saved', async (_, args, exitCode, words, reply = there) => {
    const { finished, operations } = await connectors(
      ['save', '17', ...args],
      answering({ [read]: reply, [save]: renamed }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stderr).toContain(words);
    expect(operations).not.toContain(save);
  });

  test.each<[string, readonly Reply[], number, string]>([
    ['it is so', [there, renamed], 0, 'the answer was lost'],
    ['it is not so', [there, there], 11, 'erpsync connectors get 17'],
    ['it cannot be read', [there, { status: 401 }], 11, 'could not be read'],
  ])('when the answer is lost and %s afterwards then the code tells', async (_, reads, exitCode, words) => {
    const { finished, operations } = await connectors(
      ['save', '17', '--name', 'Visma Net'],
      answering({ [read]: reads, [save]: lost }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stderr).toContain(words);
    expect(operations).toEqual([read, save, read]);
  });
});

describe.concurrent('delete', () => {
  const free = { [read]: [there, deleted], [check]: ok('NoError'), [remove]: taken };

  test('when it is confirmed then it is asked, deleted by its id in the query, and looked at', async () => {
    const { finished, operations, requests } = await connectors(['delete', '17', '--yes'], answering(free));
    expect(finished).toMatchObject({ exitCode: 0, stdout: 'Deleted connector 17 "Visma".\n', stderr: '' });
    expect(operations).toEqual([read, check, remove, read]);
    expect(requests[2]).toMatchObject({
      path: `/api/v1/Agents/ErpSync/${remove}?erpSyncConnectorEntityId=17`,
      body: '',
    });
  });

  test('when nobody confirms then no request leaves', async () => {
    const { finished, operations } = await connectors(['delete', '17'], answering(free));
    expectRefusal(finished, 2, ['this deletes connector 17', '--yes']);
    expect(operations).toEqual([]);
  });

  test.each<[string, string[], Readonly<Record<string, Reply>>, number, string]>([
    ['it is a dry run', ['--dry-run'], {}, 0, ''],
    ['there is none', [], { [read]: ok(null) }, 6, 'no connector 17'],
    ['it is deleted already', [], { [read]: deleted }, 6, 'is deleted already'],
    ['the server does not find it', [], { [check]: ok('ErrorNotFound') }, 6, 'no connector 17'],
    ['the server answers another code', [], { [check]: ok('ErrorOther') }, 6, 'ErrorOther'],
    ['the question is forbidden', [], { [check]: { status: 403 } }, 5, check],
    [
      'connections use it',
      [],
      {
        [check]: ok('ErrorConnectorHasConnections'),
        GetAllConnections: ok([
          { ErpConnectionId: 124, ErpConnectorId: 17, DisplayName: 'US:"Visma Net"' },
          { ErpConnectionId: 125, ErpConnectorId: 18, DisplayName: 'Other' },
        ]),
      },
      6,
      'its ERP connections are 124 "Visma Net"; delete these first',
    ],
  ])('when %s then nothing is deleted', async (_, args, replies, exitCode, words) => {
    const { finished, operations } = await connectors(
      ['delete', '17', '--yes', ...args],
      answering({ ...free, ...replies }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stderr).toContain(words);
    expect(operations).not.toContain(remove);
  });

  test.each<[string, readonly Reply[], Reply, number, string]>([
    ['it is still there', [there, there], taken, 6, 'is still there'],
    ['the answer is lost and it is deleted', [there, deleted], lost, 0, 'the answer was lost'],
    ['the answer is lost and it is still there', [there, there], lost, 11, `${remove} took effect`],
  ])('when %s then the code tells', async (_, reads, reply, exitCode, words) => {
    const { finished, operations } = await connectors(
      ['delete', '17', '--yes'],
      answering({ ...free, [read]: reads, [remove]: reply }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stdout + finished.stderr).toContain(words);
    expect(operations).toEqual([read, check, remove, read]);
  });
});
