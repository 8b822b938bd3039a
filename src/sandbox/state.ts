/**
 * All that the sandbox knows of its tenant, as plain data: what a state file holds. It is declared with
 * the contract's own kinds of types, so that a file is checked as strictly as a request.
 */
import { BatchTaskCancellationBehaviour, BatchTaskState } from '../agent/batch-carriers.ts';
import { CrmActorType, ErpActorType, FieldAccess, FieldMetadataType } from '../agent/carriers.ts';
import { readJson, WireValueError } from '../agent/wire-json.ts';
import {
  type AnyWireType,
  boolean,
  dateTime,
  int32,
  list,
  plainCarrier,
  string,
  stringMap,
  type ValueOf,
  type WireType,
} from '../agent/wire-types.ts';

/** The form of the state that this sandbox writes; a file of another one is refused. */
export const stateVersion = 2;

const connector = plainCarrier('connector', {
  id: int32,
  displayName: string,
  url: string,
  deleted: boolean,
});

const connection = plainCarrier('connection', {
  id: int32,
  connectorId: int32,
  displayName: string,
  description: string,
  active: boolean,
  guid: string,
  mostRecentTimestamp: string,
  configFields: stringMap,
  deleted: boolean,
  allAccess: boolean,
  userGroupIds: list(int32),
  associateIds: list(int32),
  lastSync: dateTime,
});

const listItemMapping = plainCarrier('listItemMapping', { erpItem: string, crmItem: int32 });

const erpField = plainCarrier('erpField', {
  id: int32,
  key: string,
  name: string,
  tooltip: string,
  type: FieldMetadataType,
  access: FieldAccess,
  maxLength: int32,
  list: string,
  missingInErp: boolean,
  crmKey: string,
  syncToCrm: boolean,
  syncToErp: boolean,
  showInGui: boolean,
  showInSearch: boolean,
  defaultValue: string,
  hasFirstSyncDefault: boolean,
  firstSyncDefault: string,
  promptUser: boolean,
  mandatory: boolean,
  items: list(listItemMapping),
});

const actorMapping = plainCarrier('actorMapping', {
  connectionId: int32,
  actorType: ErpActorType,
  crmType: CrmActorType,
  active: boolean,
  fields: list(erpField),
});

const externalKey = plainCarrier('externalKey', {
  id: int32,
  connectionId: int32,
  actorType: ErpActorType,
  erpKey: string,
});

const linkedRecord = plainCarrier('linkedRecord', {
  internalKey: int32,
  tableId: int32,
  recordId: int32,
  externalKeys: list(externalKey),
});

const crmRecord = plainCarrier('crmRecord', { type: CrmActorType, id: int32, values: stringMap });

const erpActor = plainCarrier('erpActor', {
  connectionId: int32,
  actorType: ErpActorType,
  erpKey: string,
  values: stringMap,
});

const syncLogEntry = plainCarrier('syncLogEntry', {
  id: int32,
  connectionId: int32,
  actorType: ErpActorType,
  erpKey: string,
  crmType: CrmActorType,
  recordId: int32,
  crmKey: string,
  targetIsCrm: boolean,
  oldValue: string,
  newValue: string,
  registered: dateTime,
});

const engine = plainCarrier('engine', {
  wasRunning: boolean,
  running: boolean,
  changesAt: dateTime,
  intervalSeconds: int32,
});

const task = plainCarrier('task', {
  id: int32,
  name: string,
  description: string,
  associateId: int32,
  isSystemTask: boolean,
  parameters: stringMap,
  request: string,
  response: string,
  createdAt: dateTime,
  cancellation: BatchTaskCancellationBehaviour,
  endState: BatchTaskState,
  endResponse: string,
  fixedState: BatchTaskState,
  fixedAt: dateTime,
});

const nextIds = plainCarrier('nextIds', {
  connector: int32,
  connection: int32,
  erpField: int32,
  internalKey: int32,
  externalKey: int32,
  erpKey: int32,
  syncLogEntry: int32,
  task: int32,
});

const tenant = plainCarrier('tenant', {
  version: int32,
  connectors: list(connector),
  connections: list(connection),
  priorities: list(int32),
  actorMappings: list(actorMapping),
  linkedRecords: list(linkedRecord),
  crmRecords: list(crmRecord),
  erpActors: list(erpActor),
  syncLog: list(syncLogEntry),
  engine,
  tasks: list(task),
  nextIds,
});

