/** What goes over the wire in SOAP, byte for byte, written by hand from what is published about the services. */
import { describe, expect, test } from 'vitest';
import type { AgentClient } from '../../src/agent/client.ts';
import { answer, wireServer } from '../support/wire-server.ts';
import { agentFor } from './agent.ts';

type Way = NonNullable<Parameters<typeof agentFor>[1]>;

/** The lines and the body of the one request that a call sends. */
async function requestOf(
  way: Way,
  call: (client: AgentClient) => Promise<unknown>,
): Promise<{ lines: readonly string[]; body: string }> {
  const server = await wireServer(() => answer(400, ''));
  await call(agentFor(server.url, way).client);
  expect(server.requests).toHaveLength(1);
  const [head = '', body = ''] = server.requests[0]?.split('\r\n\r\n', 2) ?? [];
  const lines = head.split('\r\n').filter((line) => !/^host:/.test(line));
  return { lines, body: Buffer.from(body, 'latin1').toString('utf8') };
}

/** The document around a header and a body. */
function document(version: number, header: string, body: string, envelope = envelope11): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<s:Envelope xmlns:s="${envelope}"`,
    ` xmlns:n="http://www.superoffice.net/ws/crm/NetServer/Services${version}"`,
    ' xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"',
    ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">',
    header,
    `<s:Body>${body}</s:Body></s:Envelope>`,
  ].join('');
}
const envelope11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const envelope12 = 'http://www.w3.org/2003/05/soap-envelope';
const ticketOnly = '<s:Header><n:Credentials><n:Ticket>7T:abc</n:Ticket></n:Credentials></s:Header>';
const resync = (client: AgentClient) =>
  client.call('ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [100, 959] });
const resyncBody =
  '<n:ForceResyncBatchTask><n:ErpConnectionId>124</n:ErpConnectionId>' +
  '<n:InternalKeyIds><a:int>100</a:int><a:int>959</a:int></n:InternalKeyIds></n:ForceResyncBatchTask>';

describe('ForceResyncBatchTask', () => {
  test.each([86, 88] as const)(
    'when it goes to Services%i with an application token then these bytes go out',
    async (services) => {
      const { lines, body } = await requestOf({ services, appToken: 'secret' }, resync);
      const expected = document(
        services,
        '<s:Header><n:ApplicationToken>secret</n:ApplicationToken>' +
          '<n:Credentials><n:Ticket>7T:abc</n:Ticket></n:Credentials></s:Header>',
        resyncBody,
      );
      expect(body).toBe(expected);
      const action = `http://www.superoffice.net/ws/crm/NetServer/Services${services}/ErpSync/ForceResyncBatchTask`;
      expect(lines).toEqual([
        `POST /Remote/Services${services}/ErpSync.svc HTTP/1.1`,
        'connection: keep-alive',
        'Accept: text/xml',
        'Accept-Language: en',
        'Content-Type: text/xml; charset=utf-8',
        `SOAPAction: "${action}"`,
        'User-Agent: erpsync/test',
        `content-length: ${Buffer.byteLength(expected)}`,
      ]);
    },
  );

  test('when SOAP 1.2 is asked for then the action stands in the content type', async () => {
    const { lines, body } = await requestOf({ services: 88, soapVersion: '1.2' }, resync);
    expect(body).toBe(document(88, ticketOnly, resyncBody, envelope12));
    const action = 'http://www.superoffice.net/ws/crm/NetServer/Services88/ErpSync/ForceResyncBatchTask';
    expect(lines).toContain('Accept: application/soap+xml');
    expect(lines).toContain(`Content-Type: application/soap+xml; charset=utf-8; action="${action}"`);
    expect(lines.filter((line) => /^soapaction:/i.test(line))).toEqual([]);
  });

  test.each([
    ['Europe/Oslo', '<n:SoTimeZoneLocationCode>Europe/Oslo</n:SoTimeZoneLocationCode>'],
    ['17', '<n:SoTimeZoneId>17</n:SoTimeZoneId>'],
  ])('when the time zone is %s then its header block says so', async (timeZone, block) => {
    const { body } = await requestOf({ services: 88, timeZone }, resync);
    const header = ticketOnly.replace('</s:Header>', `<n:TimeZone>${block}</n:TimeZone></s:Header>`);
    expect(body).toBe(document(88, header, resyncBody));
  });
});

