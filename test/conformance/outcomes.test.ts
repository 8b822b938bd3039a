/** The outcome table on a real socket: what a whole answer means, by its status and its body. */
import { describe, expect, test } from 'vitest';
import { answer, jsonAnswer, noContent, wireServer } from '../support/wire-server.ts';
import {
  accepted,
  agentFor,
  type Expected,
  factsOf,
  outcomeOfCall,
  type Row,
  rejected,
  row,
  stoppedClock,
  thrice,
  unknown,
  unsent,
} from './agent.ts';

const html = (status: number): string =>
  answer(status, '<html><body>Sign in to the hotel network</body></html>', { 'Content-Type': 'text/html' });
const bare = (status: number, headers: Readonly<Record<string, string>> = {}): string =>
  answer(status, '', headers);

const errorObject = { Error: true, ErrorType: 'SoException', ErrorMessage: 'No such connection' };
const messageObject = { Message: 'The request is invalid.', MessageDetail: 'The key 959 is unknown.' };
const task = 'ForceResyncBatchTask';

async function expectRow(...[, , call, reaction, expected]: Row): Promise<void> {
  const server = await wireServer(() => reaction);
  const agent = agentFor(server.url);
  const attempted = await outcomeOfCall(agent, call);
  expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject(expected);
  expect(attempted.retries).toBe(expected.requests - 1);
}

describe('2xx to an operation without result', () => {
  test.each<Row>([
    row('204', task, noContent, accepted()),
    row('204 with "null" after it, as documented', task, `${noContent}null`, accepted()),
    row('204 that declares a body of "null"', task, answer(204, 'null'), accepted()),
    row('204 with an HTML page after it', task, `${noContent}<html></html>`, accepted()),
    row('an empty 200', task, bare(200), accepted()),
    row('an empty 202', task, bare(202), accepted()),
    row('200 with blanks only', task, answer(200, ' \r\n'), accepted()),
    row('200 null', task, jsonAnswer(200, null), unknown(200)),
    row("a captive portal's page", task, html(200), unknown(200)),
    row('200 true', task, jsonAnswer(200, true), unknown(200)),
    row('200 with an object that is no error', task, jsonAnswer(200, {}), unknown(200)),
    row('202 with a body', task, jsonAnswer(202, 'queued'), unknown(202)),
    row('an error object in a 200', task, jsonAnswer(200, errorObject), rejected(200)),
    row('Message and MessageDetail in a 200', task, jsonAnswer(200, messageObject), rejected(200)),
    row('an error object behind a BOM', task, `${answer(200, `\uFEFF${JSON.stringify(errorObject)}`)}`, {
      ...rejected(200),
    }),
  ])('when %s then %s', expectRow);
});

describe('2xx to a write with a PluginResponse', () => {
  test.each<Row>([
    row('IsOk=true', 'ForceResync', jsonAnswer(200, { IsOk: true }), accepted({ IsOk: true })),
    row(
      'IsOk=true behind a BOM',
      'ForceResync',
      answer(200, '\uFEFF{"IsOk":true}'),
      accepted({ IsOk: true }),
    ),
    row('isOk=true in camel case', 'ForceResync', jsonAnswer(200, { isOk: true }), accepted({ IsOk: true })),
    row('IsOk=false', 'ForceResync', jsonAnswer(200, { IsOk: false }), rejected(200)),
    row('no IsOk', 'ForceResync', jsonAnswer(200, { UserExplanation: 'Fine' }), unknown(200)),
    row('IsOk=null', 'ForceResync', jsonAnswer(200, { IsOk: null }), unknown(200)),
    row('IsOk="false", a text', 'ForceResync', jsonAnswer(200, { IsOk: 'false' }), unknown(200)),
    row('null', 'ForceResync', jsonAnswer(200, null), rejected(200)),
    row('an error object', 'ForceResync', jsonAnswer(200, errorObject), rejected(200)),
    row('Message and MessageDetail', 'ForceResync', jsonAnswer(200, messageObject), rejected(200)),
    row('204', 'ForceResync', noContent, unknown(204)),
    row('an empty 200', 'ForceResync', bare(200), unknown(200)),
    row('HTML', 'ForceResync', html(200), unknown(200)),
    row('half a JSON text', 'ForceResync', answer(200, '{"IsOk":tr'), unknown(200)),
    row('a list', 'ForceResync', jsonAnswer(200, []), unknown(200)),
  ])('when %s then %s', expectRow);
});

describe('2xx to a write with true, reasons or nothing to say', () => {
  const save = 'SaveErpConnectionSyncPriorities';
  const toggle = 'ToggleErpConnectionActive';
  test.each<Row>([
    row('true', save, jsonAnswer(200, true), accepted(true)),
    row('false', save, jsonAnswer(200, false), rejected(200)),
    row('null', save, jsonAnswer(200, null), rejected(200)),
    row('"true", a text', save, jsonAnswer(200, 'true'), unknown(200)),
    row('an empty list of reasons', toggle, jsonAnswer(200, []), accepted([])),
    row('reasons', toggle, jsonAnswer(200, ['Field Name has no direction']), rejected(200)),
    row('null', toggle, jsonAnswer(200, null), rejected(200)),
    row('HTML', toggle, html(200), unknown(200)),
  ])('when %s then %s', expectRow);
});

