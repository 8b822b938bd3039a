/** What `erpsync call` refuses before anything travels. */
import { describe, expect, test } from 'vitest';
import { erpSync } from '../../src/agent/contract.ts';
import { callRunner, onlyRequest } from '../support/call-runner.ts';
import { expectRefusal } from '../support/expectations.ts';

const call = callRunner();

describe.concurrent('names that are not known', () => {
  test.each<[string, string[], string[]]>([
    ['an operation', ['GetConection'], ['no operation "GetConection"', 'did you mean "GetConnection"?']],
    ['a part of an operation', ['resync'], ['no operation "resync"', 'ForceResync']],
    ['an operation of the Batch agent', ['StopBatchJob'], ['Batch agent', 'erpsync tasks']],
    [
      'a parameter',
      ['GetConnection', '-F', 'ErpConectionId=1'],
      ['"ErpConectionId"', 'did you mean "ErpConnectionId"?'],
    ],
    ['a parameter far off', ['GetConnection', '-F', 'Xyzzy=1'], ['"Xyzzy"', 'ErpConnectionId']],
    ['a parameter in JSON', ['GetConnection', '--data', '{"Id":1}'], ['"Id"', 'ErpConnectionId']],
    [
      'a member',
      ['SaveConnection', '--data', '{"Connection":{"Activ":true}}'],
      ['SaveConnection.Connection', '"Activ"', 'did you mean "Active"?'],
    ],
    [
      'the name of an enum',
      ['GetCrmActorType', '-F', 'ErpConnectionId=1', '-F', 'ErpActorType=Custommer'],
      ['GetCrmActorType.ErpActorType cannot be used: "Custommer" is not one of', 'did you mean "Customer"?'],
    ],
    [
      'the number of an enum',
      ['GetCrmActorType', '--data', '{"ErpConnectionId":1,"ErpActorType":1}'],
      ['GetCrmActorType.ErpActorType cannot be used: 1 is a number, not a name', 'give "Customer"'],
    ],
  ])('when %s is not known then the nearest is named and nothing is sent', async (_, args, words) => {
    const { finished, requests } = await call(args);
    expectRefusal(finished, 2, words);
    expect(requests).toEqual([]);
  });
});

describe.concurrent('values that do not fit', () => {
  const connection = (member: string): string[] => ['SaveConnection', '--data', `{"Connection":{${member}}}`];
  test.each<[string, string[], string[]]>([
    ['is missing', ['GetConnection'], ['GetConnection.ErpConnectionId is missing', 'has to be given']],
    [
      'is one of several missing',
      ['ForceResyncExternal', '-F', 'ExternalKeys=["a"]'],
      ['ErpConnectionId', 'ErpActorType are missing'],
    ],
    [
      'is no number',
      ['GetConnection', '-F', 'ErpConnectionId=one'],
      [
        'GetConnection.ErpConnectionId cannot be used: "one" is not a whole number',
        'from -2147483648 to 2147483647',
      ],
    ],
    [
      'is a fraction',
      ['GetConnection', '-F', 'ErpConnectionId=1.5'],
      ['ErpConnectionId cannot be used: "1.5"'],
    ],
    ['is empty', ['GetConnection', '-F', 'ErpConnectionId='], ['ErpConnectionId cannot be used: ""']],
    ['is too large', ['GetConnection', '-F', 'ErpConnectionId=2147483648'], ['2147483648 is outside']],
    [
      'is null where a number is due',
      ['GetConnection', '--data', '{"ErpConnectionId":null}'],
      ['ErpConnectionId cannot be used: null'],
    ],
    [
      'is a number in quotes',
      ['GetConnection', '--data', '{"ErpConnectionId":"1"}'],
      ['ErpConnectionId cannot be used: "1"'],
    ],
    [
      'is no boolean',
      ['ChangeEngineStatus', '-F', 'Run=yes'],
      ['ChangeEngineStatus.Run cannot be used: "yes" is neither true nor false'],
    ],
    [
      'is no duration',
      ['ChangeEngineInterval', '-F', 'Interval=soon'],
      ['Interval cannot be used: "soon"', 'PT15M'],
    ],
    [
      'is no list',
      ['SaveErpConnectionSyncPriorities', '--data', '{"ErpConnectionIds":124}'],
      ['ErpConnectionIds cannot be used: it is 124 where a list is due'],
    ],
    [
      'is wrong within a list',
      ['SaveErpConnectionSyncPriorities', '-F', 'ErpConnectionIds=[1,"2"]'],
      ['ErpConnectionIds[1] cannot be used: "2"'],
    ],
    [
      'is an empty list not written',
      ['SaveErpConnectionSyncPriorities', '-F', 'ErpConnectionIds='],
      ['ErpConnectionIds is missing', '[]'],
    ],
    [
      'is wrong within a structure',
      connection('"Active":"yes"'),
      ['SaveConnection.Connection.Active cannot be used: "yes"'],
    ],
    [
      'is deep within a structure',
      ['SaveActorTypeMapping', '--data', '{"Mapping":{"FieldMappings":[{},{"SyncToErp":1}]}}'],
      ['SaveActorTypeMapping.Mapping.FieldMappings[1].SyncToErp cannot be used: 1'],
    ],
    [
      'differs only in case',
      connection('"Active":true,"active":false'),
      ['Connection.active differs from Active only in case'],
    ],
    [
      'is given twice in JSON',
      ['GetConnection', '--data', '{"ErpConnectionId":1,"ErpConnectionId":2}'],
      ['ErpConnectionId is given twice'],
    ],
    [
      'is given twice',
      ['GetConnection', '-F', 'ErpConnectionId=1', '-F', 'erpconnectionid=2'],
      ['ErpConnectionId is given twice'],
    ],
    [
      'is given both ways',
      ['GetConnection', '--data', '{"ErpConnectionId":1}', '-F', 'ErpConnectionId=1'],
      ['ErpConnectionId is given twice'],
    ],
    [
      'has no name',
      ['GetConnection', '-F', '124'],
      ['--field cannot be used: its value stands without a name'],
    ],
    [
      'is no JSON',
      ['GetConnection', '--data', '{"ErpConnectionId":124'],
      ['--data cannot be used: line 1, column 23 is not JSON'],
    ],
    ['is no object', ['GetConnection', '--data', '[124]'], ['--data cannot be used: it is no object']],
    ['is in no file', ['GetConnection', '--data', '@missing.json'], ['missing.json', 'no such file']],
    ['is standard input twice', ['SaveConnection', '-F', 'Connection=@-'], ['--data -']],
  ])('when one %s then its path is named and nothing is sent', async (_, args, words) => {
    const { finished, requests } = await call(args);
    expectRefusal(finished, 2, words);
    expect(requests).toEqual([]);
  });

  test('when a configuration field has the wrong type then its value is not shown', async () => {
    const given = '{"ErpConnectionId":1,"ConfigFields":{"Password":4711}}';
    const { finished, requests } = await call(['TestConnectionByConfig', '--data', given]);
    expectRefusal(finished, 2, [
      'TestConnectionByConfig.ConfigFields.Password cannot be used: it is a number where text is due',
    ]);
    expect(finished.stderr).not.toContain('4711');
    expect(requests).toEqual([]);
  });
});

