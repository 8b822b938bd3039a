/** The answer to a raw request: what is shown of it, and which error it is. */
import { asReadError } from '../agent/client.ts';
import { mask, maskedResult } from '../agent/config-secrets.ts';
import type { OperationName } from '../agent/contract.ts';
import { ErpsyncError } from '../errors.ts';
import { jsonDocument, printable, printableText } from '../output/json.ts';
import { readBoundedJson } from '../transport/bounded-json.ts';
import { errorMessageIn, isFlagged } from '../transport/error-object.ts';
import type { Answer } from '../transport/http.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { type GivenRequest, isReading } from './raw-request.ts';
import type { Session } from './session.ts';

/**
 * Sends a request and returns the answer, whatever its status.
 *
 * @throws ErpsyncError when there is none: `network`, or `unknown` when something may have been changed
 */
export async function answerTo(
  { method, target, body }: GivenRequest,
  headers: Readonly<Record<string, string>>,
  { raw }: Session,
): Promise<Answer> {
  const exchange = await raw.send({ method, path: target, headers, body });
  if (exchange.kind === 'answer') return exchange;
  const outcome = failureOutcome(exchange);
  if (isReading(method)) throw asReadError(outcome);
  if (outcome.kind === 'unsent') throw outcome.error;
  throw new ErpsyncError('unknown', {
    what: `it is not known whether ${method} ${target} took effect`,
    why: outcome.error.message,
    next: 'look at the server before you run the same command again',
    cause: exchange.cause,
  });
}

/** A body as it may be shown. */
export interface ShownBody {
  /** The bytes to write where nothing has to be changed. */
  readonly bytes: Uint8Array;
  /** Set when the body is JSON; passwords of ERP systems are masked. */
  readonly json: { readonly value: unknown; readonly masked: boolean } | undefined;
  /** Undefined when it is not UTF-8 text. */
  readonly text: string | undefined;
}

/** Operations whose answers hold configuration fields of ERP connections, or default values of fields. */
const withSecrets: ReadonlySet<OperationName | undefined> = new Set<OperationName>([
  'GetConnection',
  'SaveConnection',
  'GetAllConnections',
  'GetErpConnectionConfigFields',
  'GetConfigurationFields',
  'GetFieldsForNewErpActor',
  'GetConnectionsAndDisplayFields',
  'GetDefaultValueInfo',
  'SaveDefaultValueInfo',
]);

/** Whether an answer of the operation may hold passwords, which are found in JSON only. */
export function answersSecrets(operation: OperationName | undefined): boolean {
  return withSecrets.has(operation);
}

/** What of a body may be shown; nothing of one that may hold passwords in a form in which they are not found. */
export function shownBody(
  { body }: Answer,
  operation: OperationName | undefined,
  showSecrets: boolean,
): ShownBody {
  const text = asText(body);
  const json = text === undefined ? undefined : readBoundedJson(text);
  if (json?.kind === 'json') {
    const value = showSecrets ? json.value : maskedResult(operation ?? '', json.value);
    return {
      bytes: body,
      json: { value, masked: JSON.stringify(value) !== JSON.stringify(json.value) },
      text,
    };
  }
  if (showSecrets || !answersSecrets(operation)) return { bytes: body, json: undefined, text };
  return { bytes: new Uint8Array(), json: undefined, text: '' };
}

/** Headers by lower-case name; those that are credentials are masked. */
export function shownHeaders({ headers }: Answer): Record<string, string> {
  const secret = /^(set-cookie|authorization|x-xsrf-token)$/;
  return Object.fromEntries([...headers].map(([name, value]) => [name, secret.test(name) ? mask : value]));
}

/** An error object inside a 2xx, as NetServer's agents answer them. */
export function errorWithin({ json }: ShownBody): ErpsyncError | undefined {
  if (!isFlagged(json?.value)) return undefined;
  return new ErpsyncError('rejected', {
    what: 'the server refuses the request',
    why: errorMessageIn(json?.value) ?? 'it does not say why',
    next: 'correct it, and run the same command again',
  });
}

/**
 * A body for standard output: as it came, unless passwords are masked in it or a terminal would be steered
 * by it.
 */
export function bodyForStdout({ bytes, json, text }: ShownBody, isTerminal: boolean): string | Uint8Array {
  if (json?.masked) return jsonDocument(json.value);
  if (!isTerminal) return bytes;
  if (json !== undefined) return jsonDocument(json.value);
  if (text === undefined) return `${bytes.length} bytes that are no text; redirect them to a file\n`;
  return text === '' ? '' : `${printableText(text)}\n`;
}

/** Status and headers as lines, with an empty one at their end. */
export function headLines(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${printable(`${name}: ${value}`)}\n`);
  return `HTTP ${status}\n${lines.join('')}\n`;
}

function asText(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
