import { describe, expect, test } from 'vitest';
import { open, startedTasks } from './sandbox-fixture.ts';
import {
  callSoap,
  credentials,
  envelope11,
  envelope12,
  envelopeOf,
  expectException,
  expectFault,
  namespaceOf,
  post,
  textOf,
} from './soap-fixture.ts';

/** The documentation's sample, word for word: a SOAP 1.2 envelope with its header blocks outside the header. */
const sample = `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope
 xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"
 xmlns:SOAP-ENC="http://www.w3.org/2003/05/soap-encoding"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:NetServerServices862="http://schemas.microsoft.com/2003/10/Serialization/Arrays"
 xmlns:NetServerServices861="http://schemas.microsoft.com/2003/10/Serialization/"
 xmlns:ErpSync="http://www.superoffice.net/ws/crm/NetServer/Services86">
  <ErpSync:ApplicationToken>1234567-1234-9876</ErpSync:ApplicationToken>
  <ErpSync:Credentials>
    <ErpSync:Ticket>7T:1234abcxyzExample==</ErpSync:Ticket>
  </ErpSync:Credentials>
 <SOAP-ENV:Body>
   <ErpSync:ForceResyncBatchTask>
    <ErpSync:ErpConnectionId xsi:type="xsd:int">0</ErpSync:ErpConnectionId>
    <ErpSync:InternalKeyIds xsi:type="NetServerServices862:ArrayOfint">
     <NetServerServices862:int xsi:type="xsd:int">0</NetServerServices862:int>
    </ErpSync:InternalKeyIds>
   </ErpSync:ForceResyncBatchTask>

 </SOAP-ENV:Body>
</SOAP-ENV:Envelope>

`;

const resync = 'ForceResyncBatchTask';
const parameters =
  '<n:ErpConnectionId>124</n:ErpConnectionId><n:InternalKeyIds><a:int>100</a:int></n:InternalKeyIds>';
const body = `<n:${resync}>${parameters}</n:${resync}>`;
const action88 = `${namespaceOf(88)}/ErpSync/${resync}`;

describe("the documentation's sample", () => {
  test.each([
    ['text/xml', null],
    ['text/xml; charset=utf-8', `"${namespaceOf(86)}/ErpSync/${resync}"`],
    ['application/soap+xml; charset=UTF-8', null],
    [`application/soap+xml; charset=utf-8; action="${namespaceOf(86)}/ErpSync/${resync}"`, null],
  ])(
    'when it comes as %s with the action %s then it is done and answered in SOAP 1.2',
    async (contentType, action) => {
      const sandbox = await open();
      const reply = await post(sandbox, sample, { version: 86, contentType, action });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        200,
        'application/soap+xml; charset=utf-8',
      ]);
      expect(reply.text).toContain(`<s:Envelope xmlns:s="${envelope12}"`);
      expect(reply.text).toContain('<s:Body><n:ForceResyncBatchTaskResponse/></s:Body>');
      expect(await startedTasks(sandbox)).toMatchObject([{ Id: 71 }]);
      expect(sandbox.logLines()[0]).toMatchObject({ operation: resync, keys: [0], outcome: 'done' });
    },
  );

  test('when its ticket is another then it is refused', async () => {
    const sandbox = await open();
    const text = sample.replace('7T:1234abcxyzExample==', '7T:another==');
    expectException(await post(sandbox, text, { version: 86 }), 'SoSessionException', 'ticket');
    expect(await startedTasks(sandbox)).toEqual([]);
  });
});

