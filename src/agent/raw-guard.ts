/** What a raw request means to the agents, and what has to hold before it may be sent. */
import { unusable } from '../error-words.ts';
import { readArguments } from './arguments.ts';
import { maskWithin } from './config-secrets.ts';
import { agents, type OperationName, operationNamed } from './contract.ts';

/** A request as far as its guard depends on it. */
export interface GuardedRequest {
  readonly method: string;
  /** Decoded and in lower case. */
  readonly segments: readonly string[];
  /** Undefined if there is none. */
  readonly body: string | undefined;
  /** `Content-Type` where it is not JSON in UTF-8. */
  readonly contentType: string | undefined;
  /** Every record was asked for. */
  readonly all: boolean;
}

/** What has to be confirmed before it is sent; undefined for nothing. */
export type Danger =
  | { readonly kind: 'every-record'; readonly what: string; readonly word: string }
  | { readonly kind: 'removal'; readonly what: string; readonly word: string }
  | undefined;

/** The operation that a path means, or undefined. */
export function operationAt(segments: readonly string[]): OperationName | undefined {
  const at = segments.indexOf('agents');
  const agent = Object.entries(agents).find(([name]) => name.toLowerCase() === segments[at + 1]);
  if (at === -1 || agent === undefined) return undefined;
  const names = Object.keys(agent[1]) as OperationName[];
  return names.find((name) => name.toLowerCase() === segments[at + 2]);
}

/** Whether a path starts a resync, known or not. */
export function isResync(segments: readonly string[]): boolean {
  return segments.some((part) => part.includes('forceresync'));
}

/**
 * Looks at a request that may change something, and says what has to be confirmed.
 *
 * @param parse reads JSON that means one thing only; throws ErpsyncError (usage) for any other text
 * @throws ErpsyncError (usage) for a resync whose keys cannot be checked or would mean every record
 *   without being asked to, and for a password that is a mask
 */
export function guardRequest(request: GuardedRequest, parse: (text: string) => unknown): Danger {
  const { method, segments, body, all } = request;
  const operation = operationAt(segments);
  const resync = operation !== undefined && operationNamed(operation).emptyMeansAll !== undefined;
  if (segments.some((part) => part.includes('erpsync.svc') || part.includes('$batch'))) {
    throw unusable(
      'this path',
      'what such a request holds cannot be checked here, and could mean every record',
      'call the operation by its name: erpsync call <operation>',
    );
  }
  if (resync) return guardResync(operation, request, parse);
  if (isResync(segments)) {
    throw unusable(
      'this path',
      'it is no resync that erpsync knows, so that its keys cannot be checked',
      'call one that it knows: erpsync call <operation>',
    );
  }
  if (all) throw unusable('--all', 'this path takes no list of keys', 'leave it out');
  if (operation !== undefined) refuseMask(operation, body, parse);
  if (method === 'DELETE') return { kind: 'removal', what: 'DELETE removes data', word: 'DELETE' };
  if (operation === undefined || operationNamed(operation).effect !== 'destroy') return undefined;
  return { kind: 'removal', what: `${operation} removes data`, word: operation };
}

function guardResync(
  operation: OperationName,
  { method, body, contentType, all }: GuardedRequest,
  parse: (text: string) => unknown,
): Danger {
  if (method !== 'POST') throw unusable(`-X ${method}`, `${operation} is called with POST`, 'give -X POST');
  if (contentType !== undefined) {
    throw unusable(
      `the content type ${contentType}`,
      `the keys of ${operation} can be checked in JSON alone`,
      'send application/json',
    );
  }
  const value = body === undefined || body.trim() === '' ? {} : parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unusable(
      `the body of ${operation}`,
      'it is no JSON object, so that its keys cannot be checked',
      `call it by its name: erpsync call ${operation}`,
    );
  }
  const { values, everyRecord } = readArguments(operation, { ...value }, all);
  if (!everyRecord) return undefined;
  const source = values['ErpConnectionId'];
  const from = source === 0 ? 'SuperOffice CRM' : `ERP connection ${source}`;
  return {
    kind: 'every-record',
    what: `${operation} without keys takes EVERY record from ${from}`,
    word: source === 0 ? 'crm' : String(source),
  };
}

/** A mask in place of a password would be stored as the password. */
function refuseMask(
  operation: OperationName,
  body: string | undefined,
  parse: (text: string) => unknown,
): void {
  if (body === undefined || !/\*|\\u002a/i.test(body)) return;
  const at = maskWithin(parse(body), operation);
  if (at !== undefined) throw unusable(at, 'it is a mask and no password', 'give the password itself');
}
