/** Any operation by its name: what travels. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentPath, callRunner, onlyRequest } from '../support/call-runner.ts';
import { documentOf } from '../support/expectations.ts';
import { machine } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();
const call = callRunner();

describe.concurrent('what travels', () => {
  test.each<[string, string[], { path: string; body: unknown }]>([
    [
      'a number, in any case of the names',
      ['getconnection', '-F', 'ERPCONNECTIONID=124'],
      { path: `${agentPath}/GetConnection`, body: { ErpConnectionId: 124 } },
    ],
    [
      'the id in the query, without a body',
      ['GetErpSyncConnectorEntity', '-F', 'ErpSyncConnectorEntityId=17'],
      { path: `${agentPath}/GetErpSyncConnectorEntity?erpSyncConnectorEntityId=17`, body: undefined },
    ],
    [
      'the bare carrier as the body',
      ['SaveErpSyncConnectorEntity', '-F', 'ErpSyncConnectorEntity={"erpConnectorId":17,"url":"https://x/"}'],
      { path: `${agentPath}/SaveErpSyncConnectorEntity`, body: { ErpConnectorId: 17, URL: 'https://x/' } },
    ],
    [
      'parameters whose names drift',
      [
        'GetFieldValuesFromErp',
        '-F',
        'ErpConnectionId=124',
        '-F',
        'actortypeerp=customer',
        '-F',
        'ErpKey=@C=1',
      ],
      {
        path: `${agentPath}/GetFieldValuesFromErp`,
        body: { ErpConnectionId: 124, ActorTypeErp: 'Customer', ErpKey: '@C=1' },
      },
    ],
    [
      'a list of numbers with commas',
      ['ForceResync', '-F', 'ErpConnectionId=0', '-F', 'InternalKeyIds=100, 959'],
      { path: `${agentPath}/ForceResync`, body: { ErpConnectionId: 0, InternalKeyIds: [100, 959] } },
    ],
    [
      'a list of texts as JSON',
      [
        'GetErpFieldValues',
        '-F',
        'FieldKeys=["a,b","c"]',
        '--data',
        '{"EntityId":1,"CrmActorType":"contact","ErpConnectionId":2}',
      ],
      {
        path: `${agentPath}/GetErpFieldValues`,
        body: { ErpConnectionId: 2, CrmActorType: 'Contact', EntityId: 1, FieldKeys: ['a,b', 'c'] },
      },
    ],
    [
      'a boolean',
      ['ChangeEngineStatus', '-F', 'Run=false'],
      { path: `${agentPath}/ChangeEngineStatus`, body: { Run: false } },
    ],
    [
      'null and empty, written as such',
      [
        'ConnectActor',
        '--data',
        '{"ErpConnectionId":1,"CrmRecordId":2,"CrmActorType":"Person","ErpKey":"","ErpActorType":"Person","FieldValues":null}',
      ],
      {
        path: `${agentPath}/ConnectActor`,
        body: {
          ErpConnectionId: 1,
          CrmRecordId: 2,
          CrmActorType: 'Person',
          ErpKey: '',
          ErpActorType: 'Person',
          FieldValues: null,
        },
      },
    ],
    [
      'a map',
      [
        'CreateErpActorFromCrm',
        '--data',
        '{"ConnectionId":1,"CrmEntityId":2,"ErpActorType":"Customer","CrmActorType":"Contact"}',
        '-F',
        'ErpFieldKeyValues={"Name":"A","Fax":null}',
      ],
      {
        path: `${agentPath}/CreateErpActorFromCrm`,
        body: {
          ConnectionId: 1,
          CrmEntityId: 2,
          ErpActorType: 'Customer',
          CrmActorType: 'Contact',
          ErpFieldKeyValues: { Name: 'A', Fax: null },
        },
      },
    ],
  ])('when the parameters are %s then this is the request', async (_, args, expected) => {
    const { requests } = await call(args);
    expect(onlyRequest(requests)).toEqual(expected);
  });

  test.each(['00:15:00', 'PT15M'])(
    'when a duration is given as %s then it travels as 00:15:00',
    async (given) => {
      const { requests, finished } = await call(['ChangeEngineInterval', '-F', `Interval=${given}`]);
      expect(finished.exitCode).toBe(0);
      expect(onlyRequest(requests).body).toEqual({ Interval: '00:15:00' });
    },
  );

  test('when the data is in a file or on standard input then it is read from there', async () => {
    const user = machine();
    const { url, bodiesOf } = tenant(() => ({ status: 200, body: true }));
    const ids = '\uFEFF{"ErpConnectionIds":[124,0]}\n';
    writeFileSync(path.join(user.home, 'ids.json'), ids);
    writeFileSync(path.join(user.home, 'list.json'), '[124, 0]');
    const run = (args: readonly string[], options = {}) =>
      user.run(['call', 'SaveErpConnectionSyncPriorities', '--url', url, '--auth', 'none', ...args], options);
    await run(['--data', '@ids.json']);
    await run(['--data', '-'], { input: ids });
    await run(['-F', 'ErpConnectionIds=@list.json']);
    const expected = { ErpConnectionIds: [124, 0] };
    expect(bodiesOf('SaveErpConnectionSyncPriorities')).toEqual([expected, expected, expected]);
  });
});

describe.concurrent('a dry run', () => {
  test('when a write is planned then method, address and body are shown and nothing is sent', async () => {
    const { url, finished, requests } = await call([
      'DeleteErpSyncConnectorEntity',
      '-F',
      'ErpSyncConnectorEntityId=17',
      '--dry-run',
      '-o',
      'json',
    ]);
    expect(documentOf(finished)).toEqual({
      schemaVersion: 1,
      command: 'call',
      operation: 'DeleteErpSyncConnectorEntity',
      status: 'dry-run',
      method: 'POST',
      url: `${url}${agentPath}/DeleteErpSyncConnectorEntity?erpSyncConnectorEntityId=17`,
      body: null,
    });
    expect(requests).toEqual([]);
  });

  test('when it is for people then passwords are masked unless they are asked for', async () => {
    const given = [
      'TestConnectionByConfig',
      '--data',
      '{"ErpConnectionId":1,"ConfigFields":{"Password":"geheim"}}',
      '--dry-run',
    ];
    const masked = await call(given);
    expect(masked.finished.stdout).toContain('"Password": "********"');
    expect(masked.finished.stdout).not.toContain('geheim');
    const shown = await call([...given, '--show-secrets']);
    expect(shown.finished.stdout).toContain('"Password": "geheim"');
    expect([...masked.requests, ...shown.requests]).toEqual([]);
  });
});
