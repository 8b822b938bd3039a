/** A raw request from a command line: its method, headers and body. */
import { excluding, givenTwice, noneOf, unusable } from '../error-words.ts';
import { type HttpMethod, httpMethods, readingMethods } from '../transport/http.ts';
import type { Context } from './context.ts';
import type { ValueParser } from './flags.ts';
import { parseGivenJson, readGivenBytes, readGivenText } from './given-text.ts';
import type { Assignment } from './values.ts';

/** A method in any case. */
export function httpMethod(): ValueParser<HttpMethod> {
  return {
    placeholder: 'method',
    choices: httpMethods,
    parse(given, where) {
      const found = httpMethods.find((known) => known === given.toUpperCase());
      if (found !== undefined) return found;
      throw noneOf(where, given, httpMethods);
    },
  };
}

/** Whether a method only reads. */
export function isReading(method: HttpMethod): boolean {
  return readingMethods.some((known) => known === method);
}

/** What a header may be called (RFC 9110: token). */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that say who calls, how long the body is, or which method is meant: they are not given here. */
const ownHeaders =
  /^(authorization|proxy-.*|cookie|so-apptoken|x-xsrf-token|host|connection|keep-alive|content-length|content-encoding|transfer-encoding|te|trailer|upgrade|expect|x-http-method.*|x-method-override)$/i;

/** `Name: value`. */
export function header(): ValueParser<Assignment> {
  return {
    placeholder: 'header',
    parse(given, where) {
      const at = given.indexOf(':');
      const name = given.slice(0, Math.max(0, at)).trim();
      const value = given.slice(at + 1).trim();
      if (!headerName.test(name))
        throw unusable(where, 'its value has no name of a header', "write it as 'Name: value'");
      if (ownHeaders.test(name)) {
        throw unusable(`${where} ${name}`, 'login and connection set this header themselves', 'leave it out');
      }
      if (!/^[\t\x20-\x7e]*$/.test(value))
        throw unusable(`${where} ${name}`, 'its value is not plain ASCII', 'write it in plain ASCII');
      return { name, value };
    },
  };
}

/** Headers by name. Names are the same in any case. */
export function headersFrom(given: readonly Assignment[]): Record<string, string> {
  const seen = new Set<string>();
  for (const { name } of given) {
    if (seen.has(name.toLowerCase())) throw givenTwice(`the header ${name}`);
    seen.add(name.toLowerCase());
  }
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

/** What the options say of members and body. */
export interface GivenBody {
  /** `-F`: numbers, true, false, null, JSON lists and objects, @file; other text stands for itself. */
  readonly typed: readonly Assignment[];
  /** `-f`: always text. */
  readonly texts: readonly Assignment[];
  /** A file, or `-` for standard input. */
  readonly input: string | undefined;
  readonly method: HttpMethod | undefined;
}

/** A request that is known whole, but for its headers. */
export interface GivenRequest {
  readonly method: HttpMethod;
  readonly target: string;
  readonly body: string | Uint8Array | undefined;
}

/**
 * Puts method, address and body together: members go into a JSON body, or into the query of a GET.
 *
 * @throws ErpsyncError (usage)
 */
export async function readRequest(
  target: string,
  given: GivenBody,
  { host }: Pick<Context, 'host'>,
): Promise<GivenRequest> {
  const { typed, texts, input } = given;
  const hasMembers = typed.length + texts.length > 0;
  if (hasMembers && input !== undefined) {
    const next = 'give the whole body with --input, or leave it out';
    throw excluding(['--input', 'single members'], 'both make the body', next);
  }
  const method = given.method ?? (hasMembers || input !== undefined ? 'POST' : 'GET');
  if (input !== undefined) {
    if (isReading(method))
      throw unusable('--input', `${method} has no body`, 'leave it out, or name a method with -X');
    return { method, target, body: await readGivenBytes(input, () => host.stdin) };
  }
  if (!hasMembers) return { method, target, body: undefined };
  const members = new Map<string, unknown>();
  const add = (name: string, value: unknown): void => {
    const twin = [...members.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
    if (twin === name) throw givenTwice(`the member ${name}`);
    if (twin !== undefined)
      throw unusable(`the member ${name}`, `it differs from ${twin} only in case`, 'give one of them');
    members.set(name, value);
  };
  for (const { name, value } of typed) add(name, await typedMember(name, value, host));
  for (const { name, value } of texts) add(name, value);
  if (!isReading(method)) return { method, target, body: JSON.stringify(Object.fromEntries(members)) };
  return { method, target: withQuery(target, members), body: undefined };
}

async function typedMember(name: string, text: string, host: Context['host']): Promise<unknown> {
  if (text === '@-' || text === '@') {
    throw unusable(`-F ${name}=${text}`, `${text} names no file`, 'read standard input with --input -');
  }
  if (text.startsWith('@')) return await readGivenText(text.slice(1), () => host.stdin);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return exactNumber(name, text);
  return /^[[{]/.test(text) ? parseGivenJson(text, `-F ${name}`) : text;
}

function exactNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    const why = `${text} has too many digits for a number`;
    throw unusable(`-F ${name}`, why, `give it as text: -f ${name}=${text}`);
  }
  return number;
}

function withQuery(target: string, members: ReadonlyMap<string, unknown>): string {
  const query = [...members].map(([name, value]) => {
    if (typeof value === 'object') {
      throw unusable(name, 'it cannot stand in a query', 'name a method that has a body with -X');
    }
    return `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
  });
  return `${target}${target.includes('?') ? '&' : '?'}${query.join('&')}`;
}
