/**
 * The same calls over REST and over the SOAP services 86, 87 and 88, each in a sandbox of its own: the client makes
 * the same value or the same refusal of them, whatever carried them.
 */
import { describe, expect, test } from 'vitest';
import { type ArgumentsOf, type OperationName, operationNamed } from '../../src/agent/contract.ts';
import { formatClock, parseTimeSpan } from '../../src/agent/timespan.ts';
import type { AnyWireType, WireType } from '../../src/agent/wire-types.ts';
import { isIn } from '../../src/agent/wire-xml.ts';
import type { Outcome } from '../../src/transport/outcome.ts';
import { connection125, listMapping124, paymentDays } from '../unit/sandbox/carrier-samples.ts';
import { operationArguments } from '../unit/sandbox/operation-arguments.ts';
import { type Fixture, open } from '../unit/sandbox/sandbox-fixture.ts';
import { sampleTicket } from '../unit/sandbox/soap-fixture.ts';
import { agentFor } from './agent.ts';

const versions = [86, 87, 88] as const;
type Version = (typeof versions)[number];
type Given = Readonly<Record<string, unknown>>;

/** What became of one call, and what the server saw of it. */
interface Told {
  readonly outcome: unknown;
  readonly log: unknown;
}

/** Calls over these services, or over REST without any; the value is that of `version`. */
async function tell(
  name: OperationName,
  given: Given,
  services: Version | undefined,
  version: Version,
): Promise<Told> {
  const sandbox = await open();
  const { client } = agentFor(sandbox.url, { services, ticket: sampleTicket });
  const { outcome } = await client.call(name, given as ArgumentsOf<typeof name>, { everyRecord: true });
  return { outcome: factsOf(name, outcome, version), log: logOf(sandbox) };
}

function factsOf(name: OperationName, outcome: Outcome, version: Version): unknown {
  if (outcome.kind === 'accepted') {
    const { result } = operationNamed(name);
    const value = result.kind === 'nothing' ? outcome.value : meant(result, outcome.value, version);
    return { kind: outcome.kind, value };
  }
  const { code, exitCode } = outcome.error;
  const notFound = outcome.kind === 'rejected' ? outcome.notFound : undefined;
  return { kind: outcome.kind, code, exitCode, notFound };
}

/** What the server says it did: the operation and its keys. */
function logOf(sandbox: Fixture): unknown {
  return sandbox.logLines().map(({ operation, keys }) => ({ operation, keys }));
}

/** A value with durations in one form, and without the members that came with Services88 where an older one is meant. */
function meant(wireType: WireType, value: unknown, version: Version): unknown {
  const type = wireType as AnyWireType;
  if (value === null || value === undefined) return value;
  switch (type.kind) {
    case 'duration':
      return formatClock(parseTimeSpan(String(value)) ?? Number.NaN);
    case 'list':
      return (value as unknown[]).map((each) => meant(type.element, each, version));
    case 'dictionary':
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, meant(type.value, each, version)]),
      );
    case 'carrier':
      return Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => version >= 88 || !type.since88.includes(name))
          .map(([name, each]) => [name, meant(type.fields[name] as WireType, each, version)]),
      );
    case 'lazy':
      return meant(type.resolve(), value, version);
    default:
      return value;
  }
}

type Row = readonly [when: string, version: Version, name: OperationName, given: Given];

/** A row for each version that has the operation. */
function rowsOf(calls: readonly (readonly [when: string, name: OperationName, given: Given])[]): Row[] {
  return versions.flatMap((version) =>
    calls
      .filter(([, name]) => isIn(name, version))
      .map(([when, name, given]): Row => [`${name} ${when}`.trim(), version, name, given]),
  );
}

async function expectParity(name: OperationName, given: Given, version: Version): Promise<Told> {
  const [rest, soap] = await Promise.all([
    tell(name, given, undefined, version),
    tell(name, given, version, version),
  ]);
  expect(soap).toEqual(rest);
  return soap;
}

describe('what succeeds', () => {
  const calls = Object.entries(operationArguments).map(
    ([name, given]) => ['', name as OperationName, given] as const,
  );

  test.each(rowsOf(calls))(
    'when %s is called over Services%i then it brings what REST brings',
    async (_, version, name, given) => {
      // Every task of the sandbox has ended at its start, so there is none to stop.
      const kind = name === 'StopBatchJob' ? 'rejected' : 'accepted';
      expect(await expectParity(name, given, version)).toMatchObject({ outcome: { kind } });
    },
  );
});