const resyncs = Object.entries(erpSync).flatMap(([name, { emptyMeansAll }]) =>
  emptyMeansAll === undefined ? [] : [[name, emptyMeansAll] as const],
);

describe.concurrent('a key list that would mean every record', () => {
  const others = (name: string): string[] => [
    ...['-F', 'ErpConnectionId=124'],
    ...(name.includes('External') ? ['-F', 'ErpActorType=Customer'] : []),
  ];
  const cases = resyncs.flatMap(([name, keys]) =>
    (
      [
        ['missing', []],
        ['empty', ['-F', `${keys}=[]`]],
        ['null', ['-F', `${keys}=null`]],
      ] as const
    ).map(([state, given]) => [name, keys, state, given] as const),
  );

  test.each(cases)('when %s has its %s %s then nothing is sent', async (name, keys, state, given) => {
    const { finished, requests } = await call([name, ...others(name), ...given, '--yes']);
    const problem = state === 'missing' ? 'is missing' : `cannot be used: it is ${state}`;
    expectRefusal(finished, 2, [`${name}.${keys} ${problem}`, 'every record', '--all']);
    expect(requests).toEqual([]);
  });

  test.each(cases)(
    'when %s has its %s %s and --all is not confirmed then nothing is sent',
    async (name, _, __, given) => {
      const { finished, requests } = await call([name, ...others(name), ...given, '--all']);
      expectRefusal(finished, 2, ['EVERY record from ERP connection 124', '--yes']);
      expect(requests).toEqual([]);
    },
  );

  test.each(resyncs)('when %s is called with --all --yes then its %s travel empty', async (name, keys) => {
    const { requests } = await call([name, ...others(name), '--all', '--yes'], { status: 204 });
    expect(onlyRequest(requests).body).toMatchObject({ ErpConnectionId: 124, [keys]: [] });
  });

  test.each<[string, string[], string[]]>([
    [
      'with keys',
      ['ForceResync', '-F', 'ErpConnectionId=1', '-F', 'InternalKeyIds=1'],
      ['--all and InternalKeyIds exclude each other'],
    ],
    [
      'where there are no keys',
      ['GetConnection', '-F', 'ErpConnectionId=1'],
      ['--all cannot be used: GetConnection takes no list of keys'],
    ],
  ])('when --all is given %s then nothing is sent', async (_, args, words) => {
    const { finished, requests } = await call([...args, '--all', '--yes']);
    expectRefusal(finished, 2, words);
    expect(requests).toEqual([]);
  });

  test.each([
    ['null', '[null]'],
    ['empty', '["a",""]'],
  ])('when a key is %s then nothing is sent', async (state, keys) => {
    const { finished, requests } = await call([
      'ForceResyncExternal',
      ...others('External'),
      '-F',
      `ExternalKeys=${keys}`,
    ]);
    expectRefusal(finished, 2, [`is ${state}, not a key`]);
    expect(requests).toEqual([]);
  });
});

describe.concurrent('operations that remove', () => {
  test.each(
    Object.entries(erpSync).flatMap(([name, { effect, parameters }]) =>
      effect === 'destroy' ? [[name, Object.keys(parameters)] as const] : [],
    ),
  )('when %s is called without --yes then nothing is sent', async (name, parameters) => {
    const args = [
      name,
      ...parameters.flatMap((parameter) => [
        '-F',
        `${parameter}=${parameter === 'CrmActorType' ? 'Person' : '1'}`,
      ]),
    ];
    const refused = await call(args);
    expectRefusal(refused.finished, 2, [`${name} removes data`, '--yes']);
    expect(refused.requests).toEqual([]);
    const confirmed = await call([...args, '--yes'], {
      status: 200,
      body: name === 'BreakActorLink' ? true : undefined,
    });
    expect(confirmed.finished.exitCode).toBe(0);
    expect(confirmed.requests).toHaveLength(1);
  });
});
