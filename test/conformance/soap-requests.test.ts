/** The bytes of SOAP requests, as they arrive at a socket. */

import { describe, expect, onTestFinished, test } from 'vitest';
import type { ArgumentsOf, OperationName } from '../../src/agent/contract.ts';
import { ErpsyncError } from '../../src/errors.ts';
import { httpConnections } from '../../src/transport/http.ts';
import { type SoapOptions, soapTransport } from '../../src/transport/soap.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { noContent, type WireServer, wireServer } from '../support/wire-server.ts';

const ticket = '7T:abc==';
const applicationToken = 'a"<&>b';

function transportTo(server: WireServer, options: Partial<SoapOptions> = {}): Transport {
  const transport = soapTransport({
    connections: httpConnections({ baseUrl: `${server.url}/Cust12345`, timeoutMs: 10_000 }),
    credentials: { soapLogin: () => Promise.resolve({ ticket, applicationToken }) },
    userAgent: 'erpsync/test',
    language: 'en',
    timeZone: undefined,
    services: 88,
    soapVersion: '1.1',
    ...options,
  });
  onTestFinished(() => transport.close());
  return transport;
}

/** The head and the body of the one request that a call makes. */
async function sent<N extends OperationName>(
  name: N,
  given: ArgumentsOf<N>,
  options: Partial<SoapOptions> = {},
): Promise<{ head: string; body: string }> {
  const server = await wireServer(() => noContent);
  await transportTo(server, options).call(name, given);
  expect(server.requests).toHaveLength(1);
  const [head = '', body = ''] = Buffer.from(server.requests[0] ?? '', 'latin1')
    .toString()
    .split('\r\n\r\n');
  return { head: head.replace(server.url.slice('http://'.length), 'HOST'), body };
}

/** What stands in Body. */
function operationOf({ body }: { body: string }): string {
  return /<s:Body>(.*)<\/s:Body>/s.exec(body)?.[1] ?? '';
}

const resync = { ErpConnectionId: 124, InternalKeyIds: [100, 959] };
const anyTicket = {
  credentials: { soapLogin: () => Promise.resolve({ ticket, applicationToken: undefined }) },
};

describe('a whole request', () => {
  test('when it goes to Services86 then these are its bytes', async () => {
    const { head, body } = await sent('ForceResyncBatchTask', resync, { services: 86 });
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        'POST /Cust12345/Remote/Services86/ErpSync.svc HTTP/1.1',
        'Content-Type: text/xml; charset=utf-8',
        'SOAPAction: "http://www.superoffice.net/ws/crm/NetServer/Services86/ErpSync/ForceResyncBatchTask"',
        'Accept-Language: en',
        'User-Agent: erpsync/test',
        `content-length: ${Buffer.byteLength(body)}`,
      ]),
    );
    expect(body).toBe(
      '<?xml version="1.0" encoding="utf-8"?>' +
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
        ' xmlns:n="http://www.superoffice.net/ws/crm/NetServer/Services86"' +
        ' xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"' +
        ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">' +
        '<s:Header>' +
        '<n:ApplicationToken>a&quot;&lt;&amp;&gt;b</n:ApplicationToken>' +
        '<n:Credentials><n:Ticket>7T:abc==</n:Ticket></n:Credentials>' +
        '</s:Header>' +
        '<s:Body><n:ForceResyncBatchTask><n:ErpConnectionId>124</n:ErpConnectionId>' +
        '<n:InternalKeyIds><a:int>100</a:int><a:int>959</a:int></n:InternalKeyIds>' +
        '</n:ForceResyncBatchTask></s:Body></s:Envelope>',
    );
  });

  test('when it is SOAP 1.2 then the media type holds the action', async () => {
    const { head, body } = await sent('GetEngineStatus', {}, { soapVersion: '1.2', ...anyTicket });
    expect(head).toContain(
      'Content-Type: application/soap+xml; charset=utf-8; action="http://www.superoffice.net/ws/crm/NetServer/Services88/ErpSync/GetEngineStatus"',
    );
    expect(head).not.toMatch(/SOAPAction/i);
    expect(body).toContain('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"');
    expect(body).toContain('<s:Body><n:GetEngineStatus></n:GetEngineStatus></s:Body>');
    expect(body).not.toContain('ApplicationToken');
  });

  test.each([
    ['a number', '42', '<n:TimeZone><n:SoTimeZoneId>42</n:SoTimeZoneId></n:TimeZone>'],
    ['a name', 'NO', '<n:TimeZone><n:SoTimeZoneLocationCode>NO</n:SoTimeZoneLocationCode></n:TimeZone>'],
    [
      'a name with what REST alone takes',
      'NO, includeTZOffset',
      '<n:TimeZone><n:SoTimeZoneLocationCode>NO</n:SoTimeZoneLocationCode></n:TimeZone>',
    ],
  ])('when the time zone is %s then it has a header block', async (_, timeZone, block) => {
    const { body } = await sent('GetEngineStatus', {}, { timeZone });
    expect(body).toContain(`</n:Credentials>${block}</s:Header>`);
  });

  test('when it is a login then it carries neither ticket nor zone', async () => {
    const request = await sent(
      'AuthenticateUsernamePassword',
      { UserName: 'tje0', Password: 'p&ss\r\n' },
      { timeZone: '42' },
    );
    expect(request.head).toContain('POST /Cust12345/Remote/Services88/SoPrincipal.svc HTTP/1.1');
    expect(request.head).toContain('Services88/SoPrincipal/AuthenticateUsernamePassword"');
    expect(request.body).toContain(
      '<s:Header><n:ApplicationToken>a&quot;&lt;&amp;&gt;b</n:ApplicationToken></s:Header>',
    );
    expect(operationOf(request)).toBe(
      '<n:AuthenticateUsernamePassword><n:UserName>tje0</n:UserName><n:Password>p&amp;ss&#13;\n</n:Password></n:AuthenticateUsernamePassword>',
    );
  });

  test('when there is nothing to say of the caller then there is no Header', async () => {
    const soapLogin = () => Promise.resolve({ ticket: undefined, applicationToken: undefined });
    const { body } = await sent('GetEngineStatus', {}, { credentials: { soapLogin } });
    expect(body).not.toContain('s:Header');
  });
});

