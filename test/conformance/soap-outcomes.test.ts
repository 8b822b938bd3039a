/** The outcome table over SOAP on a real socket: the same meaning as over REST, whatever shape the answer has. */
import { describe, expect, test } from 'vitest';
import { answer, wireServer } from '../support/wire-server.ts';
import {
  accepted,
  agentFor,
  factsOf,
  outcomeOfCall,
  type Row,
  rejected,
  row,
  thrice,
  unknown,
  unsent,
} from './agent.ts';

const n = 'xmlns:n="http://www.superoffice.net/ws/crm/NetServer/Services88"';
const i = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';
const envelope11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const envelope12 = 'http://www.w3.org/2003/05/soap-envelope';
const xml = { 'Content-Type': 'text/xml; charset=utf-8' };

function envelope(header: string, body: string, namespace = envelope11): string {
  return `<s:Envelope xmlns:s="${namespace}" ${n} ${i}><s:Header>${header}</s:Header>${body}</s:Envelope>`;
}
const succeeded = '<n:Succeeded>true</n:Succeeded>';
const done = (body: string, header = succeeded): string =>
  answer(200, envelope(header, `<s:Body>${body}</s:Body>`), xml);
const exception = (type: string): string =>
  '<n:ExceptionInfo><n:Message>Outer words</n:Message><n:StackTrace/><n:FriendlyText/>' +
  `<n:ExceptionType>${type}</n:ExceptionType><n:Source>x</n:Source><n:InnerException>` +
  '<n:Message>Inner words</n:Message></n:InnerException></n:ExceptionInfo><n:Succeeded>false</n:Succeeded>';
const failed = (status: number, type = 'SuperOffice.Exceptions.SoException'): string =>
  answer(status, envelope(exception(type), `<s:Body>${empty}</s:Body>`), xml);
const fault11 = (status: number, code = 's:Server'): string =>
  answer(
    status,
    envelope(
      '',
      `<s:Body><s:Fault><faultcode>${code}</faultcode><faultstring>Fault words</faultstring></s:Fault></s:Body>`,
    ),
    xml,
  );
const fault12 = (status: number, code = 's:Receiver'): string =>
  answer(
    status,
    envelope(
      '',
      `<s:Body><s:Fault><s:Code><s:Value>${code}</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Fault words</s:Text></s:Reason></s:Fault></s:Body>`,
      envelope12,
    ),
    { 'Content-Type': 'application/soap+xml; charset=utf-8' },
  );
const html = (status: number): string =>
  answer(status, '<html><body>Sign in</body></html>', { 'Content-Type': 'text/html' });
const empty = '<n:ForceResyncBatchTaskResponse/>';
const plugin = (content: string): string =>
  `<n:ForceResyncResponse><n:Response>${content}</n:Response></n:ForceResyncResponse>`;
const connection =
  '<n:GetConnectionResponse><n:Response><n:Active>true</n:Active></n:Response></n:GetConnectionResponse>';
const task = 'ForceResyncBatchTask';
const lost = unknown(200, thrice);

async function expectRow(...[, , call, reaction, expected]: Row): Promise<void> {
  const server = await wireServer(() => reaction);
  const agent = agentFor(server.url, { services: 88 });
  const attempted = await outcomeOfCall(agent, call);
  expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject(expected);
}

describe('an answer of the service', () => {
  test.each<Row>([
    row('the empty response element', task, done(empty), accepted()),
    row('it without a word of success', task, done(empty, ''), accepted()),
    row('it without a header', task, answer(200, envelope('', `<s:Body>${empty}</s:Body>`), xml), accepted()),
    row(
      'it in an envelope of SOAP 1.2',
      task,
      answer(200, envelope('', `<s:Body>${empty}</s:Body>`, envelope12), xml),
      accepted(),
    ),
    row(
      'right XML of another content type',
      task,
      answer(200, envelope('', `<s:Body>${empty}</s:Body>`), { 'Content-Type': 'text/plain' }),
      accepted(),
    ),
    row('IsOk=true', 'ForceResync', done(plugin('<n:IsOk>true</n:IsOk>')), accepted({ IsOk: true })),
    row('IsOk=false', 'ForceResync', done(plugin('<n:IsOk>false</n:IsOk>')), rejected(200)),
    row('no IsOk', 'ForceResync', done(plugin('<n:UserExplanation>a</n:UserExplanation>')), unknown(200)),
    row(
      'a nil response',
      'ForceResync',
      done('<n:ForceResyncResponse><n:Response i:nil="true"/></n:ForceResyncResponse>'),
      rejected(200),
    ),
    row('no response', 'ForceResync', done('<n:ForceResyncResponse/>'), rejected(200)),
    row('a carrier', 'GetConnection', done(connection), accepted({ Active: true })),
    row(
      'a nil response',
      'GetConnection',
      done('<n:GetConnectionResponse><n:Response i:nil="true"/></n:GetConnectionResponse>'),
      rejected(200, { notFound: true }),
    ),
    row('no response', 'TestConnectionById', done('<n:TestConnectionByIdResponse/>'), lost),
  ])('when %s then %s', expectRow);
});