describe('2xx to a read', () => {
  const fields = 'GetErpConnectionConfigFields';
  const probe = 'TestConnectionById';
  const lost = (status: number): Expected => unknown(status, thrice);
  test.each<Row>([
    row('a carrier', 'GetConnection', jsonAnswer(200, { Active: true }), accepted({ Active: true })),
    row('null', 'GetConnection', jsonAnswer(200, null), rejected(200, { notFound: true })),
    row('204', 'GetConnection', noContent, rejected(204, { notFound: true })),
    row('an error object', 'GetConnection', jsonAnswer(200, errorObject), rejected(200, { notFound: false })),
    row('an empty 200', 'GetConnection', bare(200), lost(200)),
    row('HTML', 'GetConnection', html(200), lost(200)),
    row('a list', 'GetConnection', jsonAnswer(200, []), lost(200)),
    row('true', probe, jsonAnswer(200, true), accepted(true)),
    row('false', probe, jsonAnswer(200, false), accepted(false)),
    row('false', 'SupportsAdvancedSearch', jsonAnswer(200, false), accepted(false)),
    row('"NoError"', 'TestConnectorUrl', jsonAnswer(200, 'NoError'), accepted('NoError')),
    row('another code', 'TestConnectorUrl', jsonAnswer(200, 'ErrorNotFound'), accepted('ErrorNotFound')),
    row('a map', fields, jsonAnswer(200, { Url: 'x' }), accepted({ Url: 'x' })),
    row('a map with names of errors', fields, jsonAnswer(200, { Message: 'a', ErrorMessage: 'b' }), {
      ...accepted({ Message: 'a', ErrorMessage: 'b' }),
    }),
    row('a map with a number', fields, jsonAnswer(200, { Port: 80 }), lost(200)),
  ])('when %s then %s', expectRow);
});

describe('3xx and 4xx', () => {
  test.each<Row>([
    ...[301, 302, 303, 307, 308].map((status) =>
      row(
        String(status),
        task,
        bare(status, { Location: 'https://sso.example/' }),
        unsent('network', status),
      ),
    ),
    row('304', task, bare(304), unsent('network', 304)),
    row('307', 'GetConnection', bare(307, { Location: '/login' }), unsent('network', 307)),
    ...[400, 402, 406, 409, 410, 412, 413, 414, 418, 422, 431].map((status) =>
      row(String(status), task, bare(status), rejected(status)),
    ),
    row('400 with Message and MessageDetail', task, jsonAnswer(400, messageObject), rejected(400)),
    row('400 with an HTML page', task, html(400), rejected(400)),
    row('400', 'GetConnection', jsonAnswer(400, messageObject), rejected(400)),
    row('401', task, bare(401), unsent('auth', 401)),
    row('401', 'GetConnection', bare(401), unsent('auth', 401)),
    row('403', task, html(403), unsent('forbidden', 403)),
    row('403', 'GetConnection', bare(403), unsent('forbidden', 403)),
    ...[404, 405, 415].map((status) =>
      row(String(status), task, html(status), rejected(status, { stops: true })),
    ),
    row(
      '404',
      'GetConnection',
      jsonAnswer(404, errorObject),
      rejected(404, { stops: true, notFound: false }),
    ),
    row('421', task, bare(421), unsent('network', 421)),
    row('408', task, bare(408), unknown(408)),
    row('408', 'GetConnection', bare(408), unknown(408, thrice)),
  ])('when %s then %s', expectRow);

  test.each([
    ['a redirect', bare(302, { Location: 'https://sso.example/login' }), 'https://sso.example/login'],
    ["the server's own words in a 400", jsonAnswer(400, messageObject), 'The key 959 is unknown.'],
    ["the server's own words in a 500", jsonAnswer(500, errorObject), 'No such connection'],
    ["the server's own words in a 401", jsonAnswer(401, errorObject), 'No such connection'],
    ["the server's own words in a 200", jsonAnswer(200, errorObject), 'No such connection'],
  ])('when %s comes then its message names what the server said', async (_, reaction, words) => {
    const server = await wireServer(() => reaction);
    const { outcome } = await outcomeOfCall(agentFor(server.url), task);
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining(words) } });
  });
});

describe('5xx', () => {
  test.each<Row>([
    row("500 with the server's own error", task, jsonAnswer(500, errorObject), rejected(500)),
    row("500 with the server's own error", 'GetConnection', jsonAnswer(500, errorObject), rejected(500)),
    row(
      '500 with a message alone',
      task,
      jsonAnswer(500, { Message: 'An error has occurred.' }),
      rejected(500),
    ),
    row('500 with HTML', task, html(500), unknown(500)),
    row('500 with HTML', 'GetConnection', html(500), unknown(500, thrice)),
    row('an empty 500', task, bare(500), unknown(500)),
    row('500 null', task, jsonAnswer(500, null), unknown(500)),
    row('500 {}', task, jsonAnswer(500, {}), unknown(500)),
    ...[501, 502, 504, 505, 507, 599].flatMap((status) => [
      row(`an empty ${status}`, task, bare(status), unknown(status)),
      row(`${status} with an error object`, task, jsonAnswer(status, errorObject), unknown(status)),
    ]),
    row('502', 'GetConnection', html(502), unknown(502, thrice)),
    row('a prompt 503', task, html(503), unsent('unavailable', 503, thrice)),
    row('a prompt 503', 'GetConnection', html(503), unsent('unavailable', 503, thrice)),
  ])('when %s then %s', expectRow);

  test.each([
    ['5 s', 5_000, {}, unsent('unavailable', 503, thrice)],
    ['more than 5 s', 5_001, {}, unknown(503)],
    ['more than 5 s, and names a wait', 5_001, { 'Retry-After': '0' }, unsent('unavailable', 503, thrice)],
  ])('when a 503 comes after %s then the outcome follows', async (_, afterMs, headers, expected) => {
    const clock = stoppedClock();
    const server = await wireServer(() => (socket) => {
      clock.advance(afterMs);
      socket.write(bare(503, headers));
    });
    const agent = agentFor(server.url);
    const attempted = await outcomeOfCall(agent, task);
    expect(factsOf(attempted, server.requests.length, agent.waits)).toMatchObject(expected);
  });
});
