/** Every operation of the contract: an answer that is of the type it promises, and a refusal. */
import { describe, expect, test } from 'vitest';
import { agentOf, type OperationName, operationNamed } from '../../../src/agent/contract.ts';
import { readJson } from '../../../src/agent/wire-json.ts';
import type { Answered } from '../../../src/sandbox/implementation.ts';
import { operationNames } from '../../../src/sandbox/operations.ts';
import { connection125, fieldMapping, listMapping124, mapping124, paymentDays } from './carrier-samples.ts';
import { open, type Reply } from './sandbox-fixture.ts';

const unknownConnection = { ErpConnectionId: 4711 };
const contact = { CrmActorType: 'Contact' };
const customer = { ErpActorType: 'Customer' };
const unlinked = { ErpConnectionId: 124, CrmRecordId: 15, ...contact, ErpKey: 'C-10015', ...customer };
const keys = { ErpConnectionId: 124, InternalKeyIds: [100] };
const externalKeys = { ErpConnectionId: 124, ...customer, ExternalKeys: ['C-10012'] };
const task = { Id: 0, Name: 'Example' };
const stateAll = { State: 'All' };

const archivePage = {
  Columns: 'name',
  SortOrder: '',
  Restrictions: '',
  Entities: '',
  Page: 0,
  PageSize: 10,
};

/** What is given, what is given in vain, and the status and body that then come: null, an error object or a result. */
type Row = readonly [given: unknown, vain: unknown, status: 200 | 400 | 500, answer?: unknown];

