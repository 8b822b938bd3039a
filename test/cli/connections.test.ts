/** ERP connections: listed, looked at, tested. */
import { describe, expect, test } from 'vitest';
import { active, answering, connectionsRunner, ok, visma } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connections = connectionsRunner();

describe.concurrent('list', () => {
  test('when there are connections then their English names are listed, and no configuration', async () => {
    const { finished, bodiesOf } = await connections(
      ['list', '--deleted', '-o', 'json'],
      answering({ GetAllConnections: ok([visma]) }),
    );
    expect(documentOf(finished)['items']).toEqual([
      {
        id: 124,
        name: 'Visma Net',
        description: 'All\u001b[2J',
        connectorId: 17,
        active: true,
        deleted: false,
        guid: 'guid',
        mostRecentTimestamp: '8812',
        allAccess: true,
      },
    ]);
    expect(bodiesOf('GetAllConnections')).toEqual([{ IncludeDeleted: true }]);
  });

  test('when it is for people then nothing steers the terminal', async () => {
    const { finished } = await connections(['list'], answering({ GetAllConnections: ok([visma]) }));
    expect(finished.stdout).toMatch(
      /^ID +NAME +ACTIVE +CONNECTOR +DESCRIPTION\n124 +Visma Net +yes +17 +All\\u001b\[2J\n$/,
    );
  });
});

describe.concurrent('get', () => {
  const types = ok([
    { FieldKey: 'Company', FieldType: 'Text' },
    { FieldKey: 'Password', FieldType: 'Password' },
  ]);
  test.each<[string, string[], Reply, Readonly<Record<string, string>>]>([
    ['the types are known', [], types, { Company: '1001', Password: '********', Other: '********' }],
    [
      'the types cannot be asked',
      [],
      { status: 403 },
      { Company: '********', Password: '********', Other: '********' },
    ],
    ['secrets are asked for', ['--show-secrets'], types, visma.ConfigFields],
  ])('when %s then the configuration is shown so', async (_, args, reply, configFields) => {
    const react = answering({ GetConnection: active, GetConfigurationFields: reply });
    const { finished } = await connections(['get', '124', ...args, '-o', 'json'], react);
    expect(documentOf(finished)).toMatchObject({ id: 124, name: 'Visma Net', configFields });
    const people = await connections(['get', '124', ...args], react);
    expect(people.finished.stdout.includes('geheim')).toBe(args.length > 0);
  });

  test('when there is none then the code is 6', async () => {
    const { finished } = await connections(['get', '9'], answering({ GetConnection: ok(null) }));
    expectRefusal(finished, 6, ['no ERP connection 9', 'connections list']);
  });
});

describe.concurrent('test and summary', () => {
  test.each([
    [true, 0, ''],
    [false, 6, 'ERP connection 124 does not work'],
  ])('when the test answers %s then the code is %d', async (works, exitCode, words) => {
    const { finished } = await connections(
      ['test', '124', '-o', 'json'],
      answering({ TestConnectionById: ok(works) }),
    );
    expect(documentOf(finished)).toMatchObject({ id: 124, works, exitCode });
    expect(finished).toMatchObject({ exitCode });
    expect(finished.stdout).toContain(words);
  });

  test('when the summary is asked for then its parameter has the name that it has there', async () => {
    const summary = {
      DisplayName: 'Visma',
      LastSync: '0001-01-01T00:00:00',
      Actors: [{ ActorType: 'Customer', HasMappings: true }],
    };
    const { finished, bodiesOf } = await connections(
      ['summary', '124', '-o', 'json'],
      answering({ GetErpSyncConnectionSummary: ok(summary) }),
    );
    expect(bodiesOf('GetErpSyncConnectionSummary')).toEqual([{ ErpSyncConnectionId: 124 }]);
    expect(documentOf(finished)).toMatchObject({
      name: 'Visma',
      lastSync: null,
      actors: [{ actorType: 'Customer', hasMappings: true }],
    });
  });
});

describe.concurrent('records', () => {
  test.each([
    ['company', 'Contact'],
    ['person', 'Person'],
    ['project', 'Project'],
    ['sale', 'Sale'],
  ])('when a %s is asked for then %s travels', async (type, wire) => {
    const data = [
      {
        ErpConnectionId: 124,
        ConnectionName: 'Visma',
        Connected: true,
        ErpActorType: 'Customer',
        ErpFields: [{ FieldKey: 'K', DisplayName: 'Name' }],
      },
    ];
    const { finished, bodiesOf } = await connections(
      ['records', type, '959', '-o', 'json'],
      answering({ GetConnectionsAndDisplayFields: ok(data) }),
    );
    expect(bodiesOf('GetConnectionsAndDisplayFields')).toEqual([{ CrmActorType: wire, EntityId: 959 }]);
    expect(documentOf(finished)['items']).toEqual([
      {
        id: 124,
        name: 'Visma',
        connected: true,
        actorType: 'Customer',
        actorTypes: [],
        fields: [{ key: 'K', name: 'Name' }],
      },
    ]);
  });
});
