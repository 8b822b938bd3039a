/**
 * The outcome table over SOAP, on a real socket: the situations of outcomes.test.ts as SOAP puts them end in the
 * same way, and so do those that only SOAP has.
 */
import { describe, expect, test } from 'vitest';
import { answer, noContent, wireServer } from '../support/wire-server.ts';
import {
  accepted,
  factsOf,
  outcomeOfCall,
  type Row,
  rejected,
  row,
  soapAgentFor,
  thrice,
  unknown,
  unsent,
} from './agent.ts';
import { failed, fault11, fault12, response, services88, soapAnswer } from './soap-answers.ts';

const task = 'ForceResyncBatchTask';
const direct = 'ForceResync';
const get = 'GetConnection';

const page = (status: number): string =>
  answer(status, '<html><body>Sign in to the hotel network</body></html>', { 'Content-Type': 'text/html' });
const bare = (status: number, headers: Readonly<Record<string, string>> = {}): string =>
  answer(status, '', headers);
/** An answer of the operation, with the content of its response element. */
const said = (name: string, content = '', status = 200): string =>
  soapAnswer(status, response(name, content));
const result = (name: string, content: string): string => said(name, `<Response>${content}</Response>`);
const nil = (name: string): string => said(name, '<Response i:nil="true"/>');
const words = '<h:Message>No such connection</h:Message>';
const refusal = (name: string, info = words): string =>
  soapAnswer(200, response(name), { blocks: failed(info) });
const typed = (type: string): string => `${words}<h:ExceptionType>${type}</h:ExceptionType>`;
const fault = (status: number, code = 's:Client'): string =>
  soapAnswer(status, fault11(code, 'No such connection'), { blocks: '' });

async function expectRow(...[, , call, reaction, expected]: Row): Promise<void> {
  const server = await wireServer(() => reaction);
  const agent = soapAgentFor(server.url);
  const attempted = await outcomeOfCall(agent, call);
  expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject(expected);
}

describe('2xx to an operation without result', () => {
  test.each<Row>([
    row('its empty response element', task, said(task), accepted()),
    row('no Succeeded', task, soapAnswer(200, response(task), { blocks: '' }), accepted()),
    row(
      'an exception that is nil',
      task,
      soapAnswer(200, response(task), { blocks: '<h:ExceptionInfo i:nil="true"/>' }),
      accepted(),
    ),
    row('an envelope of SOAP 1.2', task, soapAnswer(200, response(task), { version: '1.2' }), accepted()),
    row('204', task, noContent, accepted()),
    row('an empty 200', task, bare(200), accepted()),
    row('an empty 202', task, bare(202), accepted()),
    row('a byte order mark alone', task, answer(200, '\uFEFF'), accepted()),
    row("a captive portal's page", task, page(200), unknown(200)),
    row('JSON', task, answer(200, 'null'), unknown(200)),
    row('the answer of another operation', task, said('ForceResync'), unknown(200)),
    row(
      'its answer in the namespace of another version',
      task,
      soapAnswer(200, `<${task}Response xmlns="${services88.replace('88', '87')}"/>`),
      unknown(200),
    ),
    row('an envelope without a body', task, answer(200, soapAnswer(200, '').split('\r\n\r\n')[1] ?? ''), {
      ...unknown(200),
    }),
    row('XML that is cut off', task, answer(200, said(task).split('\r\n\r\n')[1]?.slice(0, -12) ?? ''), {
      ...unknown(200),
    }),
    row('Succeeded=false', task, refusal(task), rejected(200)),
    row('Succeeded=0', task, soapAnswer(200, '', { blocks: '<h:Succeeded>0</h:Succeeded>' }), rejected(200)),
    row(
      'an exception without Succeeded',
      task,
      soapAnswer(200, response(task), { blocks: `<h:ExceptionInfo>${words}</h:ExceptionInfo>` }),
      rejected(200),
    ),
    row('a fault in a 200', task, fault(200), rejected(200)),
  ])('when %s then %s', expectRow);
});