/** The values of a type with everything there: in a state nothing is absent and nothing null. */
type Whole<T> = T extends readonly (infer E)[]
  ? Whole<NonNullable<E>>[]
  : T extends object
    ? { -readonly [K in keyof T]-?: Whole<NonNullable<T[K]>> }
    : T;
type Stored<W extends WireType> = Whole<NonNullable<ValueOf<W>>>;

/** An ERP connector: a web service of a partner, known by its URL alone. */
export type Connector = Stored<typeof connector>;

/** An ERP connection, the possible source of a resync. `lastSync` is in the year 1 before the first one. */
export type Connection = Stored<typeof connection>;

/**
 * A field of an ERP actor type as a connection knows it, with its mapping to a CRM field (`crmKey`, empty
 * for none), its default values and, for a list, its mapped items. `missingInErp`: the connector had it once.
 */
export type ErpField = Stored<typeof erpField>;

/** The mapping of one ERP actor type of a connection; its fields stand in the order of their rank. */
export type ActorMapping = Stored<typeof actorMapping>;

/**
 * A synchronised CRM record: its internal key (row of `ErpInternalKey`), which is not its CRM id, and
 * its key in each connection (rows of `ErpExternalKey`, at most one per connection). `tableId` is 5 for a
 * contact, 6 person, 11 project, 13 sale. It is never changed but replaced, with the list that holds it, so
 * that archives of many links can keep their indexes as long as the list is the same.
 */
export type LinkedRecord = Frozen<Stored<typeof linkedRecord>>;

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** A record of SuperOffice CRM with its values by CRM field key, encoded as the wire has them. */
export type CrmRecord = Stored<typeof crmRecord>;

/** A record of an ERP system with its values by ERP field key; its key is unique in connection and actor type. */
export type ErpActor = Stored<typeof erpActor>;

/**
 * A row of the sync log: a field of a link that got another value on one side, ERP or CRM. `crmKey` names
 * the field in CRM.
 */
export type SyncLogEntry = Stored<typeof syncLogEntry>;

/** The sync engine: at `changesAt` it goes from `wasRunning` to `running`. */
export type Engine = Stored<typeof engine>;

/**
 * A batch task. It moves by the clock to `endState`, unless `fixedState` is another than Unknown: then it
 * stays in that state since `fixedAt`. `response` is what it says before its end; an `associateId` of 0 is
 * the system.
 */
export type Task = Stored<typeof task>;

/**
 * The tenant. Ids in `nextIds` were never given before; `priorities` holds connection ids, 0 for CRM. CRM
 * records come and go outside ErpSync: the list stays the one that it was.
 */
export type Tenant = Omit<Stored<typeof tenant>, 'linkedRecords' | 'crmRecords'> & {
  linkedRecords: readonly LinkedRecord[];
  readonly crmRecords: readonly CrmRecord[];
};

/**
 * Reads a value as a tenant, strictly: nothing unknown, nothing absent, nothing of another type.
 *
 * @throws WireValueError with the path of the first violation.
 */
export function readTenant(value: unknown, path: string): Tenant {
  const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : null;
  if (version !== stateVersion) {
    throw new WireValueError(
      `${path}.version`,
      `this sandbox knows ${stateVersion}, not ${JSON.stringify(version ?? null)}`,
    );
  }
  const read = readJson(tenant, value, path, 'strict');
  requireWhole(tenant, read, path);
  return read as Tenant;
}

function requireWhole(wireType: WireType, value: unknown, path: string): void {
  if (value === null || value === undefined) throw new WireValueError(path, 'is missing');
  const type = wireType as AnyWireType;
  if (type.kind === 'carrier') {
    for (const [name, member] of Object.entries(type.fields)) {
      requireWhole(member, Reflect.get(value, name), `${path}.${name}`);
    }
  } else if (type.kind === 'list') {
    for (const [index, element] of (value as readonly unknown[]).entries()) {
      requireWhole(type.element, element, `${path}[${index}]`);
    }
  } else if (type.kind === 'stringMap') {
    for (const [key, text] of Object.entries(value)) requireWhole(string, text, `${path}.${key}`);
  } else if (type.kind === 'dateTime' && Number.isNaN(Date.parse(String(value)))) {
    throw new WireValueError(path, 'is not a point in time');
  }
}