const rows: Readonly<Record<Answered, Row>> = {
  GetConnection: [{ ErpConnectionId: 124 }, unknownConnection, 200, null],
  SaveConnection: [
    { Connection: connection125 },
    { Connection: { ...connection125, ErpConnectionId: 4711 } },
    500,
  ],
  DeleteConnection: [{ ErpConnectionId: 126 }, unknownConnection, 500],
  GetConfigurationFields: [{ ErpConnectorId: 17 }, { ErpConnectorId: 4711 }, 200, null],
  GetErpConnectionConfigFields: [{ ErpConnectionId: 124 }, unknownConnection, 200, null],
  ToggleErpConnectionActive: [{ ErpConnectionId: 124 }, unknownConnection, 500],
  TestConnectionById: [{ ErpConnectionId: 124 }, unknownConnection, 500],
  TestConnectionByConfig: [
    { ErpConnectionId: 124, ConfigFields: { Company: '1' } },
    { ...unknownConnection, ConfigFields: {} },
    500,
  ],
  SaveErpConnectionSyncPriorities: [{ ErpConnectionIds: [125, 0, 124] }, { ErpConnectionIds: [4711] }, 500],
  MoveErpFieldItem: [
    { ErpFieldId: 501, Direction: 1, ErpConnectionId: 124, ...customer },
    { ErpFieldId: 501, Direction: 0, ErpConnectionId: 124, ...customer },
    500,
  ],
  SupportsAdvancedSearch: [{ ErpConnectionId: 124, ...customer }, { ...unknownConnection, ...customer }, 500],
  GetAllConnectors: [null, { IncludeDeleted: true }, 400],
  GetAllConnections: [{ IncludeDeleted: true }, {}, 400],
  GetConnectionsAndDisplayFields: [{ ...contact, EntityId: 12 }, { ...contact, EntityId: 4711 }, 200, null],
  GetErpFieldValues: [
    { ErpConnectionId: 124, ...contact, EntityId: 12, FieldKeys: ['Name'] },
    { ErpConnectionId: 124, ...contact, EntityId: 15, FieldKeys: ['Name'] },
    200,
    null,
  ],
  GetFieldsForNewErpActor: [
    { ErpConnectionId: 124, ...customer },
    { ErpConnectionId: 124, ErpActorType: 'Project' },
    200,
    null,
  ],
  GetConnectionListMappings: [{ ErpConnectionId: 124 }, unknownConnection, 200, null],
  SaveConnectionListMappings: [
    { ListMapping: listMapping124(['30', 2]) },
    { ListMapping: listMapping124(['40', 2]) },
    500,
  ],
  ConnectActor: [{ ...unlinked, FieldValues: [] }, { ...unlinked, CrmRecordId: 12, FieldValues: [] }, 500],
  TryConnectActor: [
    { ...unlinked, FieldValues: null },
    { ...unlinked, CrmRecordId: 12, FieldValues: [] },
    200,
    false,
  ],
  GetFieldValuesFromCrm: [
    { RecordId: 12, ActorTypeCrm: 'Contact' },
    { RecordId: 12, ActorTypeCrm: 'Sale' },
    200,
    null,
  ],
  GetFieldValuesFromErp: [
    { ErpConnectionId: 124, ActorTypeErp: 'Customer', ErpKey: 'C-10012' },
    { ErpConnectionId: 124, ActorTypeErp: 'Supplier', ErpKey: 'C-10012' },
    200,
    null,
  ],
  GetActorTypeMapping: [
    { ErpConnectionId: 124, ActorType: 'Customer' },
    { ErpConnectionId: 124, ActorType: 'Employee' },
    200,
    null,
  ],
  CreateActorLink: [unlinked, { ...unlinked, ErpKey: 'C-10012' }, 200, false],
  BreakActorLink: [
    { ErpConnectionId: 124, CrmRecordId: 12, ...contact },
    { ErpConnectionId: 124, CrmRecordId: 15, ...contact },
    200,
    false,
  ],
  CreateErpActorFromCrm: [
    {
      ConnectionId: 124,
      CrmEntityId: 15,
      ...customer,
      ...contact,
      ErpFieldKeyValues: { CustomerGroup: '10' },
    },
    { ConnectionId: 124, CrmEntityId: 15, ...customer, ...contact, ErpFieldKeyValues: {} },
    500,
  ],
  SaveActorTypeMapping: [
    { Mapping: mapping124(fieldMapping(506, 'PaymentDays')) },
    { Mapping: mapping124(fieldMapping(4711, 'PaymentDays')) },
    500,
  ],
  ValidateArchiveColumnConfig: [
    { ListOwner: 'FindContact', ErpConnectionId: 124 },
    { ListOwner: 'FindContact', ...unknownConnection },
    500,
  ],
  UpdateConnectionFields: [{ ErpConnectionId: 124 }, unknownConnection, 500],
  GetCrmActorType: [{ ErpConnectionId: 124, ...customer }, { ...unknownConnection, ...customer }, 500],
  GetErpSyncConnectionSummary: [{ ErpSyncConnectionId: 124 }, { ErpSyncConnectionId: 4711 }, 200, null],
  CreateDefaultErpSyncConnectorEntity: [null, { ErpConnectorId: 17 }, 400],
  SaveErpSyncConnectorEntity: [
    { ErpConnectorId: 0, DisplayName: 'New', URL: 'app://new' },
    { ErpConnectorId: 4711, DisplayName: 'New', URL: 'app://new' },
    500,
  ],
  DeleteErpSyncConnectorEntity: [19, 17, 500],
  GetErpSyncConnectorEntity: [17, 4711, 200, null],
  CanDeleteErpSyncConnectorEntity: [
    { ErpSyncConnectorId: 19 },
    { ErpSyncConnectorId: 4711 },
    200,
    'ErrorNotFound',
  ],
  TestConnectorUrl: [{ Url: 'app://client' }, { Url: 'https://gone.invalid/x' }, 200, 'ErrorNotFound'],
  SaveDefaultValueInfo: [
    { ErpSyncDefaultValue: paymentDays },
    { ErpSyncDefaultValue: { ...paymentDays, DefaultValue: '30' } },
    500,
  ],
  GetDefaultValueInfo: [{ ErpFieldId: 506 }, { ErpFieldId: 4711 }, 200, null],
  SyncAll: [null, { Force: true }, 400],
  ForceSyncAll: [null, { Force: true }, 400],
  ForceResync: [keys, { ErpConnectionId: 124, InternalKeyIds: null }, 400],
  ForceResyncNoBlankValues: [keys, { ErpConnectionId: 124 }, 400],
  ForceResyncBatchTask: [keys, { ErpConnectionId: 124, InternalKeyIds: [null] }, 400],
  ForceResyncExternal: [externalKeys, { ...externalKeys, ExternalKeys: null }, 400],
  ForceResyncExternalNoBlankValues: [externalKeys, { ErpConnectionId: 124, ...customer }, 400],
  GetEngineStatus: [null, { Run: true }, 400],
  ChangeEngineStatus: [{ Run: false }, { Run: 'false' }, 400],
  ChangeEngineInterval: [{ Interval: 'PT15M' }, { Interval: 'soon' }, 400],

  GetBatchTaskInfo: [{ Id: 70 }, { Id: 4711 }, 200, null],
  GetBatchTaskInfosByAssociates: [{ AssociateIds: [6] }, { AssociateIds: null }, 400],
  GetBatchTaskInfosByState: [stateAll, { State: 'Assigned' }, 400],
  GetBatchTaskInfosByNameAndState: [{ Name: 'SelectionExport', ...stateAll }, { ...stateAll }, 400],
  GetBatchTaskInfosByNameAndAssociates: [
    { Name: 'SelectionExport', AssociateIds: [6] },
    { Name: 'SelectionExport', AssociateIds: [null] },
    400,
  ],
  GetBatchTaskInfosByAssociatesAndState: [
    { AssociateIds: [6], ...stateAll },
    { AssociateIds: 6, ...stateAll },
    400,
  ],
  GetAllBatchTaskInfosByName: [{ TaskName: 'SelectionExport' }, { Name: 'SelectionExport' }, 400],
  GetAllBatchTaskInfosByNameAndState: [{ TaskName: 'SelectionExport', ...stateAll }, { TaskName: 'x' }, 400],
  GetSystemBatchTaskInfosByName: [{ TaskName: 'DatabaseStatistics' }, { TaskName: 69 }, 400],
  GetSystemBatchTaskInfosByNameAndState: [
    { TaskName: 'DatabaseStatistics', ...stateAll },
    { TaskName: 'DatabaseStatistics', State: 4 },
    400,
  ],
  StopBatchJob: [{ Id: 70 }, { Id: 4711 }, 200, false],
  StartBatchJob: [{ BatchTaskInfo: task }, { BatchTaskInfo: { ...task, Name: '' } }, 500],
  UpdateBatchTask: [
    { BatchTaskInfo: { Id: 70, State: 'Succeeded', Description: 'Seen' } },
    { BatchTaskInfo: { Id: 4711, State: 'Succeeded' } },
    500,
  ],
  DeleteBatchTask: [{ BatchTaskId: 70 }, { BatchTaskId: 4711 }, 500],
  DeleteBatchTasks: [{ BatchTaskIds: [69, 70] }, { BatchTaskIds: [70, 4711] }, 500],
  GetArchiveListByColumns: [
    {
      ProviderName: 'ErpConnection',
      Columns: ['name'],
      SortOrder: [],
      Restriction: [],
      Entities: [],
      Page: 0,
      PageSize: 10,
    },
    {
      ProviderName: 'NoSuchArchive',
      Columns: ['name'],
      SortOrder: [],
      Restriction: [],
      Entities: [],
      Page: 0,
      PageSize: 10,
    },
    500,
  ],
  GetAvailableColumns: [
    { ProviderName: 'ErpConnection', Context: '' },
    { ProviderName: 'NoSuchArchive', Context: '' },
    500,
  ],
  GetArchiveListByColumns2: [
    { ...archivePage, ProviderName: 'ErpConnection' },
    { ...archivePage, ProviderName: 'NoSuchArchive' },
    500,
  ],
};

