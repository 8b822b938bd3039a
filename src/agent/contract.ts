/**
 * The contract: every operation of the ErpSync, Batch and Archive agents and of SoPrincipal, once, as data. REST and
 * SOAP encode with it, the sandbox decodes with it, the typed client takes its types from it. Adding
 * an operation means adding a line.
 *
 * Parameters stand in wire order (SOAP's `xs:sequence`, never alphabetical) under their SOAP names.
 */
import { BatchTaskInfo, BatchTaskState } from './batch-carriers.ts';
import {
  CrmActorType,
  ErpActorType,
  ErpConnection,
  ErpConnectionData,
  ErpConnectionListMappingContainer,
  ErpSyncActorTypeMapping,
  ErpSyncConnectionSummary,
  ErpSyncConnectorEntity,
  ErpSyncDefaultValue,
  ErpSyncEngineStatus,
  ErpSyncFieldValue,
  ErpSyncResponseCode,
  FieldMetadata,
  ListItem,
  PluginResponse,
} from './carriers.ts';
import { archive, soPrincipal } from './neighbour-contract.ts';
import { destroy, none, nothing, type Operation, read, write } from './operation.ts';
import {
  boolean,
  duration,
  type FieldValues,
  int32,
  list,
  string,
  stringMap,
  type ValueOf,
} from './wire-types.ts';

export type { Effect, NothingType, Operation } from './operation.ts';