describe('2xx to an operation with a result', () => {
  const save = 'SaveErpConnectionSyncPriorities';
  const toggle = 'ToggleErpConnectionActive';
  const fields = 'GetErpConnectionConfigFields';
  const map = '<StringKeyValuePair><Key>Message</Key><Value>a</Value></StringKeyValuePair>';
  const lost = unknown(200, thrice);
  test.each<Row>([
    row('IsOk=true', direct, result(direct, '<IsOk>true</IsOk>'), accepted({ IsOk: true })),
    row('IsOk=false', direct, result(direct, '<IsOk>false</IsOk>'), rejected(200)),
    row('no IsOk', direct, result(direct, '<UserExplanation>Fine</UserExplanation>'), unknown(200)),
    row('IsOk that is nil', direct, result(direct, '<IsOk i:nil="true"/>'), unknown(200)),
    row('IsOk=yes', direct, result(direct, '<IsOk>yes</IsOk>'), unknown(200)),
    row('a result that is nil', direct, nil(direct), rejected(200)),
    row('an empty response element', direct, said(direct), unknown(200)),
    row('204', direct, noContent, unknown(204)),
    row('an empty 200', direct, bare(200), unknown(200)),
    row('Succeeded=false beside a result', direct, refusal(direct), rejected(200)),
    row('true', save, result(save, 'true'), accepted(true)),
    row('1', save, result(save, ' 1 '), accepted(true)),
    row('false', save, result(save, 'false'), rejected(200)),
    row('true or false that is nil', save, nil(save), unknown(200)),
    row('no reasons', toggle, result(toggle, ''), accepted([])),
    row('reasons', toggle, result(toggle, '<a:string>No direction</a:string>'), rejected(200)),
    row('a carrier', get, result(get, '<Active>true</Active>'), accepted({ Active: true })),
    row(
      'a carrier with members that are new, nil, or in another order',
      get,
      result(get, '<Deleted>0</Deleted><New><a:b/></New><DisplayName i:nil="1"/><Active>true</Active>'),
      accepted({ Deleted: false, Active: true }),
    ),
    row('null', get, nil(get), rejected(200, { notFound: true })),
    row('an empty response element', get, said(get), rejected(200, { notFound: true })),
    row('Succeeded=false', get, refusal(get), rejected(200, { notFound: false })),
    row(
      'an exception that says not found',
      get,
      refusal(get, typed('SuperOffice.Exceptions.SoNotFoundException')),
      rejected(200, { notFound: false }),
    ),
    row('an empty 200', get, bare(200), lost),
    row('HTML', get, page(200), lost),
    row('a member that is no number', get, result(get, '<ErpConnectionId>x</ErpConnectionId>'), lost),
    row('a document type', get, answer(200, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), lost),
    row('false', 'TestConnectionById', result('TestConnectionById', 'false'), accepted(false)),
    row('a code', 'TestConnectorUrl', result('TestConnectorUrl', 'ErrorNotFound'), accepted('ErrorNotFound')),
    row('a map with names of errors', fields, result(fields, map), accepted({ Message: 'a' })),
  ])('when %s then %s', expectRow);
});

describe('a login or a right that is missing', () => {
  test.each<Row>([
    row('SoSessionException', task, refusal(task, typed('SoSessionException')), unsent('auth', 200)),
    row(
      'its type with assembly and version',
      task,
      refusal(task, typed('SuperOffice.Security.SoAuthenticationException, SoCore, Version=10.1.0.0')),
      unsent('auth', 200),
    ),
    row(
      'its type inside another exception',
      get,
      refusal(
        get,
        `${typed('SoException')}<h:InnerException>${typed('SoSessionException')}</h:InnerException>`,
      ),
      unsent('auth', 200),
    ),
    row(
      'SoAccessDeniedException',
      get,
      refusal(get, typed('SoAccessDeniedException')),
      unsent('forbidden', 200),
    ),
    row('a fault of authentication', task, fault(500, 'a:FailedAuthentication'), unsent('auth', 500)),
    row('a fault of rights', task, fault(500, 'a:AccessDenied'), unsent('forbidden', 500)),
    row(
      'a fault with a subcode of SOAP 1.2',
      task,
      soapAnswer(500, fault12('a:InvalidSecurity', ['en', 'Sign in']), { version: '1.2', blocks: '' }),
      unsent('auth', 500),
    ),
    row(
      'TLS of a connector',
      direct,
      refusal(direct, typed('System.Security.Authentication.AuthenticationException')),
      rejected(200),
    ),
    row(
      "a connector's own refusal inside another exception",
      direct,
      refusal(
        direct,
        `${typed('SoException')}<h:InnerException>${typed('System.ServiceModel.Security.MessageSecurityException')}</h:InnerException>`,
      ),
      rejected(200),
    ),
    row('401', task, bare(401), unsent('auth', 401)),
    row('403', task, page(403), unsent('forbidden', 403)),
  ])('when %s comes then %s', expectRow);
});

