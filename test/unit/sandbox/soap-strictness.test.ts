/** What a real server would read as "every record" or from the wrong source is refused. */
import { describe, expect, test } from 'vitest';
import { open, startedTasks } from './sandbox-fixture.ts';
import { callSoap, envelopeOf, expectFault, namespaceOf, post } from './soap-fixture.ts';

const source = '<n:ErpConnectionId>124</n:ErpConnectionId>';
const keys = '<n:InternalKeyIds><a:int>100</a:int><a:int>959</a:int></n:InternalKeyIds>';
const resync = 'ForceResyncBatchTask';

describe('the parameters of a resync', () => {
  test.each([
    ['source and keys', source + keys, [100, 959]],
    ['an explicitly empty list', `${source}<n:InternalKeyIds/>`, []],
    [
      'types named as the documentation does',
      `<n:ErpConnectionId i:type="xsd:int" xmlns:xsd="http://www.w3.org/2001/XMLSchema">124</n:ErpConnectionId><n:InternalKeyIds i:type="a:ArrayOfint"><a:int>100</a:int></n:InternalKeyIds>`,
      [100],
    ],
    [
      'comments, CDATA and space',
      ` ${source}<!-- two --><n:InternalKeyIds> <a:int> <![CDATA[100]]> </a:int></n:InternalKeyIds>`,
      [100],
    ],
  ])('when there are %s then they are taken', async (_what, parameters, logged) => {
    const sandbox = await open();
    const reply = await callSoap(sandbox, resync, parameters);
    expect([reply.status, reply.text]).toEqual([200, expect.stringContaining('<n:Succeeded>true<')]);
    expect(sandbox.logLines()).toMatchObject([
      { operation: resync, keys: logged, status: 200, outcome: 'done' },
    ]);
  });

  const int = '<a:int>100</a:int>';
  test.each([
    ['the keys before the source', keys + source, 'ErpConnectionId: stands out of order'],
    ['no keys', source, 'InternalKeyIds: is missing'],
    ['nothing at all', '', 'ErpConnectionId: is missing'],
    ['no source', keys, 'ErpConnectionId: is missing'],
    ['nil keys', `${source}<n:InternalKeyIds i:nil="true"/>`, 'InternalKeyIds: null where a list is due'],
    ['a nil source', `<n:ErpConnectionId i:nil="true"/>${keys}`, 'ErpConnectionId: is nil'],
    [
      'a nil key',
      `${source}<n:InternalKeyIds><a:int i:nil="1"/></n:InternalKeyIds>`,
      'InternalKeyIds[0]: is nil',
    ],
    [
      'keys in the namespace of the service',
      `${source}<n:InternalKeyIds><n:int>100</n:int></n:InternalKeyIds>`,
      'InternalKeyIds[0]: is not in the namespace',
    ],
    [
      'keys in no namespace',
      `${source}<n:InternalKeyIds><int>100</int></n:InternalKeyIds>`,
      'InternalKeyIds[0]: is not in the namespace',
    ],
    [
      'parameters in no namespace',
      `<ErpConnectionId>124</ErpConnectionId>${keys}`,
      'ErpConnectionId: is not in the namespace',
    ],
    [
      'a list in the namespace of arrays',
      `${source}<a:InternalKeyIds>${int}</a:InternalKeyIds>`,
      'InternalKeyIds: is not in the namespace',
    ],
    ['a list under another name', `${source}<n:InternalKeys>${int}</n:InternalKeys>`, 'InternalKeys'],
    ['one more parameter', `${source}${keys}<n:Force>true</n:Force>`, 'Force'],
    ['the keys twice', source + keys + keys, 'InternalKeyIds: stands out of order'],
    ['keys as text', `${source}<n:InternalKeyIds>100 959</n:InternalKeyIds>`, 'holds text'],
    ['text between', `${source}x${keys}`, 'holds text'],
    ['keys elsewhere', `${source}<n:InternalKeyIds href="#keys"/>`, 'attribute'],
    [
      'a key of another kind',
      `${source}<n:InternalKeyIds><a:string>100</a:string></n:InternalKeyIds>`,
      'where int is due',
    ],
    [
      'a key that is no number',
      `${source}<n:InternalKeyIds><a:int>1e2</a:int></n:InternalKeyIds>`,
      'whole number',
    ],
    [
      'a key beyond int32',
      `${source}<n:InternalKeyIds><a:int>2147483648</a:int></n:InternalKeyIds>`,
      'whole number',
    ],
    ['an empty key', `${source}<n:InternalKeyIds><a:int/></n:InternalKeyIds>`, 'whole number'],
    [
      'a nil list that is not empty',
      `${source}<n:InternalKeyIds i:nil="true">${int}</n:InternalKeyIds>`,
      'is nil and not empty',
    ],
  ])('when there is %s then it is a fault and nothing is done', async (_what, parameters, words) => {
    const sandbox = await open();
    expectFault(await callSoap(sandbox, resync, parameters), 'a:DeserializationFailed', words);
    expect(await startedTasks(sandbox)).toEqual([]);
    expect(sandbox.logLines()[0]).toMatchObject({
      operation: resync,
      keys: null,
      status: 500,
      outcome: 'refused',
    });
  });
});

