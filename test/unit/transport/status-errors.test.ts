/** The words for what servers and gatekeepers answer: of an operation over REST and SOAP, and of any other request. */
import { describe, expect, test } from 'vitest';
import { asReadError, asWriteError } from '../../../src/agent/client.ts';
import type { OperationName } from '../../../src/agent/contract.ts';
import type { ErpsyncError } from '../../../src/errors.ts';
import type { Answer } from '../../../src/transport/http.ts';
import { type Outcome, outcomeOf, type Reading } from '../../../src/transport/outcome.ts';
import { statusError } from '../../../src/transport/raw.ts';
import { loginIn } from '../../../src/transport/status-errors.ts';

const page = '<html><head><title>Hotel WiFi</title></head></html>';

function answered(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Answer {
  const all = new Map(Object.entries(headers));
  return { kind: 'answer', status, headers: all, body: Buffer.from(body), durationMs: 1 };
}

type Refused = Exclude<Outcome, { kind: 'accepted' }>;

function judged(
  answer: Answer,
  reading: Reading,
  { name = 'GetConnection', login }: { name?: OperationName; login?: Answer['login'] } = {},
): Refused {
  const outcome = outcomeOf(name, answer, () => reading, login);
  if (outcome.kind === 'accepted') throw new Error('it was accepted');
  return outcome;
}

function line({ message, next }: ErpsyncError): string {
  return `${message}; ${next}`;
}

const none: Reading = { kind: 'unreadable', problem: 'it is not JSON (text/html)' };
const words: Reading = { kind: 'refusal', message: 'No access' };
const origin = 'see where the url comes from: erpsync config explain';
const credential = 'check auth, username and secret, and where each comes from: erpsync config explain';
const grant =
  'have an administrator grant it to the user, or the ErpSync agent to the app; see who you are there: erpsync doctor';
const wire = 'see what was sent and what was answered: run the same command again with -vv';

describe('an operation', () => {
  test.each<[string, Answer, Reading, string]>([
    [
      'a 401',
      answered(401),
      none,
      `the server does not accept the credential (HTTP 401): it is wrong, has expired, or is one of another server; ${credential}`,
    ],
    [
      'a 401 with words',
      answered(401),
      words,
      `the server does not accept the credential (HTTP 401): No access; ${credential}`,
    ],
    [
      'a 403',
      answered(403),
      none,
      `the server forbids GetConnection (HTTP 403): the user lacks the right to it, or the app lacks the ErpSync agent; ${grant}`,
    ],
    [
      'a page in a 403',
      answered(403, page),
      none,
      `the server forbids GetConnection (HTTP 403): a web page ("Hotel WiFi") came in place of an answer; ${grant}`,
    ],
    [
      'a 404',
      answered(404),
      none,
      'GetConnection is not there (HTTP 404): the server is too old for it, or the url leads elsewhere; check the url and the version of the server: erpsync doctor',
    ],
    [
      'a 421',
      answered(421),
      none,
      'the tenant is not served at this address (HTTP 421): it lives at another one now; name it with --tenant and --env, which ask where it lives, or give its present address with --url',
    ],
    [
      'a 429',
      answered(429),
      none,
      'the server is not available now (HTTP 429): it has had too many requests; run the same command again later',
    ],
    [
      'a 503 that names a wait',
      answered(503, '', { 'retry-after': '120' }),
      none,
      'the server is not available now (HTTP 503): it is busy, or is being worked on; run the same command again in 120 s',
    ],
    [
      'a page in a 503',
      answered(503, page),
      none,
      'the server is not available now (HTTP 503): a web page ("Hotel WiFi") came in place of an answer; run the same command again later',
    ],
    [
      'a redirect',
      answered(302, '', { location: 'http://portal.example/' }),
      none,
      `the server redirects (HTTP 302) to http://portal.example/: redirects are not followed, since what is there may not be SuperOffice; log in to the network here if that is a captive portal, or correct the url; ${origin}`,
    ],
    [
      'a 400 without words',
      answered(400),
      none,
      `the server refuses GetConnection (HTTP 400): it does not say why; ${wire}`,
    ],
    [
      'a page in a 413',
      answered(413, page),
      none,
      'the server refuses GetConnection (HTTP 413): what stands in front of SuperOffice answers with a web page ("Hotel WiFi"); give a resync a smaller --chunk-size, or --split',
    ],
    [
      'words in a 500',
      answered(500),
      words,
      `the server refuses GetConnection (HTTP 500): No access; ${wire}`,
    ],
    ['words in a 200', answered(200), words, `the server refuses GetConnection: No access; ${wire}`],
    [
      'null',
      answered(200),
      { kind: 'null' },
      `the server refuses GetConnection: it answers null: what was asked for is not there, or the call failed; ${wire}`,
    ],
  ])('when %s comes then it is told with the reason and what to do', (_, answer, reading, expected) => {
    expect(line(judged(answer, reading).error)).toBe(expected);
  });

  test.each([
    ['auth', 'credential'],
    ['forbidden', 'right'],
    ['rejected', 'operation'],
  ] as const)('when a SOAP fault says %s then it is told as the status of REST is', (code, reason) => {
    const status = { auth: 401, forbidden: 403, rejected: 404 }[code];
    const rest = judged(answered(status), words).error;
    const soap = judged(answered(200), { kind: 'refusal', message: 'No access', reason }).error;
    expect([rest.code, soap.code]).toEqual([code, code]);
    expect(line(soap)).toBe(line(rest).replace(` (HTTP ${status})`, ''));
  });

  const lostRead = 'GetConnection, which only reads, has no result';
  test.each<[string, Answer, Reading, string]>([
    [
      'a page in a 200',
      answered(200, page),
      none,
      `${lostRead}: the answer (HTTP 200) is a web page ("Hotel WiFi"), as a captive portal or a proxy sends in place of the server; log in to the network here if that is a captive portal, or correct the url; ${origin}`,
    ],
    [
      'what is no JSON',
      answered(200, 'x'),
      none,
      `${lostRead}: the answer (HTTP 200) cannot be read: it is not JSON (text/html); run the same command again, or find what is wrong: erpsync doctor`,
    ],
    [
      'a page in a 502',
      answered(502, page),
      none,
      `${lostRead}: HTTP 502 came with a web page ("Hotel WiFi") in place of an answer; run the same command again, or find what is wrong: erpsync doctor`,
    ],
    [
      'words in a 501',
      answered(501),
      words,
      `${lostRead}: the server failed (HTTP 501): No access; run the same command again, or find what is wrong: erpsync doctor`,
    ],
  ])('when %s is lost on a read then nothing is at stake', (_, answer, reading, expected) => {
    const error = asReadError(judged(answer, reading));
    expect([error.code, line(error)]).toEqual(['network', expected]);
  });

  test('when an answer to a write is lost then whoever asked says where to look', () => {
    const lost = judged(answered(502), none, { name: 'BreakActorLink' });
    const words = { failed: 'the link was not removed', look: 'erpsync connections records company 12' };
    const what = 'whether BreakActorLink took effect is not known: HTTP 502 came in place of an answer';
    expect(line(asWriteError('BreakActorLink', lost, words))).toBe(
      `${what}; look before you repeat it: erpsync connections records company 12`,
    );
    expect(line(asWriteError('BreakActorLink', lost))).toBe(
      `${what}; read what it changes before you repeat it; the operations: erpsync call --help`,
    );
  });

  test.each<[string, Answer, Reading, string]>([
    ['the server', answered(500), words, 'look at it: erpsync connections records company 12'],
    [
      'what stands in front of it',
      answered(413, page),
      none,
      'give a resync a smaller --chunk-size, or --split',
    ],
    ['every such call', answered(404), none, 'check the url and the version of the server: erpsync doctor'],
  ])('when a write is refused by %s then the reason says what to do', (_, answer, reading, next) => {
    const refused = judged(answer, reading, { name: 'BreakActorLink' });
    const words = { failed: 'the link was not removed', look: 'erpsync connections records company 12' };
    const error = asWriteError('BreakActorLink', refused, words);
    expect(error).toMatchObject({ what: words.failed, why: refused.error.message, next });
  });
});

describe('a credential', () => {
  const why = (login: Answer['login'], reading: Reading = none): string | undefined =>
    judged(answered(401), reading, { ...(login && { login }) }).error.why;

  test.each([
    [{ Authorization: 'Basic dTpw' }, false, 'user name or password is wrong, or that user may not log in'],
    [{ Authorization: 'Bearer 8A:x' }, false, 'the access token is wrong, or has expired'],
    [{ Authorization: 'Bearer 8A:x' }, true, 'the access token is new, and is not accepted all the same'],
    [
      { Authorization: 'SOTicket 7T:x' },
      false,
      'it is not a ticket of this server, or has expired, as tickets do after 6 hours without use',
    ],
    [{ Authorization: 'SOTicket 7T:x' }, true, 'it is wrong, has expired, or is one of another server'],
    [{ Cookie: 'x=y', 'X-XSRF-TOKEN': 'z' }, false, 'it is wrong, has expired, or is one of another server'],
    [{}, false, 'the request holds none'],
  ])('when it was %j, renewable: %s, then the reason is: %s', (headers, isRenewable, expected) => {
    expect(why(loginIn(headers, isRenewable))).toBe(expected);
  });

  test('when the server has words of its own then those count, and a ticket has its time besides', () => {
    expect(why('password', words)).toBe('No access');
    expect(why('ticket', words)).toBe('No access (a ticket expires after 6 hours without use)');
  });
});

describe('any other request', () => {
  const asked = 'GET /api/v1/Contact/99';
  const own = JSON.stringify({ Error: true, ErrorType: 'X', ErrorMessage: 'No access' });
  test.each<[string, Answer, string]>([
    [
      '401',
      answered(401, own),
      `the server does not accept the credential (HTTP 401): No access; ${credential}`,
    ],
    [
      '403',
      answered(403),
      `the server forbids ${asked} (HTTP 403): the user lacks the right to it; have an administrator grant it to the user; see who you are there: erpsync doctor`,
    ],
    [
      '404',
      answered(404),
      `${asked} is not there (HTTP 404): the server has nothing at this path; check the path, the ids in it and the url; ${origin}`,
    ],
    ['400', answered(400, own), `the server refuses ${asked} (HTTP 400): No access; ${wire}`],
    [
      '400 with a page',
      answered(400, page),
      `the server refuses ${asked} (HTTP 400): what stands in front of SuperOffice answers with a web page ("Hotel WiFi"); where it wants to see a certificate, give --client-cert and --client-key`,
    ],
    ['500', answered(500), `the server failed at ${asked} (HTTP 500): it does not say why; ${wire}`],
    [
      '429',
      answered(429, '', { 'retry-after': '2' }),
      'the server is not available now (HTTP 429): it has had too many requests; run the same command again in 2 s',
    ],
  ])('when %s comes then it is told as of an operation', (_, answer, expected) => {
    const error = statusError(answer, asked);
    expect(error && line(error)).toBe(expected);
  });

  test('when a ticket was not accepted then it is told as of an operation', () => {
    const error = statusError({ ...answered(401), login: 'ticket' });
    expect(error?.why).toBe(judged(answered(401), none, { login: 'ticket' }).error.why);
  });
});