/** The 49 operations of the ErpSync agent (REST and Services88; 86 and 87 lack those with `since: 88`). */
export const erpSync = {
  GetConnection: read({ ErpConnectionId: int32 }, ErpConnection),
  SaveConnection: write({ Connection: ErpConnection }, ErpConnection),
  DeleteConnection: destroy({ ErpConnectionId: int32 }, nothing),
  GetConfigurationFields: read({ ErpConnectorId: int32 }, list(FieldMetadata)),
  GetErpConnectionConfigFields: read({ ErpConnectionId: int32 }, stringMap),
  ToggleErpConnectionActive: write({ ErpConnectionId: int32 }, list(string)),
  TestConnectionById: read({ ErpConnectionId: int32 }, boolean),
  TestConnectionByConfig: read({ ErpConnectionId: int32, ConfigFields: stringMap }, boolean),
  SaveErpConnectionSyncPriorities: write({ ErpConnectionIds: list(int32) }, boolean),
  MoveErpFieldItem: write(
    { ErpFieldId: int32, Direction: int32, ErpConnectionId: int32, ErpActorType: ErpActorType },
    nothing,
  ),
  SupportsAdvancedSearch: read({ ErpConnectionId: int32, ErpActorType: ErpActorType }, boolean),
  GetAllConnectors: read(none, list(ListItem), { since: 88 }),
  GetAllConnections: read({ IncludeDeleted: boolean }, list(ErpConnection), { since: 88 }),
  GetConnectionsAndDisplayFields: read(
    { CrmActorType: CrmActorType, EntityId: int32 },
    list(ErpConnectionData),
  ),
  GetErpFieldValues: read(
    { ErpConnectionId: int32, CrmActorType: CrmActorType, EntityId: int32, FieldKeys: list(string) },
    list(string),
  ),
  GetFieldsForNewErpActor: read({ ErpConnectionId: int32, ErpActorType: ErpActorType }, list(FieldMetadata)),
  GetConnectionListMappings: read({ ErpConnectionId: int32 }, ErpConnectionListMappingContainer),
  SaveConnectionListMappings: write(
    { ListMapping: ErpConnectionListMappingContainer },
    ErpConnectionListMappingContainer,
  ),
  ConnectActor: write(
    {
      ErpConnectionId: int32,
      CrmRecordId: int32,
      CrmActorType: CrmActorType,
      ErpKey: string,
      ErpActorType: ErpActorType,
      FieldValues: list(ErpSyncFieldValue),
    },
    nothing,
  ),
  TryConnectActor: write(
    {
      ErpConnectionId: int32,
      CrmRecordId: int32,
      CrmActorType: CrmActorType,
      ErpKey: string,
      ErpActorType: ErpActorType,
      FieldValues: list(ErpSyncFieldValue),
    },
    boolean,
    { since: 88 },
  ),
  GetFieldValuesFromCrm: read({ RecordId: int32, ActorTypeCrm: CrmActorType }, list(ErpSyncFieldValue)),
  GetFieldValuesFromErp: read(
    { ErpConnectionId: int32, ActorTypeErp: ErpActorType, ErpKey: string },
    list(ErpSyncFieldValue),
  ),
  GetActorTypeMapping: read({ ErpConnectionId: int32, ActorType: ErpActorType }, ErpSyncActorTypeMapping),
  CreateActorLink: write(
    {
      ErpConnectionId: int32,
      CrmRecordId: int32,
      CrmActorType: CrmActorType,
      ErpKey: string,
      ErpActorType: ErpActorType,
    },
    boolean,
  ),
  BreakActorLink: destroy(
    { ErpConnectionId: int32, CrmRecordId: int32, CrmActorType: CrmActorType },
    boolean,
  ),
  CreateErpActorFromCrm: write(
    {
      ConnectionId: int32,
      CrmEntityId: int32,
      ErpActorType: ErpActorType,
      CrmActorType: CrmActorType,
      ErpFieldKeyValues: stringMap,
    },
    boolean,
  ),
  SaveActorTypeMapping: write({ Mapping: ErpSyncActorTypeMapping }, ErpSyncActorTypeMapping),
  ValidateArchiveColumnConfig: write({ ListOwner: string, ErpConnectionId: int32 }, nothing),
  UpdateConnectionFields: write({ ErpConnectionId: int32 }, boolean),
  GetCrmActorType: read({ ErpConnectionId: int32, ErpActorType: ErpActorType }, CrmActorType),
  GetErpSyncConnectionSummary: read({ ErpSyncConnectionId: int32 }, ErpSyncConnectionSummary),
  CreateDefaultErpSyncConnectorEntity: read(none, ErpSyncConnectorEntity),
  SaveErpSyncConnectorEntity: write(
    { ErpSyncConnectorEntity: ErpSyncConnectorEntity },
    ErpSyncConnectorEntity,
    { rest: 'bare' },
  ),
  DeleteErpSyncConnectorEntity: destroy({ ErpSyncConnectorEntityId: int32 }, nothing, { rest: 'query' }),
  GetErpSyncConnectorEntity: read({ ErpSyncConnectorEntityId: int32 }, ErpSyncConnectorEntity, {
    rest: 'query',
  }),
  CanDeleteErpSyncConnectorEntity: read({ ErpSyncConnectorId: int32 }, ErpSyncResponseCode),
  TestConnectorUrl: read({ Url: string }, ErpSyncResponseCode),
  SaveDefaultValueInfo: write({ ErpSyncDefaultValue: ErpSyncDefaultValue }, ErpSyncDefaultValue),
  GetDefaultValueInfo: read({ ErpFieldId: int32 }, ErpSyncDefaultValue),
  SyncAll: write(none, PluginResponse),
  ForceSyncAll: write(none, PluginResponse),
  ForceResync: write({ ErpConnectionId: int32, InternalKeyIds: list(int32) }, PluginResponse, {
    emptyMeansAll: 'InternalKeyIds',
  }),
  ForceResyncNoBlankValues: write({ ErpConnectionId: int32, InternalKeyIds: list(int32) }, PluginResponse, {
    since: 88,
    emptyMeansAll: 'InternalKeyIds',
  }),
  ForceResyncBatchTask: write({ ErpConnectionId: int32, InternalKeyIds: list(int32) }, nothing, {
    emptyMeansAll: 'InternalKeyIds',
  }),
  ForceResyncExternal: write(
    { ErpConnectionId: int32, ErpActorType: ErpActorType, ExternalKeys: list(string) },
    PluginResponse,
    { emptyMeansAll: 'ExternalKeys' },
  ),
  ForceResyncExternalNoBlankValues: write(
    { ErpConnectionId: int32, ErpActorType: ErpActorType, ExternalKeys: list(string) },
    PluginResponse,
    { since: 88, emptyMeansAll: 'ExternalKeys' },
  ),
  GetEngineStatus: read(none, ErpSyncEngineStatus),
  ChangeEngineStatus: write({ Run: boolean }, ErpSyncEngineStatus),
  ChangeEngineInterval: write({ Interval: duration }, nothing),
};

