/** The REST endpoints beside the agents: archives, MDO lists and batch tasks. */
import { describe, expect, test } from 'vitest';
import { query, rowsOf } from './archive-fixture.ts';
import { admin, type Fixture, open, type Reply, reader, resultOf } from './sandbox-fixture.ts';

function get(sandbox: Fixture, path: string, authorization = admin): Promise<Reply> {
  return sandbox.send(`/api/v1/${path}`, { headers: { Authorization: authorization } });
}

function send(sandbox: Fixture, method: string, path: string, body?: unknown): Promise<Reply> {
  return sandbox.send(`/api/v1/${path}`, {
    method,
    headers: { Authorization: admin, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('archives', () => {
  test('when all are asked for then each has its name', async () => {
    const sandbox = await open();
    expect((await get(sandbox, 'archive')).json).toEqual({
      'odata.metadata': `${sandbox.url}/api/v1/Archive/$metadata`,
      value: ['BatchTasks', 'Dynamic', 'ErpConnector', 'ErpConnection', 'ErpField', 'ErpSyncLog'].map(
        (name) => ({ name, url: name }),
      ),
    });
  });

  test.each(['archive/erpconnection/$metadata', 'Archive/ErpConnection$metadata'])(
    'when the columns are asked for at %s then they come by name',
    async (path) => {
      const sandbox = await open();
      expect((await get(sandbox, path)).json).toMatchObject({
        getAllRows: { RestrictionType: 'bool', IsVisible: false },
        'connector/name': { Name: 'connector/name', RestrictionType: 'string', CanOrderBy: true },
      });
    },
  );

  test('when values are logical then they are numbers, flags and ISO times, and the key is a text', async () => {
    const sandbox = await open();
    const [row] = await rowsOf(sandbox, 'erpconnection', { $select: 'NAME,active,id,erpId', $top: '1' });
    expect(row).toEqual({
      PrimaryKey: '124',
      EntityName: 'erpConnection',
      name: 'Visma Net',
      active: true,
      id: 124,
      erpId: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2124',
    });
    const [logged] = await rowsOf(sandbox, 'ErpSyncLog', {
      $select: 'connection,source,target,crmfieldkey,oldvalue,newvalue,updated',
      $orderBy: 'updated desc',
      $top: '1',
    });
    expect(logged).toEqual({
      PrimaryKey: '9004',
      EntityName: 'all',
      connection: 'Business Central',
      source: 'Project PRJ-5',
      target: 'Project 5',
      crmfieldkey: 'EndDate',
      oldvalue: '[D:31.03.2026]',
      newvalue: '[D:30.06.2026]',
      updated: '2026-01-15T06:30:00',
    });
  });

  test('when the mode is full then the key is a number and each value comes raw and displayed', async () => {
    const sandbox = await open();
    const [row] = await rowsOf(sandbox, 'ErpConnection', { $select: 'id', $mode: 'FULL', $top: '1' });
    expect(row).toMatchObject({
      PrimaryKey: 124,
      Column: { id: { RawValue: 124, DisplayValue: '124', LinkHint: '', TooltipHint: '' } },
    });
  });

  test('when values are to be displayed then all are texts', async () => {
    const sandbox = await open();
    const [row] = await rowsOf(sandbox, 'ErpConnection', {
      $select: 'id,active,connector/name',
      $output: 'Display',
      $jsonSafe: 'true',
      $top: '1',
    });
    expect(row).toMatchObject({ id: '124', active: 'Yes', connector_name: 'Visma Net connector' });
  });

  test.each([
    ['an unknown option', { $select: 'id', $expand: 'connector' }],
    ['no number of rows', { $select: 'id', $top: '0' }],
    ['a mode that has no documented answer', { $select: 'id', $mode: 'Wide' }],
    ['a count', { $select: 'id', $inlineCount: 'True' }],
    ['a context', { $select: 'id', $context: 'x' }],
  ])('when there is %s then 400 says so', async (_, options) => {
    const sandbox = await open();
    const { status, json } = await query(sandbox, 'ErpConnection', options);
    expect([status, json]).toEqual([400, expect.objectContaining({ Message: 'The request is invalid.' })]);
  });

  test('when an option is given twice then 400 says so', async () => {
    const sandbox = await open();
    const { json } = await get(sandbox, 'Archive/ErpConnection?$select=id&$SELECT=name');
    expect(json).toMatchObject({ MessageDetail: expect.stringContaining('twice') });
  });

  test('when a query comes as a form then it is answered like one in a URL; as JSON it is refused', async () => {
    const sandbox = await open();
    const form = new URLSearchParams({ $select: 'name', $top: '2' });
    const init = { method: 'POST', headers: { Authorization: admin }, body: form };
    const { json } = await sandbox.send('/api/v1/Archive/ErpConnection', init);
    expect(json).toMatchObject({
      'odata.nextLink': expect.stringMatching(/\/api\/v1\/Archive\/ErpConnection\?.*skip=2$/),
      value: [{ name: 'Visma Net' }, { name: 'Business Central' }],
    });
    expect((await send(sandbox, 'POST', 'Archive/ErpConnection', { $select: 'name' })).status).toBe(415);
    expect((await sandbox.send('/api/v1/Archive/ErpConnection?$top=1', init)).status).toBe(400);
  });

  test('when nobody has logged in then 401 answers, and who may not use ErpSync may still read archives', async () => {
    const sandbox = await open();
    expect((await sandbox.send('/api/v1/Archive/ErpConnection?$select=id')).status).toBe(401);
    expect((await get(sandbox, 'Archive/ErpConnection?$select=id', reader)).status).toBe(200);
    expect((await send(sandbox, 'DELETE', 'Archive/ErpConnection')).status).toBe(405);
  });

  test('when a fault is meant for archives then it strikes', async () => {
    const sandbox = await open({ faults: ['status=503,path=Archive,times=1'] });
    expect((await get(sandbox, 'Archive/ErpConnection?$select=id')).status).toBe(503);
    expect((await get(sandbox, 'Archive/ErpConnection?$select=id')).status).toBe(200);
  });

  test('when a link sets values then the sync log has a row for each that is another now', async () => {
    const sandbox = await open();
    await sandbox.call('ErpSync/ConnectActor', {
      ErpConnectionId: 124,
      CrmRecordId: 15,
      CrmActorType: 'Contact',
      ErpKey: 'C-10015',
      ErpActorType: 'Customer',
      FieldValues: [{ CrmFieldKey: 'Phone', Value: '+47 1', SyncToCrm: true, SyncToErp: false }],
    });
    const rows = await rowsOf(sandbox, 'ErpSyncLog', {
      $select: 'source,target,oldvalue,newvalue,updated',
      $filter: "newvalue is '+47 1'",
    });
    expect(rows).toEqual([
      {
        PrimaryKey: '9101',
        EntityName: 'all',
        source: 'Customer C-10015',
        target: 'Contact 15',
        oldvalue: '+47 22 00 0015',
        newvalue: '+47 1',
        updated: '2026-01-15T08:30:00',
      },
    ]);
  });
});

describe('MDO lists', () => {
  test('when they are asked for then connections have their GUID and connectors their URL', async () => {
    const sandbox = await open();
    expect((await get(sandbox, 'MDOList')).json).toEqual(['erpconnections', 'erpconnectors']);
    expect((await get(sandbox, 'MDOList/ErpConnections?flat=true')).json).toMatchObject([
      { Id: 124, Name: 'Visma Net', ExtraInfo: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2124', Deleted: false },
      { Id: 125 },
      { Id: 126 },
    ]);
    expect((await get(sandbox, 'mdolist/erpconnectors')).json).toMatchObject([
      { Id: 17, ExtraInfo: expect.stringContaining('https://'), ChildItems: [], TableRight: null },
      { Id: 18 },
      { Id: 19 },
    ]);
  });

  test('when there is no such list then 404, and a parameter that is not understood is 400', async () => {
    const sandbox = await open();
    expect((await get(sandbox, 'MDOList/category')).status).toBe(404);
    expect((await get(sandbox, 'MDOList/toString')).status).toBe(404);
    expect((await get(sandbox, 'MDOList/erpconnections?additional=useRank')).status).toBe(400);
  });
});

describe('the entity of batch tasks', () => {
  async function resync(sandbox: Fixture): Promise<void> {
    await sandbox.call('ErpSync/ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [100] });
    sandbox.advance(600);
  }

  test('when tasks are queried then the rows say how far they are', async () => {
    const sandbox = await open();
    await resync(sandbox);
    const path =
      'BatchTask?$select=DefinitionName,State,ProgressPercent,Request,LastStarted,registeredBy&$orderBy=registeredDate desc&$top=1';
    expect((await get(sandbox, path)).json).toEqual({
      'odata.metadata': expect.any(String),
      'odata.nextLink': expect.stringContaining(`${sandbox.url}/api/v1/BatchTask?`),
      value: [
        {
          PrimaryKey: '71',
          EntityName: 'batchtask',
          DefinitionName: 'ErpForceResyncBatchPlugin',
          State: 3,
          ProgressPercent: 25,
          Request: 'Force resync from ERP connection 124 "Visma Net", 1 key',
          LastStarted: '2026-01-15T08:30:00',
          registeredBy: 'Terje Example',
        },
      ],
    });
  });

  test('when one is asked for by its id then it comes, an unknown one is 404', async () => {
    const sandbox = await open();
    await resync(sandbox);
    expect((await get(sandbox, 'BatchTask/71')).json).toMatchObject({ Id: 71, State: 'Started' });
    expect((await get(sandbox, 'batchtask/started')).json).toMatchObject([{ Id: 71 }]);
    const missing = await get(sandbox, 'BatchTask/4711');
    expect([missing.status, missing.json]).toEqual([
      404,
      expect.objectContaining({ ErrorType: 'SoNotFoundException' }),
    ]);
    expect((await get(sandbox, 'BatchTask/nosuchstate')).status).toBe(400);
  });

  test('when a task is stopped then true answers and it has failed; an unknown one is 400', async () => {
    const sandbox = await open();
    await resync(sandbox);
    expect((await send(sandbox, 'POST', 'BatchTask/71/Stop')).json).toBe(true);
    expect((await send(sandbox, 'POST', 'BatchTask/71/Stop')).json).toBe(false);
    expect((await get(sandbox, 'BatchTask/71')).json).toMatchObject({ State: 'Failed' });
    expect((await send(sandbox, 'POST', 'BatchTask/4711/Stop')).status).toBe(400);
  });

  test('when a task is deleted then it is gone', async () => {
    const sandbox = await open();
    const gone = await send(sandbox, 'DELETE', 'BatchTask/70');
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await send(sandbox, 'DELETE', 'BatchTask/70')).status).toBe(404);
    expect((await send(sandbox, 'DELETE', 'BatchTask/Failed')).status).toBe(400);
  });

  test('when a task is started and changed then the agent tells of it too', async () => {
    const sandbox = await open();
    expect((await send(sandbox, 'POST', 'BatchTask', { Name: 'Example' })).json).toBe(71);
    const change = { Id: 71, State: 'Failed', Description: 'Changed', Response: 'No', Request: '' };
    expect((await send(sandbox, 'PUT', 'BatchTask/71', change)).json).toMatchObject({ State: 'Failed' });
    expect(await resultOf(sandbox, 'Batch/GetBatchTaskInfo', { Id: 71 })).toMatchObject({
      Description: 'Changed',
    });
    expect((await send(sandbox, 'PUT', 'BatchTask/70', change)).status).toBe(400);
    expect((await send(sandbox, 'PUT', 'BatchTask/4711', { ...change, Id: 4711 })).status).toBe(404);
    expect((await send(sandbox, 'POST', 'BatchTask', { Title: 'x' })).status).toBe(400);
  });
});