/** Calls in a sandbox of its own; a number goes into the query. */
async function answerOf(name: OperationName, given: unknown): Promise<Reply> {
  const sandbox = await open();
  const path = `${agentOf(name)}/${name}`;
  return typeof given === 'number'
    ? await sandbox.call(`${path}?erpSyncConnectorEntityId=${given}`, '')
    : await sandbox.call(path, given);
}

describe('every operation of the contract', () => {
  test('when the operations are counted then each of the 49, 15 and 3 has a row', () => {
    expect(Object.keys(rows).sort()).toEqual(operationNames.toSorted());
    expect(operationNames).toHaveLength(67);
  });

  test.each(operationNames)('when %s is asked for then the answer is of the promised type', async (name) => {
    const { result } = operationNamed(name);
    const [given] = rows[name];
    const reply = await answerOf(name, given);
    if (result.kind === 'nothing') {
      expect([reply.status, reply.text]).toEqual([204, '']);
    } else {
      expect([reply.status, reply.json]).toEqual([200, expect.anything()]);
      expect(() => readJson(result, reply.json, 'answer', 'strict')).not.toThrow();
    }
  });

  test.each(operationNames)('when %s is asked for in vain then it says so', async (name) => {
    const [, vain, status, answer] = rows[name];
    const reply = await answerOf(name, vain);
    expect(reply.status).toBe(status);
    if (status === 200) expect(reply.json).toBe(answer);
    else if (status === 500)
      expect(reply.json).toMatchObject({ Error: true, ErrorMessage: expect.any(String) });
    else expect(reply.json).toMatchObject({ Message: 'The request is invalid.' });
  });
});
