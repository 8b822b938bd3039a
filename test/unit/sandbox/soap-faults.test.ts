import { describe, expect, test } from 'vitest';
import { type Fixture, open, type Reply } from './sandbox-fixture.ts';
import {
  callSoap,
  envelope12,
  envelopeOf,
  expectException,
  expectFault,
  namespaceOf,
  post,
  textOf,
} from './soap-fixture.ts';

const resync = 'ForceResyncBatchTask';
const parameters =
  '<n:ErpConnectionId>124</n:ErpConnectionId><n:InternalKeyIds><a:int>100</a:int><a:int>959</a:int></n:InternalKeyIds>';

/** The sandbox with a fault that strikes resyncs over SOAP. */
async function struck(fault: string): Promise<[Fixture, Reply]> {
  const sandbox = await open({ faults: [fault] });
  return [sandbox, await callSoap(sandbox, resync, parameters)];
}

/** The request as text for a socket. */
function rawResync(): string {
  const text = envelopeOf(`<n:${resync}>${parameters}</n:${resync}>`);
  return [
    'POST /Remote/Services88/ErpSync.svc HTTP/1.1',
    'Host: sandbox',
    'Connection: close',
    'Content-Type: text/xml',
    `SOAPAction: "${namespaceOf(88)}/ErpSync/${resync}"`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

describe('faults in the words of SOAP', () => {
  test.each(['soap-fault', 'status=500'])(
    'when %s strikes then a fault answers and nothing is done',
    async (fault) => {
      const [sandbox, reply] = await struck(fault);
      expectFault(reply, 'a:InternalServiceFault', fault);
      expect(sandbox.logLines()).toMatchObject([
        {
          path: '/Remote/Services88/ErpSync.svc',
          operation: resync,
          keys: [100, 959],
          status: 500,
          outcome: 'not-done',
          fault,
        },
      ]);
    },
  );

  test.each(['succeeded-false', 'status=200'])(
    'when %s strikes then an exception answers with 200',
    async (fault) => {
      const [sandbox, reply] = await struck(fault);
      expectException(reply, 'SoException', fault);
      expect(sandbox.logLines()).toMatchObject([{ status: 200, outcome: 'not-done', fault }]);
    },
  );

  test('when soap-fault strikes a request in SOAP 1.2 then the fault is in SOAP 1.2', async () => {
    const sandbox = await open({ faults: ['soap-fault'] });
    const text = envelopeOf(`<n:${resync}>${parameters}</n:${resync}>`, { envelope: envelope12 });
    const reply = await post(sandbox, text, { contentType: 'application/soap+xml' });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      500,
      'application/soap+xml; charset=utf-8',
    ]);
    expect(reply.text).toContain('<s:Value>s:Receiver</s:Value>');
  });

  test('when a poisonous key is among the keys then an exception answers', async () => {
    const [, reply] = await struck('poison=959');
    expectException(reply, 'SoException', '959');
  });

  test('when null strikes then the result is nil', async () => {
    const sandbox = await open({ faults: ['null'] });
    const reply = await callSoap(sandbox, 'GetConnection', '<n:ErpConnectionId>124</n:ErpConnectionId>');
    expect([reply.status, textOf(reply, 'Succeeded')]).toEqual([200, 'true']);
    const nil = '<n:Response i:nil="true"/>';
    expect(reply.text).toContain(
      `<s:Body><n:GetConnectionResponse>${nil}</n:GetConnectionResponse></s:Body>`,
    );
  });

  test('when null strikes an operation without result then the body does not say that it was done', async () => {
    const [sandbox, reply] = await struck('null');
    expect([reply.status, textOf(reply, 'Succeeded')]).toEqual([200, 'true']);
    expect(reply.text).toMatch(/<s:Body\/>|<s:Body><\/s:Body>/);
    expect(sandbox.logLines()).toMatchObject([{ outcome: 'not-done' }]);
  });

  test('when soap-fault strikes REST then the error object comes with 500', async () => {
    const sandbox = await open({ faults: ['soap-fault'] });
    const reply = await sandbox.call('ErpSync/GetEngineStatus');
    expect([reply.status, reply.json]).toMatchObject([500, { Error: true, ErrorType: 'SoException' }]);
  });

  test('when succeeded-false strikes REST then the error object comes with 200', async () => {
    const sandbox = await open({ faults: ['succeeded-false'] });
    const reply = await sandbox.call('ErpSync/GetEngineStatus');
    expect([reply.status, reply.json]).toMatchObject([200, { Error: true, ErrorType: 'SoException' }]);
  });
});

describe('faults of what stands before the service', () => {
  test.each([
    ['status=503,retry-after=2', 503, 'text/plain; charset=utf-8'],
    ['status=401', 401, 'text/plain; charset=utf-8'],
    ['html', 200, 'text/html; charset=utf-8'],
    ['html,status=502', 502, 'text/html; charset=utf-8'],
  ])('when %s strikes then the status is %i and the body %s', async (fault, status, mediaType) => {
    const [sandbox, reply] = await struck(fault);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, mediaType]);
    expect(reply.text).not.toContain('Envelope');
    expect(sandbox.logLines()).toMatchObject([{ keys: [100, 959], status, outcome: 'not-done' }]);
  });

  test.each([
    ['reset-before-body', null, 'not-done'],
    ['reset-after-body', null, 'answer-lost'],
    ['half-response', 200, 'answer-lost'],
  ])('when %s strikes then the log says what became of the work', async (fault, status, outcome) => {
    const sandbox = await open({ faults: [fault] });
    const { text } = await sandbox.raw(rawResync());
    expect(text).not.toContain('</s:Envelope>');
    expect(sandbox.logLines()).toMatchObject([{ status, outcome, fault }]);
  });

  test('when inactive-after strikes then the source becomes inactive behind the work', async () => {
    const [sandbox, reply] = await struck('inactive-after=1');
    expect(textOf(reply, 'Succeeded')).toBe('true');
    const connection = await callSoap(sandbox, 'GetConnection', '<n:ErpConnectionId>124</n:ErpConnectionId>');
    expect(textOf(connection, 'Active')).toBe('false');
  });

  test('when a path is named then it is met in any case', async () => {
    const [, reply] = await struck('soap-fault,path=services88/ERPSYNC');
    expect(reply.status).toBe(500);
    const [, other] = await struck('soap-fault,path=services86');
    expect(other.status).toBe(200);
  });
});

describe('the log', () => {
  test('when a request has secrets in its envelope then the log has none', async () => {
    const sandbox = await open();
    await callSoap(
      sandbox,
      'AuthenticateUsernamePassword',
      '<n:UserName>tje0</n:UserName><n:Password>Tje0</n:Password>',
      {
        service: 'SoPrincipal',
        blocks: '<n:ApplicationToken>1234567-1234-9876</n:ApplicationToken>',
      },
    );
    await callSoap(sandbox, resync, parameters);
    expect(sandbox.logLines()).toMatchObject([
      {
        method: 'POST',
        path: '/Remote/Services88/SoPrincipal.svc',
        operation: 'AuthenticateUsernamePassword',
        keys: null,
      },
      {
        method: 'POST',
        path: '/Remote/Services88/ErpSync.svc',
        operation: resync,
        keys: [100, 959],
        outcome: 'done',
      },
    ]);
    expect(sandbox.logText()).not.toMatch(/Tje0|7T:|1234567/);
  });
});
