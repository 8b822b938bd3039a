/** What `erpsync api` refuses before anything travels. */
import { describe, expect, test } from 'vitest';
import { api, parts } from '../support/api-runner.ts';
import { agentPath } from '../support/call-runner.ts';
import { expectRefusal } from '../support/expectations.ts';
import { jsonAnswer, noContent } from '../support/wire-server.ts';

describe('a path that would leave the base URL', () => {
  test.each([
    'https://evil.example/api',
    'HTTP://evil.example',
    'file:///etc/passwd',
    '//evil.example/api',
    '/\\evil.example',
    '\\\\evil.example',
    ' //evil.example',
    '/..',
    '/../other',
    '/api/../../other',
    'api/./x',
    '/api/%2e%2e/x',
    '/api/%2E./x',
    '/api/..%2fx',
    '/api/%2e%2e%5cx',
    '/api/%252e%252e/x',
    '/api/%25252e%25252e%252fx',
    '/api/..;/x',
    '/api\\..\\x',
    '/api/%c0%ae%c0%ae/x',
    '/api/%u002e%u002e/x',
    '/api#x',
    '/api\r\nHost: evil',
    '/api/%zz',
  ])('when it is %j then nothing is sent', async (given) => {
    const { finished, requests } = await api([given]);
    expectRefusal(finished, 2, ['the path']);
    expect(requests).toEqual([]);
  });
});

describe('a resync', () => {
  const paths = [
    `${agentPath}/ForceResyncBatchTask`,
    '/API/V1/agents/erpsync/forceresyncBATCHTASK/',
    `${agentPath}/Force%52esyncBatchTask`,
    `${agentPath}/%2546orceResyncBatchTask`,
    '/api/v1/Agents//ErpSync/ForceResyncBatchTask',
    `${agentPath}/ForceResyncBatchTask;x=1`,
    `${agentPath}/ForceResyncBatchTask.`,
    `${agentPath}%2fForceResyncBatchTask`,
    `${agentPath}/ForceResyncBatchTask?$select=x`,
  ];
  test.each(paths)('when its path is %s and there are no keys then nothing is sent', async (given) => {
    const { finished, requests } = await api([given, '-F', 'ErpConnectionId=124', '--yes']);
    expectRefusal(finished, 2, ['InternalKeyIds is missing', '--all']);
    expect(requests).toEqual([]);
  });

  const bodies: readonly (readonly [string, string])[] = [
    ['empty keys', '{"ErpConnectionId":124,"InternalKeyIds":[]}'],
    ['null for keys', '{"ErpConnectionId":124,"InternalKeyIds":null}'],
    ['no keys', '{"ErpConnectionId":124}'],
    ['nothing', ''],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['a list', '[1]'],
    ['half a body', '{"ErpConnectionId":124,"InternalKeyIds":[1'],
    ['keys twice', '{"ErpConnectionId":124,"InternalKeyIds":[1],"InternalKeyIds":[]}'],
    ['keys twice, escaped', '{"ErpConnectionId":124,"InternalKeyIds":[1],"\\u0049nternalKeyIds":[]}'],
    ['keys that differ in case', '{"ErpConnectionId":124,"InternalKeyIds":[1],"internalKeyIds":[]}'],
    ['a key that is text', '{"ErpConnectionId":124,"InternalKeyIds":["1"]}'],
    ['a source that is text', '{"ErpConnectionId":"124","InternalKeyIds":[1]}'],
    ['an unknown property', '{"ErpConnectionId":124,"InternalKeyIds":[1],"Ids":[2]}'],
    ['no source', '{"InternalKeyIds":[1]}'],
    ['a form', 'ErpConnectionId=124&InternalKeyIds=1'],
    ['XML', '<x><InternalKeyIds><int>1</int></InternalKeyIds></x>'],
  ];
  test.each(bodies)('when its body is %s then nothing is sent', async (_, body) => {
    const { finished, requests } = await api(
      [`${agentPath}/ForceResync`, '-X', 'POST', '--input', '-', '--yes'],
      noContent,
      {
        input: body,
      },
    );
    expectRefusal(finished, 2, []);
    expect(requests).toEqual([]);
  });

  const some = ['-F', 'ErpConnectionId=124', '-F', 'InternalKeyIds=[1]'];
  test.each<[string, string[]]>([
    ['by PUT', [`${agentPath}/ForceResync`, '-X', 'PUT', ...some]],
    ['by DELETE', [`${agentPath}/ForceResync`, '-X', 'DELETE', '-y', ...some]],
    [
      'as a form',
      [`${agentPath}/ForceResync`, '-H', 'Content-Type: application/x-www-form-urlencoded', ...some],
    ],
    [
      'as UTF-16',
      [`${agentPath}/ForceResync`, '-H', 'content-type: application/json; charset=utf-16', ...some],
    ],
    ['of an operation that is not known', [`${agentPath}/ForceResyncEverything`, ...some]],
    ['over SOAP', ['/Remote/Services88/ErpSync.svc', '-f', 'x=y']],
    ['in a batch', ['/api/v1/$batch', '-f', 'x=y']],
    ['with --all beside keys', [`${agentPath}/ForceResync`, '--all', '-y', ...some]],
    [
      'with --all unconfirmed',
      [`${agentPath}/ForceResync`, '--all', '-F', 'ErpConnectionId=0', '-F', 'InternalKeyIds=[]'],
    ],
    ['with --all elsewhere', ['/x', '--all', '-y', '-F', 'a=1']],
  ])('when it is sent %s then nothing is sent', async (_, args) => {
    const { finished, requests } = await api(args);
    expectRefusal(finished, 2, []);
    expect(requests).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ['its keys are there', some, '{"ErpConnectionId":124,"InternalKeyIds":[1]}'],
    [
      'every record is confirmed',
      ['--all', '-y', '-F', 'ErpConnectionId=0', '-F', 'InternalKeyIds=[]'],
      '{"ErpConnectionId":0,"InternalKeyIds":[]}',
    ],
  ])('when %s then it is sent', async (_, args, body) => {
    const { finished, requests } = await api([`${agentPath}/ForceResyncBatchTask`, ...args]);
    expect(finished.exitCode).toBe(0);
    expect(requests.map(parts)).toMatchObject([{ body }]);
  });

  test('when its description is asked for then no guard stands in the way', async () => {
    const { finished, requests } = await api([`${agentPath}/ForceResync`], jsonAnswer(200, {}));
    expect([finished.exitCode, requests.length]).toEqual([0, 1]);
  });
});

