/** NetServer's REST agents: one POST with a JSON body for each operation. */
import type { ArgumentsOf, OperationName, ResultOf } from '../agent/contract.ts';
import { operationNamed } from '../agent/contract.ts';
import type { TimeSpanForm } from '../agent/timespan.ts';
import { encodeJsonRequest, readJson, restPath, WireValueError } from '../agent/wire-json.ts';
import { ErpsyncError } from '../errors.ts';
import { readBoundedJson } from './bounded-json.ts';
import { errorMessageIn, isFlagged, shortened } from './error-object.ts';
import type { Answer, HttpConnections } from './http.ts';
import { type Outcome, outcomeOf, type Reading, unsentFor, withVerdict } from './outcome.ts';
import { loginIn } from './status-errors.ts';
import type { RestCredentials, Transport } from './transport.ts';

/** What a REST transport needs to know. */
export interface RestOptions {
  readonly connections: HttpConnections;
  readonly credentials: RestCredentials;
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** `Accept-Language`: without it names come back in all languages at once. */
  readonly language: string;
  /** `SO-TimeZone`: the zone of points in time; without it they are in the server's base time zone. */
  readonly timeZone?: string | undefined;
  /** How durations are written. Default `clock`; answers are read in any form. */
  readonly timespan?: TimeSpanForm;
}

/** A transport over REST. */
export function restTransport(options: RestOptions): Transport {
  const { connections, credentials, userAgent, language, timeZone, timespan } = options;
  return {
    name: 'rest',
    renewal: credentials.renewal,
    async call<N extends OperationName>(name: N, given: ArgumentsOf<N>): Promise<Outcome<ResultOf<N>>> {
      const { path, body } = encodeJsonRequest(name, given, timespan);
      let proof: Readonly<Record<string, string>>;
      try {
        proof = await credentials.headers();
      } catch (error) {
        if (error instanceof ErpsyncError) return unsentFor(error);
        throw error;
      }
      const exchange = await connections.exchange({
        method: 'POST',
        path,
        headers: {
          ...proof,
          Accept: 'application/json',
          'Accept-Language': language,
          'Content-Type': 'application/json; charset=utf-8',
          ...(timeZone !== undefined && { 'SO-TimeZone': timeZone }),
          'User-Agent': userAgent,
        },
        body: body ?? '',
        repeatable: operationNamed(name).effect === 'read',
      });
      const reading = (answer: Answer): Reading => readAnswer(name, answer);
      const login = loginIn(proof, credentials.renewal !== undefined);
      // The reading was checked against the contract of this very operation.
      return outcomeOf(name, exchange, reading, login) as Outcome<ResultOf<N>>;
    },
    addressOf: (name) => connections.addressOf(restPath(name)),
    close: () => connections.close(),
  };
}

/**
 * Reads the body of an answer. The server's own errors come with an HTTP status or inside a 200, as
 * `{"Error":true,"ErrorType":...,"ErrorMessage":...}` or `{"Message":...,"MessageDetail":...}`.
 */
export function readAnswer(name: OperationName, answer: Answer): Reading {
  const text = answer.body.toString('utf8').trim();
  if (text === '') return { kind: 'empty' };
  const read = readBoundedJson(text);
  if (read.kind === 'too deep') return { kind: 'unreadable', problem: 'it nests too deep' };
  if (read.kind === 'no json') {
    const type = answer.headers.get('content-type') ?? 'no content type';
    return { kind: 'unreadable', problem: `it is not JSON (${shortened(type)})` };
  }
  const json = read.value;
  if (json === null) return { kind: 'null' };
  const succeeded = answer.status < 300;
  const message = ownErrorIn(json, succeeded);
  if (message !== undefined) return { kind: 'refusal', message };
  const { result } = operationNamed(name);
  if (!succeeded || result.kind === 'nothing') return { kind: 'value', value: json };
  try {
    return withVerdict(name, readJson(result, json, 'answer', 'lenient'));
  } catch (error) {
    if (error instanceof WireValueError) return { kind: 'unreadable', problem: error.message };
    throw error;
  }
}

/**
 * The message of an error object, or undefined for anything else. In a 2xx only what no result can
 * look like counts: results may be objects of texts with any name.
 */
function ownErrorIn(json: unknown, succeeded: boolean): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const names = Object.keys(json).sort().join();
  return !succeeded || isFlagged(json) || names === 'Message,MessageDetail'
    ? errorMessageIn(json)
    : undefined;
}