describe('other operations', () => {
  test('when the interval is changed then the duration is written as XML Schema has it', async () => {
    const { body } = await requestOf({ services: 86 }, (client) =>
      client.call('ChangeEngineInterval', { Interval: '1.02:00:00' }),
    );
    const operation = '<n:ChangeEngineInterval><n:Interval>P1DT2H</n:Interval></n:ChangeEngineInterval>';
    expect(body).toBe(document(86, ticketOnly, operation));
  });

  test('when a connection is saved then all members stand in the order of the WSDL', async () => {
    const { body } = await requestOf({ services: 88 }, (client) =>
      client.call('SaveConnection', {
        Connection: {
          AssociateAccessIds: [5],
          UserGroupAccessIds: [],
          AllAccess: true,
          Deleted: false,
          ConfigFields: { Url: 'https://a.example/?b=1&c="2"', Empty: '' },
          MostRecentTimestamp: null,
          ConnectionId: '5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2125',
          Active: true,
          DisplayDescription: '',
          DisplayName: 'Ærø <漢字>\r\n',
          ErpConnectorId: 18,
          ErpConnectionId: 125,
        },
      }),
    );
    const operation = [
      '<n:SaveConnection><n:Connection>',
      '<n:ErpConnectionId>125</n:ErpConnectionId>',
      '<n:ErpConnectorId>18</n:ErpConnectorId>',
      '<n:DisplayName>Ærø &lt;漢字&gt;&#13;\n</n:DisplayName>',
      '<n:DisplayDescription/>',
      '<n:Active>true</n:Active>',
      '<n:ConnectionId>5f2b7c1e-0b1d-4c58-9a43-0d8f4a6f2125</n:ConnectionId>',
      '<n:MostRecentTimestamp i:nil="true"/>',
      '<n:ConfigFields>',
      '<n:StringKeyValuePair><n:Key>Url</n:Key>',
      '<n:Value>https://a.example/?b=1&amp;c=&quot;2&quot;</n:Value></n:StringKeyValuePair>',
      '<n:StringKeyValuePair><n:Key>Empty</n:Key><n:Value/></n:StringKeyValuePair>',
      '</n:ConfigFields>',
      '<n:Deleted>false</n:Deleted>',
      '<n:AllAccess>true</n:AllAccess>',
      '<n:UserGroupAccessIds/>',
      '<n:AssociateAccessIds><a:int>5</a:int></n:AssociateAccessIds>',
      '</n:Connection></n:SaveConnection>',
    ].join('');
    expect(body).toBe(document(88, ticketOnly, operation));
  });

  test('when an archive is asked then the request goes to the Archive service', async () => {
    const { lines, body } = await requestOf({ services: 86 }, (client) =>
      client.call('GetArchiveListByColumns2', {
        ProviderName: 'ErpConnection',
        Columns: 'name',
        SortOrder: '',
        Restrictions: "name contains 'a&b'",
        Entities: '',
        Page: 0,
        PageSize: 10,
      }),
    );
    const operation = [
      '<n:GetArchiveListByColumns2>',
      '<n:ProviderName>ErpConnection</n:ProviderName>',
      '<n:Columns>name</n:Columns>',
      '<n:SortOrder/>',
      "<n:Restrictions>name contains 'a&amp;b'</n:Restrictions>",
      '<n:Entities/>',
      '<n:Page>0</n:Page>',
      '<n:PageSize>10</n:PageSize>',
      '</n:GetArchiveListByColumns2>',
    ].join('');
    expect(body).toBe(document(86, ticketOnly, operation));
    expect(lines[0]).toBe('POST /Remote/Services86/Archive.svc HTTP/1.1');
    expect(lines).toContain(
      'SOAPAction: "http://www.superoffice.net/ws/crm/NetServer/Services86/Archive/GetArchiveListByColumns2"',
    );
  });

  test('when someone logs in then neither ticket nor time zone goes out', async () => {
    const way = { services: 88, ticket: null, appToken: 'secret', timeZone: 'Europe/Oslo' } as const;
    const { lines, body } = await requestOf(way, (client) =>
      client.call('AuthenticateUsernamePassword', { UserName: 'tje0', Password: 'T&je0' }),
    );
    const operation =
      '<n:AuthenticateUsernamePassword><n:UserName>tje0</n:UserName>' +
      '<n:Password>T&amp;je0</n:Password></n:AuthenticateUsernamePassword>';
    const header = '<s:Header><n:ApplicationToken>secret</n:ApplicationToken></s:Header>';
    expect(body).toBe(document(88, header, operation));
    expect(lines[0]).toBe('POST /Remote/Services88/SoPrincipal.svc HTTP/1.1');
  });
});