describe('answers', () => {
  test('when a request is in SOAP 1.1 then the answer is whole and in SOAP 1.1', async () => {
    const sandbox = await open();
    const reply = await callSoap(sandbox, resync, parameters);
    expect(reply.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(reply.text).toBe(
      [
        `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${envelope11}" xmlns:n="${namespaceOf(88)}"`,
        ' xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"',
        ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Header><n:ExceptionInfo i:nil="true"/>',
        '<n:ExtraInfo i:nil="true"/><n:Succeeded>true</n:Succeeded><n:TimeZone i:nil="true"/></s:Header>',
        '<s:Body><n:ForceResyncBatchTaskResponse/></s:Body></s:Envelope>',
      ].join(''),
    );
  });

  test('when a result is null then its element is nil', async () => {
    const sandbox = await open();
    const reply = await callSoap(sandbox, 'GetConnection', '<n:ErpConnectionId>4711</n:ErpConnectionId>');
    expect(reply.text).toContain(
      '<n:GetConnectionResponse><n:Response i:nil="true"/></n:GetConnectionResponse>',
    );
  });

  test('when the tenant refuses then the exception stands in the header and the status is 200', async () => {
    const sandbox = await open();
    const reply = await callSoap(sandbox, 'DeleteConnection', '<n:ErpConnectionId>4711</n:ErpConnectionId>');
    expectException(reply, 'SoNotFoundException', 'ERP connection 4711 not found');
    expect(textOf(reply, 'FriendlyText')).toBe('ERP connection 4711 not found');
    expect(textOf(reply, 'Source')).toBe('SuperOffice.Services.Implementation');
    expect(sandbox.logLines()).toMatchObject([
      { operation: 'DeleteConnection', status: 200, outcome: 'refused' },
    ]);
  });

  test('when a text holds what XML reserves or does not know then it is escaped or replaced', async () => {
    const sandbox = await open();
    await sandbox.call('Batch/StartBatchJob', { BatchTaskInfo: { Id: 0, Name: 'a<b>&"c"\r\u0001' } });
    const reply = await callSoap(sandbox, 'GetBatchTaskInfo', '<n:Id>71</n:Id>', { service: 'Batch' });
    expect(reply.text).toContain('<n:Name>a&#60;b&#62;&#38;&#34;c&#34;&#13;\uFFFD</n:Name>');
  });

  test.each([86, 87])('when Services%i answers then members of Services88 are not there', async (version) => {
    const sandbox = await open();
    const ofTask = await callSoap(sandbox, 'GetBatchTaskInfo', '<n:Id>70</n:Id>', {
      version,
      service: 'Batch',
    });
    expect(ofTask.text).toContain('<n:ProgressPercent>');
    expect(ofTask.text).not.toMatch(/FileName|CancellationBehaviour/);
    const ofSync = await callSoap(sandbox, 'SyncAll', '', { version });
    expect(ofSync.text).toContain('<n:IsOk>true</n:IsOk>');
    expect(ofSync.text).not.toContain('<n:Status>');
  });

  test.each([
    [86, 'ErpSync', 'GetAllConnections', '<n:IncludeDeleted>true</n:IncludeDeleted>'],
    [87, 'Batch', 'GetAllBatchTaskInfosByName', '<n:TaskName>x</n:TaskName>'],
    [88, 'Batch', 'GetEngineStatus', ''],
    [88, 'ErpSync', 'Format', ''],
  ])('when Services%i %s does not have %s then it is a fault', async (version, service, operation, given) => {
    const sandbox = await open();
    const reply = await callSoap(sandbox, operation, given, { version, service });
    expectFault(reply, 'a:ActionNotSupported', operation);
    expect(sandbox.logLines()).toMatchObject([{ operation: null, status: 500, outcome: 'refused' }]);
  });
});

describe('actions', () => {
  test.each([
    ['SOAP 1.1 with quotes', envelope11, 'text/xml', `"${action88}"`, 200],
    ['SOAP 1.1 without quotes', envelope11, 'text/xml', action88, 200],
    ['SOAP 1.1 with none', envelope11, 'text/xml', null, 500],
    ['SOAP 1.1 with an empty one', envelope11, 'text/xml', '""', 500],
    ['SOAP 1.1 with another', envelope11, 'text/xml', `"${namespaceOf(88)}/ErpSync/SyncAll"`, 500],
    ['SOAP 1.1 with that of another version', envelope11, 'text/xml', action88.replace('88', '86'), 500],
    ['SOAP 1.2 with none', envelope12, 'application/soap+xml', null, 200],
    ['SOAP 1.2 as text/xml with none', envelope12, 'text/xml', null, 200],
    ['SOAP 1.2 with the parameter', envelope12, `application/soap+xml;action="${action88}"`, null, 200],
    ['SOAP 1.2 with another parameter', envelope12, `application/soap+xml;action="${action88}2"`, null, 500],
    ['SOAP 1.2 with another SOAPAction', envelope12, 'text/xml', `${action88}2`, 500],
  ])('when it is %s then the status fits', async (_what, envelope, contentType, action, status) => {
    const sandbox = await open();
    const reply = await post(sandbox, envelopeOf(body, { envelope }), { contentType, action });
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(status === 200 ? 'Succeeded>true<' : ':ActionNotSupported<');
    expect((await startedTasks(sandbox)).length).toBe(status === 200 ? 1 : 0);
  });

  test('when a fault answers SOAP 1.2 then it has the form of SOAP 1.2', async () => {
    const sandbox = await open();
    const text = envelopeOf('<n:Format/>', { envelope: envelope12 });
    const reply = await post(sandbox, text, { contentType: 'application/soap+xml' });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      500,
      'application/soap+xml; charset=utf-8',
    ]);
    expect(reply.text).toContain('<s:Code><s:Value>s:Sender</s:Value><s:Subcode>');
    expect(reply.text).toContain('<s:Reason><s:Text xml:lang="en-US">');
  });
});

