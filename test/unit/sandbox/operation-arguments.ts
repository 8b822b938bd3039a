/** Arguments for each operation of the agents that SOAP tests call, by parameter name. */
import type { agents } from '../../../src/agent/contract.ts';
import { connection125, fieldMapping, listMapping124, mapping124, paymentDays } from './carrier-samples.ts';

const contact = { CrmActorType: 'Contact' };
const customer = { ErpActorType: 'Customer' };
const unlinked = { ErpConnectionId: 124, CrmRecordId: 15, ...contact, ErpKey: 'C-10015', ...customer };
const keys = { ErpConnectionId: 124, InternalKeyIds: [100] };
const externalKeys = { ErpConnectionId: 124, ...customer, ExternalKeys: ['C-10012'] };
const stateAll = { State: 'All' };

type Called =
  | keyof (typeof agents)['ErpSync']
  | keyof (typeof agents)['Batch']
  | keyof (typeof agents)['Archive'];

/** Arguments that bring a result. */
export const operationArguments: Readonly<Record<Called, Readonly<Record<string, unknown>>>> = {
  GetConnection: { ErpConnectionId: 124 },
  SaveConnection: { Connection: connection125 },
  DeleteConnection: { ErpConnectionId: 126 },
  GetConfigurationFields: { ErpConnectorId: 17 },
  GetErpConnectionConfigFields: { ErpConnectionId: 124 },
  ToggleErpConnectionActive: { ErpConnectionId: 124 },
  TestConnectionById: { ErpConnectionId: 124 },
  TestConnectionByConfig: { ErpConnectionId: 124, ConfigFields: { Company: '1' } },
  SaveErpConnectionSyncPriorities: { ErpConnectionIds: [125, 0, 124] },
  MoveErpFieldItem: { ErpFieldId: 501, Direction: 1, ErpConnectionId: 124, ...customer },
  SupportsAdvancedSearch: { ErpConnectionId: 124, ...customer },
  GetAllConnectors: {},
  GetAllConnections: { IncludeDeleted: true },
  GetConnectionsAndDisplayFields: { ...contact, EntityId: 12 },
  GetErpFieldValues: { ErpConnectionId: 124, ...contact, EntityId: 12, FieldKeys: ['Name'] },
  GetFieldsForNewErpActor: { ErpConnectionId: 124, ...customer },
  GetConnectionListMappings: { ErpConnectionId: 124 },
  SaveConnectionListMappings: { ListMapping: listMapping124(['30', 2]) },
  ConnectActor: { ...unlinked, FieldValues: [] },
  TryConnectActor: { ...unlinked, FieldValues: null },
  GetFieldValuesFromCrm: { RecordId: 12, ActorTypeCrm: 'Contact' },
  GetFieldValuesFromErp: { ErpConnectionId: 124, ActorTypeErp: 'Customer', ErpKey: 'C-10012' },
  GetActorTypeMapping: { ErpConnectionId: 124, ActorType: 'Customer' },
  CreateActorLink: unlinked,
  BreakActorLink: { ErpConnectionId: 124, CrmRecordId: 12, ...contact },
  CreateErpActorFromCrm: {
    ConnectionId: 124,
    CrmEntityId: 15,
    ...customer,
    ...contact,
    ErpFieldKeyValues: { CustomerGroup: '10' },
  },
  SaveActorTypeMapping: { Mapping: mapping124(fieldMapping(506, 'PaymentDays')) },
  ValidateArchiveColumnConfig: { ListOwner: 'FindContact', ErpConnectionId: 124 },
  UpdateConnectionFields: { ErpConnectionId: 124 },
  GetCrmActorType: { ErpConnectionId: 124, ...customer },
  GetErpSyncConnectionSummary: { ErpSyncConnectionId: 124 },
  CreateDefaultErpSyncConnectorEntity: {},
  SaveErpSyncConnectorEntity: {
    ErpSyncConnectorEntity: { ErpConnectorId: 0, DisplayName: 'New', URL: 'app://new' },
  },
  DeleteErpSyncConnectorEntity: { ErpSyncConnectorEntityId: 19 },
  GetErpSyncConnectorEntity: { ErpSyncConnectorEntityId: 17 },
  CanDeleteErpSyncConnectorEntity: { ErpSyncConnectorId: 19 },
  TestConnectorUrl: { Url: 'app://client' },
  SaveDefaultValueInfo: { ErpSyncDefaultValue: paymentDays },
  GetDefaultValueInfo: { ErpFieldId: 506 },
  SyncAll: {},
  ForceSyncAll: {},
  ForceResync: keys,
  ForceResyncNoBlankValues: keys,
  ForceResyncBatchTask: keys,
  ForceResyncExternal: externalKeys,
  ForceResyncExternalNoBlankValues: externalKeys,
  GetEngineStatus: {},
  ChangeEngineStatus: { Run: false },
  ChangeEngineInterval: { Interval: 'PT15M' },
  GetBatchTaskInfo: { Id: 70 },
  GetBatchTaskInfosByAssociates: { AssociateIds: [6] },
  GetBatchTaskInfosByState: stateAll,
  GetBatchTaskInfosByNameAndState: { Name: 'SelectionExport', ...stateAll },
  GetBatchTaskInfosByNameAndAssociates: { Name: 'SelectionExport', AssociateIds: [6] },
  GetBatchTaskInfosByAssociatesAndState: { AssociateIds: [6], ...stateAll },
  GetAllBatchTaskInfosByName: { TaskName: 'SelectionExport' },
  GetAllBatchTaskInfosByNameAndState: { TaskName: 'SelectionExport', ...stateAll },
  GetSystemBatchTaskInfosByName: { TaskName: 'DatabaseStatistics' },
  GetSystemBatchTaskInfosByNameAndState: { TaskName: 'DatabaseStatistics', ...stateAll },
  StopBatchJob: { Id: 70 },
  StartBatchJob: { BatchTaskInfo: { Id: 0, Name: 'Example' } },
  UpdateBatchTask: { BatchTaskInfo: { Id: 70, State: 'Succeeded', Description: 'Seen' } },
  DeleteBatchTask: { BatchTaskId: 70 },
  DeleteBatchTasks: { BatchTaskIds: [69, 70] },

  GetArchiveListByColumns: {
    ProviderName: 'BatchTasks',
    Columns: ['DefinitionName', 'State'],
    SortOrder: [{ Name: 'DefinitionName', Direction: 'DESC' }],
    Restriction: [],
    Entities: [],
    Page: 0,
    PageSize: 2,
  },
  GetAvailableColumns: { ProviderName: 'ErpConnection', Context: '' },
  GetArchiveListByColumns2: {
    ProviderName: 'ErpConnection',
    Columns: 'name',
    SortOrder: '',
    Restrictions: '',
    Entities: '',
    Page: 0,
    PageSize: 10,
  },
};