describe('the operation in a request', () => {
  test('when a connection is saved then its members stand in the order of the WSDL', async () => {
    const connection = {
      AssociateAccessIds: [],
      ConfigFields: { Url: 'https://erp/?a=1&b=2', Password: null },
      DisplayDescription: null,
      DisplayName: 'Ødegård <Co>',
      ErpConnectorId: 7,
      ErpConnectionId: 124,
      Active: true,
      ConnectionId: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
      MostRecentTimestamp: '',
      Deleted: false,
      AllAccess: false,
      UserGroupAccessIds: [1, 2],
    };
    expect(operationOf(await sent('SaveConnection', { Connection: connection }))).toBe(
      '<n:SaveConnection><n:Connection>' +
        '<n:ErpConnectionId>124</n:ErpConnectionId>' +
        '<n:ErpConnectorId>7</n:ErpConnectorId>' +
        '<n:DisplayName>Ødegård &lt;Co&gt;</n:DisplayName>' +
        '<n:DisplayDescription i:nil="true"/>' +
        '<n:Active>true</n:Active>' +
        '<n:ConnectionId>6f9619ff-8b86-d011-b42d-00c04fc964ff</n:ConnectionId>' +
        '<n:MostRecentTimestamp/>' +
        '<n:ConfigFields>' +
        '<n:StringKeyValuePair><n:Key>Url</n:Key><n:Value>https://erp/?a=1&amp;b=2</n:Value></n:StringKeyValuePair>' +
        '<n:StringKeyValuePair><n:Key>Password</n:Key><n:Value i:nil="true"/></n:StringKeyValuePair>' +
        '</n:ConfigFields>' +
        '<n:Deleted>false</n:Deleted>' +
        '<n:AllAccess>false</n:AllAccess>' +
        '<n:UserGroupAccessIds><a:int>1</a:int><a:int>2</a:int></n:UserGroupAccessIds>' +
        '<n:AssociateAccessIds/>' +
        '</n:Connection></n:SaveConnection>',
    );
  });

  test.each(['00:15:00', 'PT15M', 'PT900S'])(
    'when an interval is given as %s then it is xs:duration',
    async (Interval) => {
      expect(operationOf(await sent('ChangeEngineInterval', { Interval }))).toBe(
        '<n:ChangeEngineInterval><n:Interval>PT15M</n:Interval></n:ChangeEngineInterval>',
      );
    },
  );

  test('when an archive is asked for then its columns are texts', async () => {
    const asked = {
      ProviderName: 'Dynamic',
      Columns: 'erpexternalkey.ErpKey',
      SortOrder: 'erpexternalkey.erpexternalkey_id',
      Restrictions: 'erpexternalkey.ErpConnectionId = 124',
      Entities: null,
      Page: 0,
      PageSize: 1000,
    };
    const request = await sent('GetArchiveListByColumns2', asked, { services: 87 });
    expect(request.head).toContain('POST /Cust12345/Remote/Services87/Archive.svc HTTP/1.1');
    expect(operationOf(request)).toBe(
      '<n:GetArchiveListByColumns2><n:ProviderName>Dynamic</n:ProviderName>' +
        '<n:Columns>erpexternalkey.ErpKey</n:Columns>' +
        '<n:SortOrder>erpexternalkey.erpexternalkey_id</n:SortOrder>' +
        '<n:Restrictions>erpexternalkey.ErpConnectionId = 124</n:Restrictions>' +
        '<n:Entities i:nil="true"/><n:Page>0</n:Page><n:PageSize>1000</n:PageSize></n:GetArchiveListByColumns2>',
    );
  });

  test('when lists hold texts, enums or carriers then each has its own element name', async () => {
    const asked = {
      ProviderName: 'ErpSyncLog',
      Columns: ['id'],
      SortOrder: [{ Name: 'id', Direction: 'DESC' as const }],
      Restriction: [],
      Entities: null,
      Page: 0,
      PageSize: 10,
    };
    expect(operationOf(await sent('GetArchiveListByColumns', asked))).toContain(
      '<n:Columns><a:string>id</a:string></n:Columns>' +
        '<n:SortOrder><n:ArchiveOrderByInfo><n:Name>id</n:Name><n:Direction>DESC</n:Direction></n:ArchiveOrderByInfo></n:SortOrder>' +
        '<n:Restriction/><n:Entities i:nil="true"/>',
    );
  });

  test.each([
    [88 as const, '<n:FileName>x.txt</n:FileName>'],
    [87 as const, ''],
    [86 as const, ''],
  ])('when Services%s are asked then members that came later are left out', async (services, later) => {
    const task = { Id: 71, State: 'Failed' as const, FileName: 'x.txt' };
    expect(operationOf(await sent('UpdateBatchTask', { BatchTaskInfo: task }, { services }))).toBe(
      `<n:UpdateBatchTask><n:BatchTaskInfo><n:Id>71</n:Id><n:State>Failed</n:State>${later}</n:BatchTaskInfo></n:UpdateBatchTask>`,
    );
  });
});

