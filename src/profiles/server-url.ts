/** Base URLs as people give them. */
import { ErpsyncError } from '../errors.ts';

/** What a URL may be. */
export interface UrlRules {
  /** What errors name: `--url`, `ERPSYNC_URL`, `profile "prod"`. */
  readonly where: string;
  /** Whether http is allowed beyond this machine. */
  readonly allowHttp: boolean;
  /** The family of errors: what was typed is `usage`, what was stored is `config`. */
  readonly code: 'usage' | 'config';
}

/** API paths that people paste along with the address; the base URL is what stands before them. */
const apiPath = /\/(?:api(?:\/v1)?|remote\/services\d+)$/i;

/**
 * Brings a base URL into one form: no slash at its end, without `/api`, `/api/v1`, `/Remote/Services88`.
 * Errors never repeat the text of a URL that may hold a secret.
 *
 * @throws ErpsyncError for anything but http or https, for user names, queries and fragments, and for
 *   http beyond loopback unless it is allowed
 */
export function normaliseUrl(text: string, { where, allowHttp, code }: UrlRules): string {
  const refuse = (why: string, next: string): ErpsyncError =>
    new ErpsyncError(code, { what: `${where} cannot be used`, why, next });
  // What was typed is typed anew anyway.
  const again = code === 'usage' ? '' : ', and run the same command again';
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw refuse(
      'it is not an http or https address',
      `write the address whole, as in https://crm.example.com/super${again}`,
    );
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw refuse(
      'the address holds a user name or password',
      'leave them out and give --username and a password apart',
    );
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    throw refuse(
      'the address holds a query or fragment',
      `give the base URL alone, as in https://crm.example.com/super${again}`,
    );
  }
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) {
    throw refuse(
      `http:// to ${url.hostname} would send everything in the clear, the password too`,
      'use https://, or allow it with --allow-http',
    );
  }
  const path = url.pathname.replace(/\/+$/, '').replace(apiPath, '');
  return `${url.origin}${path}`;
}

/** The origin that a secret belongs to: scheme, host and port. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
