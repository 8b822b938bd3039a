import { describe, expect, test } from 'vitest';
import { open, startedTasks } from './sandbox-fixture.ts';

describe('connections', () => {
  test('when an id is unknown then the answer is 200 with null', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('ErpSync/GetConnection', { ErpConnectionId: 4711 });
    expect([reply.status, reply.text]).toEqual([200, 'null']);
  });

  test('when one connection is read then it has its configuration fields, a password among them', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('ErpSync/GetConnection', { ErpConnectionId: 124 });
    expect(reply.json).toMatchObject({
      ErpConnectionId: 124,
      DisplayName: 'Visma Net',
      Active: true,
      Deleted: false,
      ConfigFields: { Password: expect.any(String) },
      TableRight: null,
    });
  });

  test('when all connections are read then deleted ones and configuration fields are left out', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('ErpSync/GetAllConnections', { IncludeDeleted: false });
    expect(reply.json).toMatchObject([
      { ErpConnectionId: 124, Active: true, ConfigFields: null },
      { ErpConnectionId: 125, Active: true, ConfigFields: null },
      { ErpConnectionId: 126, Active: false, ConfigFields: null },
    ]);
  });

  test('when deleted connections are asked for then they are listed as such', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('ErpSync/GetAllConnections', { IncludeDeleted: true });
    expect((reply.json as unknown[]).at(-1)).toMatchObject({ ErpConnectionId: 127, Deleted: true });
  });

  test('when $select names members then the others are null', async () => {
    const sandbox = await open();
    const path = 'ErpSync/GetConnection?$select=displayname,%20ConfigFields/Company';
    const reply = await sandbox.call(path, { ErpConnectionId: 124 });
    const members = Object.entries(reply.json as object);
    expect(members.filter(([, value]) => value !== null).map(([name]) => name)).toEqual([
      'DisplayName',
      'ConfigFields',
    ]);
  });

  test('when $select comes with a list then it holds for each element', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('ErpSync/GetAllConnections?$select=ErpConnectionId', {
      IncludeDeleted: false,
    });
    expect(reply.json).toMatchObject([
      { ErpConnectionId: 124, DisplayName: null, Active: null },
      { ErpConnectionId: 125, DisplayName: null, Active: null },
      { ErpConnectionId: 126, DisplayName: null, Active: null },
    ]);
  });
});

test('when the engine is asked then it runs at an interval of hours, minutes and seconds', async () => {
  const sandbox = await open();
  const reply = await sandbox.call('ErpSync/GetEngineStatus');
  expect(reply.json).toMatchObject({
    IsRunning: true,
    StatusMessage: expect.any(String),
    Interval: '00:15:00',
  });
});

describe('direct resync', () => {
  test.each(['ForceResync', 'ForceResyncNoBlankValues'])(
    'when %s knows all keys then it answers Ok and the changed records',
    async (operation) => {
      const sandbox = await open();
      const body = { ErpConnectionId: 124, InternalKeyIds: [100, 959] };
      expect((await sandbox.call(`ErpSync/${operation}`, body)).json).toMatchObject({
        IsOk: true,
        Status: 'Ok',
        UserExplanation: '2 records resynced',
        Changes: {
          UpdatedRecords: [
            { Tablename: 'contact', RecordId: 12 },
            { Tablename: 'contact', RecordId: 41 },
          ],
        },
      });
    },
  );

  test('when keys are unknown, 0 too, then they are accepted and told as skipped', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 0, InternalKeyIds: [0, 100, 4711] };
    expect((await sandbox.call('ErpSync/ForceResync', body)).json).toMatchObject({
      IsOk: true,
      Status: 'OkWithInfo',
      UserExplanation: '1 record resynced, 2 keys without a linked record skipped',
    });
  });

  test.each([
    [4711, 'does not exist'],
    [126, 'is not active'],
    [127, 'has been deleted'],
    [-1, 'does not exist'],
  ])('when the source is %i then IsOk is false and the explanation says that it %s', async (source, why) => {
    const sandbox = await open();
    const body = { ErpConnectionId: source, InternalKeyIds: [100] };
    const reply = await sandbox.call('ErpSync/ForceResync', body);
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      IsOk: false,
      Status: 'Error',
      UserExplanation: expect.stringContaining(why),
    });
  });

  test.each(['ForceResyncExternal', 'ForceResyncExternalNoBlankValues'])(
    'when %s gets ERP keys then only those of the actor type and connection count',
    async (operation) => {
      const sandbox = await open();
      const body = {
        ErpConnectionId: 124,
        ErpActorType: 'Customer',
        ExternalKeys: ['C-10012', 'S-20014', '10012'],
      };
      expect((await sandbox.call(`ErpSync/${operation}`, body)).json).toMatchObject({
        IsOk: true,
        UserExplanation: '1 record resynced, 2 keys without a linked record skipped',
      });
    },
  );

  test('when external keys are to come from CRM then IsOk is false', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 0, ErpActorType: 'Customer', ExternalKeys: ['C-10012'] };
    expect((await sandbox.call('ErpSync/ForceResyncExternal', body)).json).toMatchObject({
      IsOk: false,
      Status: 'Error',
      UserExplanation: expect.stringContaining('ERP connection'),
    });
  });
});