describe('what is never sent', () => {
  test.each([86, 87] as const)('when Services%s lack an operation then it is unsent', async (services) => {
    const server = await wireServer(() => noContent);
    const transport = transportTo(server, { services });
    expect(await transport.call('GetAllConnections', { IncludeDeleted: false })).toMatchObject({
      kind: 'unsent',
      again: 'no',
      error: {
        code: 'usage',
        what: `GetAllConnections cannot be called over SOAP with --services ${services}`,
        why: `Services${services} has no such operation`,
        next: 'use --services 88 if the server has it, or --transport rest',
      },
    });
    expect(server.connections()).toBe(0);
  });

  test('when XML cannot carry a character then the call is rejected for what it holds', async () => {
    const server = await wireServer(() => noContent);
    const keys = { ErpConnectionId: 124, ErpActorType: 'Customer' as const, ExternalKeys: ['C1', 'C\u0001'] };
    expect(await transportTo(server).call('ForceResyncExternal', keys)).toMatchObject({
      kind: 'rejected',
      stops: false,
      content: true,
      error: {
        code: 'usage',
        message:
          'ForceResyncExternal.ExternalKeys[1] cannot be used: the character U+0001 cannot be carried by SOAP',
      },
    });
    const soapLogin = () => Promise.resolve({ ticket: '7T:\u0000', applicationToken });
    const bad = transportTo(server, { credentials: { soapLogin } });
    expect(await bad.call('GetEngineStatus', {})).toMatchObject({
      error: {
        code: 'usage',
        message: 'Ticket cannot be used: the character U+0000 cannot be carried by SOAP',
      },
    });
    expect(server.connections()).toBe(0);
  });

  test('when no ticket is to be had then the call is unsent', async () => {
    const server = await wireServer(() => noContent);
    const error = new ErpsyncError('auth', { what: 'no ticket', why: 'nobody logs in', next: 'log in' });
    const soapLogin = () => Promise.reject(error);
    const outcome = await transportTo(server, { credentials: { soapLogin } }).call('GetEngineStatus', {});
    expect(outcome).toMatchObject({ kind: 'unsent', again: 'no', error });
    expect(server.connections()).toBe(0);
  });
});
