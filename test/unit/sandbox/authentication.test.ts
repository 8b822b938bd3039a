import { describe, expect, test } from 'vitest';
import { createAuthentication } from '../../../src/sandbox/authentication.ts';
import { credentialsFor } from '../../../src/sandbox/credentials.ts';
import { administrator } from '../../../src/sandbox/users.ts';
import { admin, open, reader } from './sandbox-fixture.ts';

const ticket = 'SOTicket 7T:1234abcxyzExample==';
const hour = 60 * 60 * 1000;
const status = 'ErpSync/GetEngineStatus';

describe('credentials that are accepted', () => {
  test.each([
    admin,
    ticket,
    'soticket 7T:1234abcxyzExample==',
    'SoTicket 7T:1234abcxyzExample==',
    'Bearer 8A:Cust00000.sandbox-token',
    'basic dGplMDpUamUw',
  ])('when the authorization is "%s" then the request is answered', async (Authorization) => {
    const sandbox = await open();
    expect((await sandbox.call(status, null, { Authorization })).status).toBe(200);
  });

  test('when the right application token comes along then the request is answered', async () => {
    const sandbox = await open();
    expect((await sandbox.call(status, null, { 'SO-AppToken': '1234567-1234-9876' })).status).toBe(200);
  });

  test('when a password holds colons and letters beyond ASCII then Basic carries it as UTF-8', () => {
    const user = administrator('tje0', 'p:ä:ß');
    const check = createAuthentication(credentialsFor('localhost'), [user], () => 0);
    const header = `Basic ${Buffer.from('tje0:p:ä:ß', 'utf8').toString('base64')}`;
    expect(check.byHeaders(header, undefined)).toEqual({ kind: 'user', user });
  });
});

describe('credentials that are refused', () => {
  test.each([
    ['a wrong password', `Basic ${Buffer.from('tje0:tje0').toString('base64')}`],
    ['an unknown user', `Basic ${Buffer.from('nobody:Tje0').toString('base64')}`],
    ['Basic without a colon', `Basic ${Buffer.from('tje0').toString('base64')}`],
    ['Basic that is not base64', 'Basic !!dGplMDpUamUw'],
    ['an unknown ticket', 'SOTicket 7T:another=='],
    ['a ticket in base64', `SOTicket ${Buffer.from('7T:1234abcxyzExample==').toString('base64')}`],
    ['an unknown access token', 'Bearer 8A:Cust00000.another'],
    ['a ticket as access token', 'Bearer 7T:1234abcxyzExample=='],
    ['an unknown scheme', 'Digest dGplMDpUamUw'],
  ])('when the authorization is %s then 401 comes with an error object', async (_what, Authorization) => {
    const sandbox = await open();
    const reply = await sandbox.call(status, null, { Authorization });
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({ Error: true, ErrorMessage: expect.any(String) });
  });

  test('when there is no authorization then 401 answers', async () => {
    const sandbox = await open();
    expect((await sandbox.send('/api/v1/User/currentPrincipal')).status).toBe(401);
  });

  test('when the application token is wrong then 401 answers although the login is right', async () => {
    const sandbox = await open();
    expect((await sandbox.call(status, null, { 'SO-AppToken': 'wrong' })).status).toBe(401);
  });

  test('when the application token is empty then 401 answers', async () => {
    const sandbox = await open();
    expect((await sandbox.call(status, null, { 'SO-AppToken': '' })).status).toBe(401);
  });

  test('when a login is refused then no work is done', async () => {
    const sandbox = await open();
    const body = { ErpConnectionId: 124, InternalKeyIds: [100] };
    await sandbox.call('ErpSync/ForceResyncBatchTask', body, { Authorization: 'Bearer wrong' });
    expect((await sandbox.call('Batch/GetBatchTaskInfo', { Id: 71 })).json).toBeNull();
  });
});