describe('envelopes', () => {
  const good = envelopeOf(body);
  test.each([
    ['of no SOAP', good.replaceAll(envelope11, 'http://example.com/'), 's:Client'],
    ['without a body', good.replace(/<s:Body>.*<\/s:Body>/, ''), 's:Client'],
    ['with an empty body', good.replace(body, ''), 's:Client'],
    ['with two operations', good.replace(body, body + body), 's:Client'],
    ['with text in the body', good.replace(body, `x${body}`), 's:Client'],
    ['with two bodies', good.replace('</s:Envelope>', `<s:Body>${body}</s:Body></s:Envelope>`), 's:Client'],
    ['with a trailer', good.replace('</s:Envelope>', '<n:Trailer/></s:Envelope>'), 's:Client'],
    ['with two tickets', good.replace(credentials, credentials + credentials), 's:Client'],
    [
      'with a block that must be understood',
      good.replace(credentials, `${credentials}<n:Sign s:mustUnderstand="1"/>`),
      's:MustUnderstand',
    ],
    [
      'with a ticket that is none',
      good.replace('<n:Ticket>', '<n:Token>').replace('</n:Ticket>', '</n:Token>'),
      'a:DeserializationFailed',
    ],
  ])('when there is one %s then it is a fault and nothing is done', async (_what, text, code) => {
    const sandbox = await open();
    expectFault(await post(sandbox, text, { operation: resync }), code);
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when a header has blocks that nobody knows then they are passed over', async () => {
    const sandbox = await open();
    const blocks = `<w:Security xmlns:w="urn:x"/>${credentials}<n:TimeZone><n:SoTimeZoneId>1</n:SoTimeZoneId></n:TimeZone>`;
    expect((await callSoap(sandbox, resync, parameters, { blocks })).text).toContain('Succeeded>true<');
  });

  test.each([
    ['application/json', 'text/xml'],
    ['text/xml; charset=iso-8859-1', 'utf-8'],
    ['application/soap+xml', 'SOAP 1.1'],
  ])('when SOAP 1.1 comes as %s then 415 answers', async (contentType, words) => {
    const sandbox = await open();
    const reply = await post(sandbox, good, { operation: resync, contentType });
    expect([reply.status, reply.text]).toEqual([415, expect.stringContaining(words)]);
  });

  test('when the method is another then 405 answers', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/Remote/Services88/ErpSync.svc', { method: 'PUT', body: good });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('when the body is too large then 413 answers before it has come', async () => {
    const sandbox = await open();
    const head = [
      'POST /Remote/Services88/ErpSync.svc HTTP/1.1',
      'Host: sandbox',
      'Connection: close',
      'Content-Type: text/xml',
      `SOAPAction: ${action88}`,
      `Content-Length: ${64 * 1024 * 1024 + 1}`,
    ];
    expect((await sandbox.raw(`${head.join('\r\n')}\r\n\r\n`)).text).toMatch(/^HTTP\/1.1 413 /);
  });

  test('when the path is written in another case then it is the same service', async () => {
    const sandbox = await open();
    const reply = await sandbox.send('/REMOTE/services88/erpsync.SVC', {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml', SOAPAction: action88 },
      body: good,
    });
    expect(reply.text).toContain('Succeeded>true<');
  });

  test.each(['/Remote/Services85/ErpSync.svc', '/Remote/Services88/Contact.svc', '/Services88/ErpSync.svc'])(
    'when the path is %s then 404 answers',
    async (path) => {
      const sandbox = await open();
      expect((await sandbox.send(path, { method: 'POST', body: good })).status).toBe(404);
    },
  );
});