/** The 15 operations of the Batch agent. */
export const batch = {
  GetBatchTaskInfo: read({ Id: int32 }, BatchTaskInfo),
  GetBatchTaskInfosByAssociates: read({ AssociateIds: list(int32) }, list(BatchTaskInfo)),
  GetBatchTaskInfosByState: read({ State: BatchTaskState }, list(BatchTaskInfo)),
  GetBatchTaskInfosByNameAndState: read({ Name: string, State: BatchTaskState }, list(BatchTaskInfo)),
  GetBatchTaskInfosByNameAndAssociates: read(
    { Name: string, AssociateIds: list(int32) },
    list(BatchTaskInfo),
  ),
  GetBatchTaskInfosByAssociatesAndState: read(
    { AssociateIds: list(int32), State: BatchTaskState },
    list(BatchTaskInfo),
  ),
  GetAllBatchTaskInfosByName: read({ TaskName: string }, list(BatchTaskInfo), { since: 88 }),
  GetAllBatchTaskInfosByNameAndState: read({ TaskName: string, State: BatchTaskState }, list(BatchTaskInfo), {
    since: 88,
  }),
  GetSystemBatchTaskInfosByName: read({ TaskName: string }, list(BatchTaskInfo), { since: 88 }),
  GetSystemBatchTaskInfosByNameAndState: read(
    { TaskName: string, State: BatchTaskState },
    list(BatchTaskInfo),
    { since: 88 },
  ),
  StopBatchJob: write({ Id: int32 }, boolean),
  StartBatchJob: write({ BatchTaskInfo: BatchTaskInfo }, int32),
  UpdateBatchTask: write({ BatchTaskInfo: BatchTaskInfo }, BatchTaskInfo),
  DeleteBatchTask: destroy({ BatchTaskId: int32 }, nothing),
  DeleteBatchTasks: destroy({ BatchTaskIds: list(int32) }, nothing),
};

/** The agents by the name that stands in REST paths, SOAP paths and SOAP actions. */
export const agents = { ErpSync: erpSync, Batch: batch, Archive: archive, SoPrincipal: soPrincipal } as const;

export type AgentName = keyof typeof agents;
type Contract = typeof erpSync & typeof batch & typeof archive & typeof soPrincipal;
/** The name of any operation of any agent; no two agents share one. */
export type OperationName = keyof Contract;
/** The parameters of an operation; every one is given, also those that the wire would let be absent. */
export type ArgumentsOf<N extends OperationName> = FieldValues<Contract[N]['parameters']>;
/** The result of an operation; null where a reference type was answered as null. */
export type ResultOf<N extends OperationName> = ValueOf<Contract[N]['result']>;

const contract: Readonly<Record<OperationName, Operation>> = {
  ...erpSync,
  ...batch,
  ...archive,
  ...soPrincipal,
};

/** The contract of one operation. */
export function operationNamed(name: OperationName): Operation {
  return contract[name];
}

/** The agent that an operation belongs to. */
export function agentOf(name: OperationName): AgentName {
  if (name in erpSync) return 'ErpSync';
  if (name in batch) return 'Batch';
  return name in archive ? 'Archive' : 'SoPrincipal';
}