describe('SuperOffice Online', () => {
  test('when a request comes without the application token then 401 says that it is missing', async () => {
    const sandbox = await open({ online: true });
    const reply = await sandbox.call(status);
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({ ErrorMessage: 'The application token is missing.' });
  });

  test('when the right one comes along then the request is answered, a wrong one is refused', async () => {
    const sandbox = await open({ online: true });
    const { appToken } = sandbox.credentials;
    expect((await sandbox.call(status, null, { 'SO-AppToken': appToken })).status).toBe(200);
    expect((await sandbox.call(status, null, { 'SO-AppToken': 'wrong' })).status).toBe(401);
  });

  test('when /api is asked then it needs no token, since it needs no login', async () => {
    const sandbox = await open({ online: true });
    expect((await sandbox.send('/api')).status).toBe(200);
  });
});

describe('tickets', () => {
  test('when a ticket was unused for 6 hours then it has expired', async () => {
    const sandbox = await open();
    sandbox.advance(6 * hour);
    expect((await sandbox.call(status, null, { Authorization: ticket })).status).toBe(401);
  });

  test('when a ticket is used then it lives for another 6 hours', async () => {
    const sandbox = await open();
    for (let use = 0; use < 3; use++) {
      sandbox.advance(6 * hour - 1);
      expect((await sandbox.call(status, null, { Authorization: ticket })).status).toBe(200);
    }
  });

  test('when an expired ticket is used then that does not renew it', async () => {
    const sandbox = await open();
    sandbox.advance(6 * hour);
    await sandbox.call(status, null, { Authorization: ticket });
    expect((await sandbox.call(status, null, { Authorization: ticket })).status).toBe(401);
  });

  test('when a ticket expires then the password still works', async () => {
    const sandbox = await open();
    sandbox.advance(7 * hour);
    expect((await sandbox.call(status)).status).toBe(200);
  });
});

describe('rights', () => {
  test('when a user without the right calls the ErpSync agent then 403 comes with an error object', async () => {
    const sandbox = await open();
    const reply = await sandbox.call(status, null, { Authorization: reader });
    expect(reply.status).toBe(403);
    expect(reply.json).toMatchObject({ Error: true, ErrorMessage: expect.stringContaining('ErpSync') });
  });

  test('when that user calls the Batch agent then it answers', async () => {
    const sandbox = await open();
    const reply = await sandbox.call('Batch/GetBatchTaskInfo', { Id: 70 }, { Authorization: reader });
    expect(reply.json).toMatchObject({ Id: 70, AssociateId: 6 });
  });

  test('when that user asks who it is then the principal is its own', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/api/v1/User/currentPrincipal', { headers: { Authorization: reader } });
    expect(reply.json).toMatchObject({ Associate: 'reader', AssociateId: 6, FunctionRights: [] });
  });
});

describe('hosts', () => {
  test.each(['127.0.0.1', '127.9.8.7', '::1', 'localhost', 'LOCALHOST'])(
    'when the host is %s then the credentials are the documented ones',
    (host) => {
      expect(credentialsFor(host)).toEqual({
        username: 'tje0',
        password: 'Tje0',
        ticket: '7T:1234abcxyzExample==',
        token: '8A:Cust00000.sandbox-token',
        appToken: '1234567-1234-9876',
        clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
        systemUserToken: 'erpsync sandbox-Ab3dEf9hIj',
        privateKey: expect.stringMatching(
          /^-----BEGIN PRIVATE KEY-----\n[\w+/=\n]+-----END PRIVATE KEY-----\n$/,
        ),
      });
    },
  );

  test.each(['0.0.0.0', '::', '192.0.2.1', '127.example.com', 'localhost.example.com', ''])(
    'when the host is "%s" then every credential is random',
    (host) => {
      const known = Object.values(credentialsFor('localhost'));
      const first = Object.values(credentialsFor(host));
      const second = Object.values(credentialsFor(host));
      expect(first.filter((value) => known.includes(value) || second.includes(value))).toEqual([]);
    },
  );

  test('when it listens on every address then the documented logins are refused and its own one works', async () => {
    const sandbox = await open({ host: '0.0.0.0' });
    const { username, password } = sandbox.credentials;
    const own = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const statuses = [admin, ticket, reader, own].map(async (Authorization) => {
      return (await sandbox.call(status, null, { Authorization })).status;
    });
    expect(await Promise.all(statuses)).toEqual([401, 401, 401, 200]);
  });

  test('when it listens on ::1 then the URL has brackets', async () => {
    const sandbox = await open({ host: '::1' });
    expect(sandbox.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await sandbox.send('/api')).status).toBe(200);
  });
});
