import { describe, expect, test } from 'vitest';
import { admin, open, startedTasks } from './sandbox-fixture.ts';

const resync = 'ErpSync/ForceResyncBatchTask';

describe('bodies that a real server might read as "all"', () => {
  test.each<[string, unknown, string]>([
    ['the key list is missing', { ErpConnectionId: 124 }, 'InternalKeyIds: is missing'],
    ['the source is missing', { InternalKeyIds: [100] }, 'ErpConnectionId: is missing'],
    ['the key list is null', { ErpConnectionId: 124, InternalKeyIds: null }, 'InternalKeyIds: null'],
    ['a key is null', { ErpConnectionId: 124, InternalKeyIds: [100, null] }, 'InternalKeyIds[1]'],
    ['a key is text', { ErpConnectionId: 124, InternalKeyIds: ['100'] }, 'InternalKeyIds[0]'],
    ['a key is a fraction', { ErpConnectionId: 124, InternalKeyIds: [1.5] }, 'InternalKeyIds[0]'],
    ['a key is beyond 32 bits', { ErpConnectionId: 124, InternalKeyIds: [2 ** 31] }, 'InternalKeyIds[0]'],
    ['the key list is one number', { ErpConnectionId: 124, InternalKeyIds: 100 }, 'InternalKeyIds'],
    ['a property is unknown', { ErpConnectionId: 124, InternalKeyIds: [100], Ids: [] }, 'Ids'],
    ['the body is an array', [124, [100]], 'object'],
    ['the body is null', null, 'object'],
    ['the body is empty', '', 'not JSON'],
    ['the body is no JSON', '{"ErpConnectionId":124,', 'not JSON'],
    ['the body is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'not UTF-8'],
    [
      'a property stands there twice',
      '{"ErpConnectionId":124,"InternalKeyIds":[100],"InternalKeyIds":[]}',
      'twice',
    ],
    [
      'a property stands there twice, once escaped and far from its colon',
      `{"ErpConnectionId":124,"InternalKeyIds":[100],"Internal\\u004beyIds"${' '.repeat(100)}:[]}`,
      'twice',
    ],
    [
      'a property stands there twice in two cases',
      { ErpConnectionId: 124, InternalKeyIds: [100], internalKeyIds: [] },
      'only in case',
    ],
    ['the body nests without end', '['.repeat(1_000_000) + ']'.repeat(1_000_000), 'nests deeper'],
  ])('when %s then 400 names the problem and nothing is done', async (_when, body, problem) => {
    const sandbox = await open();
    const reply = await sandbox.call(resync, body);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual({
      Message: 'The request is invalid.',
      MessageDetail: expect.stringContaining(problem),
    });
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when external keys contain null then 400 refuses them', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: [null] };
    expect((await sandbox.call('ErpSync/ForceResyncExternal', body)).status).toBe(400);
  });

  test('when an enum has no such name then 400 refuses it', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 124, ErpActorType: 'Kunde', ExternalKeys: ['C-10012'] };
    expect((await sandbox.call('ErpSync/ForceResyncExternal', body)).status).toBe(400);
  });

  test('when the key list is explicitly empty then it means every record of the source', async () => {
    const sandbox = await open();
    await sandbox.call(resync, { ErpConnectionId: 124, InternalKeyIds: [] });
    sandbox.advance(1500);
    expect(await startedTasks(sandbox)).toMatchObject([
      {
        Request: 'Force resync from ERP connection 124 "Visma Net", all records',
        Response: '6 records resynced',
      },
    ]);
  });
});