describe('batch tasks over time', () => {
  const body = { ErpConnectionId: 124, InternalKeyIds: [100, 959] };

  test('when a task is younger than 300 ms then it is New and has not started', async () => {
    const sandbox = await open();
    await sandbox.call('ErpSync/ForceResyncBatchTask', body);
    sandbox.advance(299);
    expect(await startedTasks(sandbox)).toMatchObject([
      { State: 'New', ProgressPercent: 0, StartCount: 0, Created: '2026-01-15T08:30:00', Response: null },
    ]);
  });

  test('when time goes on then it is Started and its progress rises', async () => {
    const sandbox = await open();
    await sandbox.call('ErpSync/ForceResyncBatchTask', body);
    const seen: unknown[] = [];
    for (const step of [300, 600, 599]) {
      sandbox.advance(step);
      const [task] = await startedTasks(sandbox);
      seen.push([task?.State, task?.ProgressPercent]);
    }
    expect(seen).toEqual([
      ['Started', 0],
      ['Started', 50],
      ['Started', 99],
    ]);
  });

  test('when 1500 ms have passed then it has succeeded and says what it did', async () => {
    const sandbox = await open();
    await sandbox.call('ErpSync/ForceResyncBatchTask', body);
    sandbox.advance(1500);
    const reply = await sandbox.call('Batch/GetBatchTaskInfo', { Id: 71 });
    expect(reply.json).toMatchObject({
      State: 'Succeeded',
      ProgressPercent: 100,
      Response: '2 records resynced',
    });
  });

  test.each([4711, 126, 127])(
    'when the source is %i then the task is accepted and ends as Failed',
    async (source) => {
      const sandbox = await open();
      const request = { ErpConnectionId: source, InternalKeyIds: [100] };
      expect((await sandbox.call('ErpSync/ForceResyncBatchTask', request)).status).toBe(204);
      sandbox.advance(1500);
      expect(await startedTasks(sandbox)).toMatchObject([
        { State: 'Failed', Response: expect.stringContaining(`ERP connection ${source}`) },
      ]);
    },
  );

  test('when several tasks are started then their ids ascend', async () => {
    const sandbox = await open();
    for (let task = 0; task < 3; task++) await sandbox.call('ErpSync/ForceResyncBatchTask', body);
    expect((await startedTasks(sandbox)).map((task) => task.Id)).toEqual([71, 72, 73]);
  });
});

describe('batch reads', () => {
  // 69 is a system task, 70 one of associate 6, 71 has just been started by associate 5.
  const name = 'erpforceRESYNCbatchplugin';
  test.each<[string, unknown, readonly number[]]>([
    ['GetBatchTaskInfosByAssociates', { AssociateIds: [5, 6] }, [70, 71]],
    ['GetBatchTaskInfosByAssociates', { AssociateIds: [0] }, []],
    ['GetBatchTaskInfosByAssociates', { AssociateIds: [] }, []],
    ['GetBatchTaskInfosByState', { State: 'All' }, [70, 71]],
    ['GetBatchTaskInfosByState', { State: 'New' }, [71]],
    ['GetBatchTaskInfosByState', { State: 'Aquired' }, []],
    ['GetBatchTaskInfosByNameAndState', { Name: name, State: 'All' }, [71]],
    ['GetBatchTaskInfosByNameAndState', { Name: 'DatabaseStatistics', State: 'All' }, []],
    ['GetBatchTaskInfosByNameAndAssociates', { Name: name, AssociateIds: [5] }, [71]],
    ['GetBatchTaskInfosByNameAndAssociates', { Name: name, AssociateIds: [6] }, []],
    ['GetBatchTaskInfosByAssociatesAndState', { AssociateIds: [6], State: 'Succeeded' }, [70]],
    ['GetAllBatchTaskInfosByName', { TaskName: 'databasestatistics' }, [69]],
    ['GetAllBatchTaskInfosByName', { TaskName: name }, [71]],
    ['GetAllBatchTaskInfosByNameAndState', { TaskName: name, State: 'Succeeded' }, []],
    ['GetSystemBatchTaskInfosByName', { TaskName: 'DatabaseStatistics' }, [69]],
    ['GetSystemBatchTaskInfosByName', { TaskName: name }, []],
    ['GetSystemBatchTaskInfosByNameAndState', { TaskName: 'DatabaseStatistics', State: 'All' }, [69]],
  ])('when %s is called with %j then it answers the tasks %j', async (operation, given, ids) => {
    const sandbox = await open();
    await sandbox.call('ErpSync/ForceResyncBatchTask', { ErpConnectionId: 0, InternalKeyIds: [100] });
    const reply = await sandbox.call(`Batch/${operation}`, given);
    expect((reply.json as { Id: number }[]).map((task) => task.Id)).toEqual(ids);
  });

  test('when a task id is unknown then the answer is null', async () => {
    const sandbox = await open();
    expect((await sandbox.call('Batch/GetBatchTaskInfo', { Id: 4711 })).text).toBe('null');
  });
});