describe('what is refused', () => {
  const nowhere = { ErpConnectionId: 4711 };
  const customer = { ErpActorType: 'Customer' };
  const link = { ErpConnectionId: 124, CrmRecordId: 12, CrmActorType: 'Contact', ErpKey: 'C-10015' };
  const calls: readonly (readonly [string, OperationName, Given])[] = [
    ['of an unknown connection', 'GetConnection', nowhere],
    ['of an unknown connection', 'SaveConnection', { Connection: { ...connection125, ...nowhere } }],
    ['of an unknown connection', 'DeleteConnection', nowhere],
    ['of an unknown connector', 'GetConfigurationFields', { ErpConnectorId: 4711 }],
    ['of an unknown connection', 'GetErpConnectionConfigFields', nowhere],
    ['of an unknown connection', 'ToggleErpConnectionActive', nowhere],
    ['of an unknown connection', 'TestConnectionById', nowhere],
    ['of an unknown connection', 'SaveErpConnectionSyncPriorities', { ErpConnectionIds: [4711] }],
    ['by nothing', 'MoveErpFieldItem', { ErpFieldId: 501, Direction: 0, ErpConnectionId: 124, ...customer }],
    ['of an unknown connection', 'SupportsAdvancedSearch', { ...nowhere, ...customer }],
    ['of an unknown record', 'GetConnectionsAndDisplayFields', { CrmActorType: 'Contact', EntityId: 4711 }],
    ['of an unknown connection', 'GetConnectionListMappings', nowhere],
    ['with an unknown item', 'SaveConnectionListMappings', { ListMapping: listMapping124(['40', 2]) }],
    ['of a linked record', 'ConnectActor', { ...link, ...customer, FieldValues: [] }],
    ['of a linked record', 'TryConnectActor', { ...link, ...customer, FieldValues: [] }],
    ['of a type without mapping', 'GetFieldValuesFromCrm', { RecordId: 12, ActorTypeCrm: 'Sale' }],
    ['of a type without mapping', 'GetActorTypeMapping', { ErpConnectionId: 124, ActorType: 'Employee' }],
    ['of a linked key', 'CreateActorLink', { ...link, ErpKey: 'C-10012', ...customer }],
    [
      'that is not there',
      'BreakActorLink',
      { ErpConnectionId: 124, CrmRecordId: 15, CrmActorType: 'Contact' },
    ],
    ['of an unknown connection', 'UpdateConnectionFields', nowhere],
    ['of an unknown connection', 'GetErpSyncConnectionSummary', { ErpSyncConnectionId: 4711 }],
    ['that is in use', 'DeleteErpSyncConnectorEntity', { ErpSyncConnectorEntityId: 17 }],
    ['that is unknown', 'GetErpSyncConnectorEntity', { ErpSyncConnectorEntityId: 4711 }],
    ['that is unknown', 'CanDeleteErpSyncConnectorEntity', { ErpSyncConnectorId: 4711 }],
    ['that is gone', 'TestConnectorUrl', { Url: 'https://gone.invalid/x' }],
    [
      'in the wrong form',
      'SaveDefaultValueInfo',
      { ErpSyncDefaultValue: { ...paymentDays, DefaultValue: '30' } },
    ],
    ['of an unknown field', 'GetDefaultValueInfo', { ErpFieldId: 4711 }],
    ['of an unknown connection', 'ForceResync', { ...nowhere, InternalKeyIds: [1] }],
    ['of an unknown connection', 'ForceResyncExternal', { ...nowhere, ...customer, ExternalKeys: ['a'] }],
    ['with a null key', 'ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: null }],
    ['of no time', 'ChangeEngineInterval', { Interval: 'PT0S' }],
    ['of a negative time', 'ChangeEngineInterval', { Interval: '-PT15M' }],
    ['that is unknown', 'GetBatchTaskInfo', { Id: 4711 }],
    ['that is unknown', 'StopBatchJob', { Id: 4711 }],
    ['without a name', 'StartBatchJob', { BatchTaskInfo: { Id: 0, Name: '' } }],
    ['that is unknown', 'UpdateBatchTask', { BatchTaskInfo: { Id: 4711, State: 'Succeeded' } }],
    ['that is unknown', 'DeleteBatchTask', { BatchTaskId: 4711 }],
    ['that are unknown', 'DeleteBatchTasks', { BatchTaskIds: [70, 4711] }],
    ['of an unknown archive', 'GetAvailableColumns', { ProviderName: 'NoSuchArchive', Context: '' }],
  ];

  test.each(rowsOf(calls))(
    'when %s is called over Services%i then it is refused as over REST',
    async (_, version, name, given) => {
      const { outcome } = await expectParity(name, given, version);
      // What is only asked about is answered.
      const answered = ['CanDeleteErpSyncConnectorEntity', 'TestConnectorUrl'].includes(name);
      expect(outcome).toMatchObject({ kind: answered ? 'accepted' : 'rejected' });
    },
  );

  test.each(versions)(
    'when the ticket is unknown to Services%i then the call is unsent as over REST',
    async (services) => {
      const { url } = await open();
      for (const way of [{}, { services }]) {
        const { client } = agentFor(url, { ...way, ticket: '7T:unknown' });
        const { outcome } = await client.call('ForceResyncBatchTask', {
          ErpConnectionId: 124,
          InternalKeyIds: [100],
        });
        expect(outcome).toMatchObject({ kind: 'unsent', error: { code: 'auth', exitCode: 4 } });
      }
    },
  );
});

describe('values at their edges', () => {
  const text = '<&>"\' ]]> Ærø 漢字 🚀 é\u00a0\u2028 a\tb\r\nc\rd\n';
  const saved = (changes: Given): Given => ({ Connection: { ...connection125, ...changes } });
  const calls: readonly (readonly [string, OperationName, Given])[] = [
    ['with a text of all kinds', 'SaveConnection', saved({ DisplayName: 'x', DisplayDescription: text })],
    ['with empty texts', 'SaveConnection', saved({ DisplayDescription: '', MostRecentTimestamp: '' })],
    ['with blanks', 'SaveConnection', saved({ DisplayDescription: '  ' })],
    ['with ids', 'SaveConnection', saved({ UserGroupAccessIds: [2], AssociateAccessIds: [5] })],
    ['with an odd key', 'SaveConnection', saved({ ConfigFields: { Environment: text, ClientSecret: '' } })],
    ['of the largest ids', 'GetConnection', { ErpConnectionId: 2_147_483_647 }],
    ['of the smallest ids', 'GetConnection', { ErpConnectionId: -2_147_483_648 }],
    ['of 0', 'GetConnection', { ErpConnectionId: 0 }],
    ['of an unknown connection', 'ForceResyncBatchTask', { ErpConnectionId: 4711, InternalKeyIds: [1] }],
    ['from CRM', 'ForceResyncBatchTask', { ErpConnectionId: 0, InternalKeyIds: [2_147_483_647, 1] }],
    ['of every record', 'ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [] }],
    ['of every record', 'ForceResync', { ErpConnectionId: 124, InternalKeyIds: [] }],
    [
      'of an odd key',
      'ForceResyncExternal',
      { ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: [text, ' ', 'é'] },
    ],
    ['of no ids', 'GetBatchTaskInfosByAssociates', { AssociateIds: [] }],
    ['of an empty name', 'GetBatchTaskInfosByNameAndState', { Name: '', State: 'All' }],
    ['of a day and more', 'ChangeEngineInterval', { Interval: '1.02:03:04' }],
    ['of a second', 'ChangeEngineInterval', { Interval: 'PT1S' }],
    [
      'with a text of all kinds',
      'UpdateBatchTask',
      { BatchTaskInfo: { Id: 70, State: 'Succeeded', Description: text } },
    ],
    ['to an odd address', 'TestConnectorUrl', { Url: `app://${text}` }],
  ];

  test.each(rowsOf(calls))(
    'when %s is called over Services%i then it is as over REST',
    async (_, version, name, given) => {
      await expectParity(name, given, version);
    },
  );

  test.each(versions)(
    'when a text of all kinds was saved over Services%i then REST reads the very same',
    async (services) => {
      const { url } = await open();
      const soap = agentFor(url, { services, ticket: sampleTicket }).client;
      const rest = agentFor(url, { ticket: sampleTicket }).client;
      await soap.perform(
        'SaveConnection',
        saved({ DisplayDescription: text }) as ArgumentsOf<'SaveConnection'>,
      );
      for (const client of [soap, rest]) {
        expect(await client.read('GetConnection', { ErpConnectionId: 125 })).toMatchObject({
          DisplayDescription: text,
        });
      }
    },
  );
});