describe('bodies that are fine', () => {
  test('when property names come in camel case then they bind', async () => {
    const sandbox = await open();
    expect((await sandbox.call(resync, { erpConnectionId: 124, internalKeyIds: [100] })).status).toBe(204);
  });

  test('when the body begins with a byte order mark then it is read', async () => {
    const sandbox = await open();
    const body = Buffer.from('\ufeff{"ErpConnectionId":124,"InternalKeyIds":[100]}');
    expect((await sandbox.call(resync, body)).status).toBe(204);
  });

  test('when texts look like properties then nothing counts as twice', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: ['a', 'a', '"a":', '\\'] };
    expect((await sandbox.call('ErpSync/ForceResyncExternal', body)).status).toBe(200);
  });

  test.each([
    'application/json',
    'text/json',
    'Application/JSON; Charset="UTF-8"',
    'application/json-patch+json',
    'application/merge-patch+json;charset=utf8',
  ])('when the content type is %s then the body is read', async (type) => {
    const sandbox = await open();
    const body = { ErpConnectionId: 124, InternalKeyIds: [100] };
    expect((await sandbox.call(resync, body, { 'Content-Type': type })).status).toBe(204);
  });

  test.each(['', 'null', '{}'])(
    'when an operation without parameters gets the body "%s" then it answers',
    async (body) => {
      const sandbox = await open();
      expect((await sandbox.call('ErpSync/GetEngineStatus', body)).status).toBe(200);
    },
  );
});

describe('what else is refused', () => {
  test.each(['text/plain', 'application/xml', 'application/json; charset=iso-8859-1', 'application/jsonp'])(
    'when the content type is %s then 415 refuses it',
    async (type) => {
      const sandbox = await open();
      const body = { ErpConnectionId: 124, InternalKeyIds: [100] };
      expect((await sandbox.call(resync, body, { 'Content-Type': type })).status).toBe(415);
    },
  );

  test('when there is no content type then 415 refuses it', async () => {
    const sandbox = await open();
    const reply = await sandbox.send(`/api/v1/Agents/${resync}`, {
      method: 'POST',
      headers: { Authorization: admin },
      body: new Uint8Array(Buffer.from('{"ErpConnectionId":124,"InternalKeyIds":[]}')),
    });
    expect(reply.status).toBe(415);
  });

  test('when the body is compressed then 415 refuses it', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 124, InternalKeyIds: [100] };
    expect((await sandbox.call(resync, body, { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  test('when the body announces more than 64 MiB then 413 answers before it is sent', async () => {
    const sandbox = await open();
    const head = [
      `POST /api/v1/Agents/${resync} HTTP/1.1`,
      'Host: sandbox',
      `Authorization: ${admin}`,
      'Content-Type: application/json',
      `Content-Length: ${64 * 1024 * 1024 + 1}`,
      'Connection: close',
    ];
    const { text } = await sandbox.raw(`${head.join('\r\n')}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('when a body without announced length grows beyond 64 MiB then 413 answers', async () => {
    const sandbox = await open();
    const body = new ReadableStream({
      start(controller) {
        for (let megabytes = 0; megabytes < 65; megabytes++)
          controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
        controller.close();
      },
    });
    const reply = await sandbox.send(`/api/v1/Agents/${resync}`, {
      method: 'POST',
      headers: { Authorization: admin, 'Content-Type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(reply.status).toBe(413);
  });

  test('when an operation without parameters gets a body then 400 refuses it', async () => {
    const sandbox = await open();
    expect((await sandbox.call('ErpSync/GetEngineStatus', { Run: true })).status).toBe(400);
  });

  test.each([
    `${resync}?ErpConnectionId=0`,
    `${resync}?$select=a&$SELECT=b`,
    'ErpSync/CreateDefaultErpSyncConnectorEntity?$select=URL',
    'ErpSync/GetErpSyncConnectorEntity',
    'ErpSync/GetErpSyncConnectorEntity?erpSyncConnectorEntityId=seventeen',
  ])('when the query is that of %s then 400 refuses it', async (path) => {
    const sandbox = await open();
    const body = path.startsWith(resync) ? { ErpConnectionId: 124, InternalKeyIds: [100] } : '';
    expect((await sandbox.call(path, body)).status).toBe(400);
  });
});