describe('values', () => {
  test.each([
    ['ChangeEngineStatus', '<n:Run>yes</n:Run>', 'true or false'],
    ['ChangeEngineInterval', '<n:Interval>00:15:00</n:Interval>', 'PT15M'],
    ['ChangeEngineInterval', '<n:Interval>-PT15M</n:Interval>', 'duration'],
    ['GetCrmActorType', `${source}<n:ErpActorType>customer</n:ErpActorType>`, 'ErpActorType'],
    [
      'TestConnectionByConfig',
      `${source}<n:ConfigFields><n:StringKeyValuePair><n:Value>1</n:Value><n:Key>Company</n:Key></n:StringKeyValuePair></n:ConfigFields>`,
      'out of order',
    ],
    [
      'TestConnectionByConfig',
      `${source}<n:ConfigFields><n:StringKeyValuePair><n:Key>a</n:Key><n:Value/></n:StringKeyValuePair><n:StringKeyValuePair><n:Key>a</n:Key><n:Value/></n:StringKeyValuePair></n:ConfigFields>`,
      'twice',
    ],
    [
      'SaveConnection',
      '<n:Connection><n:DisplayName>x</n:DisplayName><n:ErpConnectionId>124</n:ErpConnectionId></n:Connection>',
      'ErpConnectionId: stands out of order',
    ],
    ['SaveConnection', '<n:Connection><n:Password>x</n:Password></n:Connection>', 'not known'],
    [
      'StartBatchJob',
      '<n:BatchTaskInfo><n:LastStarted>15 Jan 2026</n:LastStarted></n:BatchTaskInfo>',
      'point in time',
    ],
  ])('when %s is given %s then it is a fault', async (operation, parameters, words) => {
    const sandbox = await open();
    const service = operation === 'StartBatchJob' ? 'Batch' : 'ErpSync';
    expectFault(
      await callSoap(sandbox, operation, parameters, { service }),
      'a:DeserializationFailed',
      words,
    );
  });

  test('when a carrier of Services86 has a member of Services88 then it is a fault', async () => {
    const sandbox = await open();
    const parameters =
      '<n:BatchTaskInfo><n:Id>0</n:Id><n:Name>x</n:Name><n:FileName>y</n:FileName></n:BatchTaskInfo>';
    const at = { service: 'Batch' };
    expect((await callSoap(sandbox, 'StartBatchJob', parameters, { ...at, version: 88 })).status).toBe(200);
    const reply = await callSoap(sandbox, 'StartBatchJob', parameters, { ...at, version: 86 });
    expectFault(reply, 'a:DeserializationFailed', 'FileName');
  });

  test('when the members of the base come first then they are passed over', async () => {
    const sandbox = await open();
    const parameters =
      '<n:BatchTaskInfo><n:TableRight i:nil="true"/><n:FieldProperties/><n:Id>0</n:Id><n:Name>x</n:Name></n:BatchTaskInfo>';
    expect((await callSoap(sandbox, 'StartBatchJob', parameters, { service: 'Batch' })).text).toContain(
      '<n:Response>71<',
    );
  });
});

describe('XML', () => {
  const good = envelopeOf(`<n:${resync}>${source}${keys}</n:${resync}>`);
  test.each<[string, string | Uint8Array, string]>([
    ['a DTD', `<!DOCTYPE x [<!ENTITY k "100">]>${good}`, 'DTD'],
    ['an unknown entity', good.replace('>100<', '>&k;<'), 'well-formed'],
    ['a processing instruction', `<?xml-stylesheet href="x"?>${good}`, 'processing instruction'],
    ['an element that is not closed', good.replace('</s:Envelope>', ''), 'well-formed'],
    ['an undeclared prefix', good.replace('<a:int>100</a:int>', '<z:int>100</z:int>'), 'well-formed'],
    ['something behind the end', `${good}<x/>`, 'well-formed'],
    ['nothing', '', 'well-formed'],
    ['JSON', '{"ErpConnectionId":124}', 'well-formed'],
    ['another encoding', `<?xml version="1.0" encoding="utf-16"?>${good}`, 'UTF-8'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0xff])]), 'UTF-8'],
    ['elements without end', `${good.replace('>100<', `>${'<x>'.repeat(100)}<`)}`, 'deeper'],
  ])('when the body has %s then it is a fault of the client', async (_what, text, words) => {
    const sandbox = await open();
    expectFault(await post(sandbox, text, { operation: resync }), 's:Client', words);
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when the operation stands in the namespace of another version then it is a fault', async () => {
    const sandbox = await open();
    const text = envelopeOf(`<n:${resync}>${source}${keys}</n:${resync}>`, { version: 87 });
    const action = `${namespaceOf(88)}/ErpSync/${resync}`;
    expectFault(await post(sandbox, text, { action }), 'a:ActionNotSupported');
  });
});
