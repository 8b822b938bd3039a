import { describe, expect, test } from 'vitest';
import { admin, open, rawOperation, startedTasks } from './sandbox-fixture.ts';

const sampleBody = `{
  "ErpConnectionId": 124,
  "InternalKeyIds": [
    100,
    959
  ]
}`;
const sampleRequest = `POST /api/v1/Agents/ErpSync/ForceResyncBatchTask
Authorization: Basic dGplMDpUamUw
Accept: application/json; charset=utf-8
Accept-Language: en
Content-Type: application/json; charset=utf-8`;

describe('the documented sample request', () => {
  const onTheWire = `${sampleRequest.replace('Task\n', 'Task HTTP/1.1\n').replaceAll('\n', '\r\n')}\r\nHost: sandbox\r\nConnection: close\r\nContent-Length: ${sampleBody.length}\r\n\r\n${sampleBody}`;

  test('when it arrives word for word then 204 without a body answers it', async () => {
    const sandbox = await open();
    const { text } = await sandbox.raw(onTheWire);
    expect(text).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });

  test('when it arrives then a batch task of the caller names source and keys', async () => {
    const sandbox = await open();
    await sandbox.raw(onTheWire);
    expect(await startedTasks(sandbox)).toMatchObject([
      {
        Id: 71,
        Name: 'ErpForceResyncBatchPlugin',
        AssociateId: 5,
        Request: 'Force resync from ERP connection 124 "Visma Net", 2 keys',
      },
    ]);
  });

  test('when it carries the documented $select then it works all the same', async () => {
    const sandbox = await open();
    const { text } = await sandbox.raw(
      onTheWire.replace('Task HTTP', 'Task?$select=name,department,category/id HTTP'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 204 /);
  });
});

describe('paths and methods', () => {
  test('when /api is asked without a login then it tells where v1 is and which services there are', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/api');
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      v1: `${sandbox.url}/api/v1`,
      NetServerVersion: expect.any(String),
      Services: 'Services87',
      ServicesCurrent: 'Services88',
    });
  });

  test('when the current principal is asked then it is the caller, as JSON in UTF-8', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/api/v1/User/currentPrincipal', { headers: { Authorization: admin } });
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.json).toMatchObject({
      UserType: 'InternalAssociate',
      Associate: 'tje0',
      AssociateId: 5,
      RoleType: 'Employee',
      DatabaseContextIdentifier: 'Default',
    });
  });

  test('when a path is written in another case then it leads to the same operation', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('eRPSYNC/getCONNECTION', { ErpConnectionId: 124 });
    expect(reply.json).toMatchObject({ DisplayName: 'Visma Net' });
  });

  test('when an agent URL is fetched with GET then it is described and not invoked', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/api/v1/Agents/ErpSync/ForceResyncBatchTask', {
      headers: { Authorization: admin },
    });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ Operation: 'ForceResyncBatchTask' });
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    'when the method is %s then 405 names the allowed ones',
    async (method) => {
      const sandbox = await open();
      const reply = await sandbox.send('/api/v1/Agents/ErpSync/GetConnection', { method });
      expect(reply.status).toBe(405);
      expect(reply.headers.get('allow')).toBe('GET, POST');
    },
  );

  test.each(['/', '/api/v2', '/api/v1/Agents/ErpSync/NoSuchOperation', '/api/v1/Agents/Batch/GetConnection'])(
    'when the path is %s then 404 comes with an error object',
    async (path) => {
      const sandbox = await open();
      const reply = await sandbox.send(path, { headers: { Authorization: admin } });
      expect(reply.status).toBe(404);
      expect(reply.json).toEqual({
        Error: true,
        ErrorType: 'SoNotFoundException',
        ErrorMessage: expect.stringContaining(path),
        ErrorSource: expect.any(String),
      });
    },
  );

  test('when two requests come over one connection then both are answered', async () => {
    const sandbox = await open();
    const one = rawOperation('ErpSync/GetEngineStatus', {});
    const { text } = await sandbox.raw(one.replace('Connection: close\r\n', '') + one);
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});
