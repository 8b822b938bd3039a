/** Raw requests: what travels, what comes back, and with which exit code. */
import { describe, expect, test } from 'vitest';
import { api, parts } from '../support/api-runner.ts';
import { agentPath } from '../support/call-runner.ts';
import { documentOf } from '../support/expectations.ts';
import { answer, jsonAnswer, noContent } from '../support/wire-server.ts';

describe('the request', () => {
  test.each<[string, string[], string, string]>([
    ['a path', ['/api/v1/User/currentPrincipal'], 'GET /crm/api/v1/User/currentPrincipal', ''],
    ['a path without a slash', ['api'], 'GET /crm/api', ''],
    [
      'a query',
      ["/api/v1/Contact?$filter=name eq 'Ås'&$top=1"],
      "GET /crm/api/v1/Contact?$filter=name%20eq%20'%C3%85s'&$top=1",
      '',
    ],
    [
      'typed members',
      [
        '/x',
        '-F',
        'a=1',
        '-F',
        'b=-1.5',
        '-F',
        'c=true',
        '-F',
        'd=null',
        '-F',
        'e=x=y',
        '-F',
        'f=[1]',
        '-F',
        'g=007',
      ],
      'POST /crm/x',
      '{"a":1,"b":-1.5,"c":true,"d":null,"e":"x=y","f":[1],"g":"007"}',
    ],
    ['texts', ['/x', '-f', 'a=1', '-f', 'b=@c', '-f', 'd='], 'POST /crm/x', '{"a":"1","b":"@c","d":""}'],
    ['a file as a member', ['/x', '-F', 'a=@note.txt'], 'POST /crm/x', '{"a":"one\\ntwo"}'],
    ['a whole body', ['/x', '--input', 'body.json'], 'POST /crm/x', '{"as": "it is"}'],
    [
      'members of a GET',
      ['/x?y=1', '-X', 'get', '-F', 'a=1', '-f', 'b=c&d'],
      'GET /crm/x?y=1&a=1&b=c%26d',
      '',
    ],
    ['another method', ['/x', '-X', 'PUT', '-F', 'a=1'], 'PUT /crm/x', '{"a":1}'],
    ['a deletion', ['/x', '-X', 'DELETE', '--yes'], 'DELETE /crm/x', ''],
  ])('when it is %s then this travels', async (_, args, line, body) => {
    const files = { 'note.txt': 'one\ntwo', 'body.json': '{"as": "it is"}' };
    const { finished, requests } = await api(args, noContent, { files });
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(requests.map(parts)).toMatchObject([{ line, body }]);
  });

  test('when the body comes by standard input then it travels as it is', async () => {
    const { requests } = await api(['/x', '-X', 'PATCH', '--input', '-'], noContent, { input: '[1, 2]' });
    expect(requests.map(parts)).toMatchObject([{ line: 'PATCH /crm/x', body: '[1, 2]' }]);
  });

  test('when it leaves then it has the credential and the headers that were given', async () => {
    const { requests } = await api(['/x', '-H', 'accept: text/plain', '-H', 'If-Match: "1"'], noContent, {
      auth: ['--auth', 'bearer'],
      env: { ERPSYNC_TOKEN: '8A:secret' },
    });
    const { head } = parts(requests[0]);
    expect(head).toMatch(/^authorization: Bearer 8A:secret$/im);
    expect(head).toMatch(/^if-match: "1"$/im);
    expect(head.match(/^accept: .*$/gim)).toEqual(['accept: text/plain']);
    expect(head).toMatch(/^user-agent: erpsync\//im);
  });
});

describe('the answer', () => {
  test.each<[number, number]>([
    [200, 0],
    [204, 0],
    [301, 7],
    [400, 6],
    [401, 4],
    [403, 5],
    [404, 6],
    [409, 6],
    [429, 9],
    [500, 6],
    [502, 6],
    [503, 9],
  ])(
    'when it is HTTP %d then the exit code is %d, and the body is printed as it came',
    async (status, exitCode) => {
      const body = status === 204 ? '' : 'said é\u001b[31m';
      const headers = { Location: 'https://evil.example/' };
      const { finished, requests } = await api(['/x', '--retries', '0'], answer(status, body, headers));
      expect(finished).toMatchObject({ exitCode, stdout: body });
      expect(finished.stderr).toMatch(exitCode === 0 ? /^$/ : new RegExp(`^erpsync: .*HTTP ${status}.*\n$`));
      expect(requests).toHaveLength(1);
    },
  );

  test('when it is JSON then a script gets status, headers and body in one document', async () => {
    const reaction = jsonAnswer(404, { Error: true, ErrorMessage: 'no' }, { 'Set-Cookie': 'session=1' });
    const { finished } = await api(['/x', '-o', 'json'], reaction);
    expect(documentOf(finished)).toMatchObject({
      schemaVersion: 1,
      command: 'api',
      status: 404,
      headers: { 'content-type': 'application/json; charset=utf-8', 'set-cookie': '********' },
      body: { Error: true, ErrorMessage: 'no' },
      exitCode: 6,
      error: { code: 'rejected', httpStatus: 404 },
    });
  });

  test('when it is no text then the JSON form has it in base 64', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const { finished } = await api(
      ['/x', '-o', 'json'],
      (socket) => void socket.write(Buffer.concat([Buffer.from(head), bytes])),
    );
    expect(documentOf(finished)).toMatchObject({ body: null, bodyBase64: bytes.toString('base64') });
  });

  test('when --include is given then status and headers come first', async () => {
    const { finished } = await api(['/x', '-i'], answer(200, 'body', { 'X-A': 'b' }));
    expect(finished.stdout).toBe('HTTP 200\nx-a: b\ncontent-length: 4\n\nbody');
  });

  test('when an error object comes with 200 then the exit code is 6', async () => {
    const { finished } = await api(['/x'], jsonAnswer(200, { Error: true, ErrorMessage: 'No such thing' }));
    expect(finished).toMatchObject({
      exitCode: 6,
      stderr:
        'erpsync: the server refuses the request: No such thing; correct it, and run the same command again\n',
    });
  });

  const fields = [`${agentPath.toLowerCase()}/geterpconnectionconfigfields`, '-F', 'ErpConnectionId=1'];
  const secret = JSON.stringify({ Password: 'geheim' });
  test.each<[string, string[], string, unknown]>([
    [
      'anywhere in JSON',
      ['/x'],
      '{"a":[{"configFields":{"P":"geheim"}}]}',
      { a: [{ configFields: { P: '********' } }] },
    ],
    ['the whole answer', fields, secret, { Password: '********' }],
    ['asked for', [...fields, '--show-secrets'], secret, { Password: 'geheim' }],
    ['not found, since it is XML', fields, '<P>geheim</P>', ''],
  ])(
    'when configuration fields are %s then they are shown as they should be',
    async (_, args, body, shown) => {
      const { finished } = await api(args, answer(200, body));
      expect(finished.exitCode).toBe(0);
      expect(finished.stdout === '' ? '' : JSON.parse(finished.stdout)).toEqual(shown);
    },
  );

  test.each<[string, string[], number, number]>([
    ['a read', ['/x'], 7, 2],
    ['a write', ['/x', '-f', 'a=b'], 11, 1],
  ])('when it is lost then %s ends so', async (_, args, exitCode, times) => {
    const { finished, requests } = await api([...args, '--retries', '1'], (socket) => socket.destroy());
    expect(finished.exitCode).toBe(exitCode);
    expect(requests).toHaveLength(times);
  });
});

test('when a write is only planned then the request is shown and nothing is sent', async () => {
  const args = [`${agentPath}/DeleteConnection`, '-F', 'ErpConnectionId=1', '--dry-run', '-o', 'json'];
  const { finished, requests, url } = await api(args);
  expect(documentOf(finished)).toEqual({
    schemaVersion: 1,
    command: 'api',
    status: 'dry-run',
    method: 'POST',
    url: `${url}${agentPath}/DeleteConnection`,
    body: { ErpConnectionId: 1 },
  });
  expect(requests).toEqual([]);
});