describe('a refusal of the service', () => {
  test.each<Row>([
    row('Succeeded=false in a 200', task, failed(200), rejected(200)),
    row('Succeeded=false in a 500', task, failed(500), rejected(500)),
    row('Succeeded=false in a 200', 'GetConnection', failed(200), rejected(200, { notFound: false })),
    ...[400, 500, 200].flatMap((status) => [
      row(`a fault of SOAP 1.1 in a ${status}`, task, fault11(status), rejected(status)),
      row(`a fault of SOAP 1.2 in a ${status}`, task, fault12(status), rejected(status)),
    ]),
    ...[200, 500].flatMap((status) => [
      row(
        `an exception of the session in a ${status}`,
        task,
        failed(status, 'SuperOffice.Exceptions.SoSessionException'),
        unsent('auth', status),
      ),
      row(
        `an exception of a right in a ${status}`,
        task,
        failed(status, 'SoAccessDeniedException'),
        unsent('forbidden', status),
      ),
    ]),
  ])('when %s then %s', expectRow);

  test.each([
    ['an exception', failed(200), ['Outer words', 'Inner words']],
    ['a fault of SOAP 1.1', fault11(500), ['Fault words']],
    ['a fault of SOAP 1.2', fault12(500), ['Fault words']],
  ])('when %s comes then its words are told', async (_, reaction, words) => {
    const { url } = await wireServer(() => reaction);
    const { outcome } = await outcomeOfCall(agentFor(url, { services: 88 }), task);
    for (const said of words)
      expect(outcome).toMatchObject({ error: { message: expect.stringContaining(said) } });
  });
});

describe('an answer of nobody or of somebody else', () => {
  const whole = envelope(succeeded, `<s:Body>${empty}</s:Body>`);
  test.each<Row>([
    row('a page of a captive portal', task, html(200), unknown(200)),
    row('the response of another operation', task, done(connection), unknown(200)),
    row('an empty body element', task, done(''), unknown(200)),
    row('no body element', task, answer(200, envelope(succeeded, ''), xml), unknown(200)),
    row('half a document', task, answer(200, whole.slice(0, -20), xml), unknown(200)),
    row(
      'a document type',
      task,
      answer(200, `<!DOCTYPE s:Envelope [<!ENTITY a "b">]>${whole}`, xml),
      unknown(200),
    ),
    row('JSON', task, answer(200, '{"Error":true}', xml), unknown(200)),
    row('an empty 200', 'ForceResync', answer(200, '', xml), unknown(200)),
    row('a page', 'GetConnection', html(200), lost),
    row('half a document', 'GetConnection', answer(200, done(connection).slice(-60), xml), lost),
    row('302', task, answer(302, '', { Location: 'https://sso.example/' }), unsent('network', 302)),
    row('401', task, html(401), unsent('auth', 401)),
    row('403', task, html(403), unsent('forbidden', 403)),
    ...[404, 405, 415].map((status) =>
      row(`${status}`, task, html(status), rejected(status, { stops: true })),
    ),
    row('408', task, html(408), unknown(408)),
    row('421', task, html(421), unsent('network', 421)),
    row('429', task, html(429), unsent('unavailable', 429, thrice)),
    row('a prompt 503', task, html(503), unsent('unavailable', 503, thrice)),
    ...[500, 502, 504].map((status) => row(`${status} with a page`, task, html(status), unknown(status))),
    row('502 with a fault', task, fault11(502), unknown(502)),
    row('a reset', task, (socket) => socket.resetAndDestroy(), unknown()),
  ])('when %s then %s', expectRow);
});