describe('what removes, and what is not given here', () => {
  test.each<[string, string[], string]>([
    ['DELETE', ['/x', '-X', 'delete'], 'DELETE removes data'],
    [
      'an operation that removes',
      [`${agentPath}/deleteconnection`, '-F', 'ErpConnectionId=1'],
      'DeleteConnection removes data',
    ],
    [
      'one with its id in the query',
      [`${agentPath}/DeleteErpSyncConnectorEntity?erpSyncConnectorEntityId=1`, '-X', 'POST'],
      'removes data',
    ],
    [
      'one of the Batch agent',
      ['/api/v1/Agents/Batch/DeleteBatchTasks', '-F', 'BatchTaskIds=[1]'],
      'DeleteBatchTasks removes data',
    ],
    [
      'a mask for a password',
      [`${agentPath}/SaveConnection`, '-F', 'Connection={"ConfigFields":{"P":"********"}}', '-y'],
      'P cannot be used: it is a mask and no password',
    ],
    [
      'a mask for a first default',
      [`${agentPath}/SaveDefaultValueInfo`, '-F', 'ErpSyncDefaultValue={"FirstSyncDefaultValue":"********"}'],
      'FirstSyncDefaultValue cannot be used: it is a mask and no password',
    ],
    [
      'default values as XML',
      [`${agentPath}/GetDefaultValueInfo`, '-F', 'ErpFieldId=1', '-H', 'Accept: application/xml'],
      'may hold passwords',
    ],
    [
      'Authorization',
      ['/x', '-H', 'authorization: Basic eA=='],
      'authorization cannot be used: login and connection set this header',
    ],
    ['Cookie', ['/x', '-H', 'Cookie: a=b'], 'Cookie cannot be used: login and connection set this header'],
    [
      'SO-AppToken',
      ['/x', '-H', 'SO-AppToken: a'],
      'SO-AppToken cannot be used: login and connection set this header',
    ],
    [
      'a method in a header',
      ['/x', '-H', 'X-HTTP-Method-Override: DELETE', '-f', 'a=b'],
      'X-HTTP-Method-Override',
    ],
    ['a header of the connection', ['/x', '-H', 'Transfer-Encoding: chunked'], 'Transfer-Encoding'],
    ['a header twice', ['/x', '-H', 'A: 1', '-H', 'a: 2'], 'the header a is given twice'],
    ['a header with a line end', ['/x', '-H', 'A: 1\r\nB: 2'], 'not plain ASCII'],
    [
      'a member twice',
      ['/x', '-F', 'a=1', '-f', 'A=2'],
      'the member A cannot be used: it differs from a only in case',
    ],
    ['a body twice', ['/x', '-F', 'a=1', '--input', 'f'], 'exclude each other'],
    ['a body for GET', ['/x', '-X', 'GET', '--input', 'f'], 'GET has no body'],
    ['an odd method', ['/x', '-X', 'TRACE'], 'TRACE'],
    ['a number with too many digits', ['/x', '-F', 'a=12345678901234567890'], 'too many digits'],
    [
      'passwords as XML',
      [`${agentPath}/GetConnection`, '-F', 'ErpConnectionId=1', '-H', 'Accept: application/xml'],
      'may hold passwords',
    ],
  ])('when it is %s then nothing is sent', async (_, args, word) => {
    const { finished, requests } = await api(args);
    expectRefusal(finished, 2, [word]);
    expect(requests).toEqual([]);
  });
});