describe('other statuses', () => {
  test.each<Row>([
    row('a fault in a 500', task, fault(500), rejected(500)),
    row('a fault in a 400', task, fault(400), rejected(400)),
    row('Succeeded=false in a 500', task, soapAnswer(500, '', { blocks: failed(words) }), rejected(500)),
    row('an unknown action', task, fault(500, 'a:ActionNotSupported'), rejected(500, { stops: true })),
    row('another SOAP version', task, fault(500, 's:VersionMismatch'), rejected(500, { stops: true })),
    row('an answer without failure in a 500', task, said(task, '', 500), unknown(500)),
    row('HTML in a 500', task, page(500), unknown(500)),
    row('HTML in a 500', get, page(500), unknown(500, thrice)),
    row('a fault of authentication in a 504', task, fault(504, 'a:FailedAuthentication'), unknown(504)),
    row('a fault in a prompt 503', task, fault(503), unsent('unavailable', 503, thrice)),
    row('429', task, bare(429), unsent('unavailable', 429, thrice)),
    ...[404, 405, 415].map((status) =>
      row(String(status), task, page(status), rejected(status, { stops: true })),
    ),
    row('413', task, bare(413), rejected(413)),
    row('408', task, bare(408), unknown(408)),
    row('421', task, bare(421), unsent('network', 421)),
    row('302', task, bare(302, { Location: 'https://sso.example/' }), unsent('network', 302)),
  ])('when %s then %s', expectRow);

  test('when the connection breaks in an answer then a write is unknown', async () => {
    const whole = said(task);
    const server = await wireServer(() => (socket) => {
      socket.end(whole.slice(0, -20));
    });
    const { outcome } = await outcomeOfCall(soapAgentFor(server.url), task);
    expect(outcome.kind).toBe('unknown');
  });
});

describe('the words of a failure', () => {
  const friendly = '<h:FriendlyText>It does not exist</h:FriendlyText>';
  const trace = '<h:StackTrace>at SuperOffice.Secret()</h:StackTrace>';
  const inner = (content: string): string => `<h:InnerException>${content}</h:InnerException>`;
  const message = (text: string): string => `<h:Message>${text}</h:Message>`;
  const detail = `<detail><x:ExceptionDetail xmlns:x="urn:x"><x:InnerException><x:Message>Deadlock</x:Message></x:InnerException><x:Message>Failed</x:Message><x:StackTrace>at SuperOffice.Secret()</x:StackTrace></x:ExceptionDetail></detail>`;

  test.each<[string, string, string, string?]>([
    ['only a message', refusal(task, words + trace), 'No such connection'],
    ['words for people as well', refusal(task, words + trace + friendly), 'It does not exist'],
    [
      'an exception inside',
      refusal(task, words + inner(message('Deadlock'))),
      'No such connection: Deadlock',
    ],
    [
      'three of them',
      refusal(task, words + inner(message('Failed') + inner(message('Deadlock')))),
      'No such connection: Deadlock',
    ],
    ['the same words inside', refusal(task, words + inner(words)), 'No such connection'],
    ['words inside alone', refusal(task, inner(words)), 'No such connection'],
    ['only a type', refusal(task, '<h:ExceptionType>SoException</h:ExceptionType>'), 'SoException'],
    ['nothing', refusal(task, ''), 'it does not say why'],
    [
      'parameters',
      refusal(task, `${words}<h:Parameters><h:P><h:Key>Message</h:Key></h:P></h:Parameters>`),
      'No such connection',
    ],
    ['a fault', fault(500), 'No such connection', ' (HTTP 500)'],
    [
      'a fault with details',
      soapAnswer(500, fault11('s:Server', 'Failed', detail)),
      'Failed: Deadlock',
      ' (HTTP 500)',
    ],
    [
      'a fault in several languages',
      soapAnswer(500, fault12('a:Any', ['nb', 'Finnes ikke'], ['en-US', 'Not there']), { version: '1.2' }),
      'Not there',
      ' (HTTP 500)',
    ],
  ])('when there is %s then they are these, and no stack trace is shown', async (...row) => {
    const [, reaction, why, status = ''] = row;
    const server = await wireServer(() => reaction);
    const { outcome } = await outcomeOfCall(soapAgentFor(server.url), task);
    const what = `the server refuses ForceResyncBatchTask${status}`;
    expect(outcome).toMatchObject({ kind: 'rejected', error: { what, why, message: `${what}: ${why}` } });
  });
});
