/** `-v`: a line for each request. `-vv`: what goes over the wire, with secrets masked in whatever form they have. */
import { mask, maskedResult } from '../agent/config-secrets.ts';
import { operationAt } from '../agent/raw-guard.ts';
import { readBoundedJson } from '../transport/bounded-json.ts';
import type { Exchange, WireTrace } from '../transport/http.ts';
import type { Context } from './context.ts';

/** Of a body so much is shown (characters): enough for any error, little enough for a terminal. */
const longestBody = 8_192;

/** Numbers the requests, so that what travels at the same time can be told apart. */
export function wireTrace({ globals, trace }: Pick<Context, 'globals' | 'trace'>): WireTrace {
  let count = 0;
  return {
    sent(request, address) {
      const number = `#${++count}`;
      const head = `${request.method} ${withoutQuerySecrets(address)}`;
      const startedAt = performance.now();
      if (globals.verbose > 1) {
        const { body } = request;
        const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
        tell(`${number} >`, head, Object.entries(request.headers), shownBody(text, address, 'request'));
      }
      return (end) => {
        const ms = `${(performance.now() - startedAt).toFixed(0)} ms`;
        if (globals.verbose === 1) trace(`${number} ${head}: ${endInWords(end)} in ${ms}`);
        else if (end.kind === 'failure')
          tell(`${number} <`, `no answer in ${ms}: ${endInWords(end)}`, [], '');
        else {
          const body = shownBody(end.body.toString('utf8'), address, 'answer');
          tell(`${number} <`, `HTTP ${end.status} in ${ms}`, [...end.headers], body);
        }
      };
    },
  };

  function tell(
    prefix: string,
    head: string,
    headers: readonly (readonly [string, string])[],
    body: string,
  ): void {
    const lines = [
      head,
      ...headers.map(([name, value]) => `${name}: ${shownHeader(name, value)}`),
      ...(body === '' ? [] : ['', ...body.split(/\r?\n/)]),
    ];
    for (const line of lines) trace(`${prefix} ${line}`.trimEnd());
  }
}

function endInWords(end: Exchange): string {
  if (end.kind === 'answer') return `HTTP ${end.status}`;
  return end.handedOver ? end.why : `${end.what}: ${end.why}`;
}

const secretHeader =
  /^(?:authorization|proxy-authorization|so-apptoken|cookie|set-cookie|x-xsrf-token|www-authenticate|location)$/i;

/** The scheme of a login and what a cookie is called tell nothing; what follows them does. */
function shownHeader(name: string, value: string): string {
  if (!secretHeader.test(name)) return value;
  if (/^www-authenticate$/i.test(name)) return value;
  if (/^location$/i.test(name)) return withoutQuerySecrets(value);
  const scheme = /^[A-Za-z]+(?= )/.exec(value)?.[0];
  return scheme === undefined ? mask : `${scheme} ${mask}`;
}

/** Names of members, elements and parameters that hold secrets, whoever sends them. */
const secretName =
  /(?:password|passwd|secret|ticket|token|assertion|credential|cookie|private_?key|code_?verifier)/i;
/** Of a login that goes through a browser; elsewhere these are names of something else. */
const secretParameter = /^(?:code|state|nonce)$/i;
/** Names that only look like it. */
const plainName = /^(?:token_type|tokentype|returntokentype|tickettype|AuthenticationSucceeded)$/i;

function isSecret(name: string): boolean {
  return secretName.test(name) && !plainName.test(name);
}

function withoutQuerySecrets(address: string): string {
  return address.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, mark: string, name: string) =>
    isSecret(decoded(name)) || secretParameter.test(decoded(name)) ? `${mark}${name}=${mask}` : whole,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A body as it may be shown: JSON, XML and forms without their secrets, anything else by its beginning. */
function shownBody(text: string, address: string, of: 'request' | 'answer'): string {
  const json = readBoundedJson(text);
  if (json.kind === 'too deep') return `(JSON that nests too deep to be shown, ${text.length} characters)`;
  if (json.kind === 'json') return beginning(maskedJson(json.value, address, of), text.length);
  // Cut before secrets are looked for: a body may be made to keep whoever looks busy.
  const first = text.slice(0, longestBody);
  return beginning(first.trimStart().startsWith('<') ? asXml(first) : asForm(first), text.length);
}

function beginning(shown: string, whole: number): string {
  if (whole <= longestBody && shown.length <= longestBody) return shown;
  return `${shown.slice(0, longestBody)}\n... (${whole} characters in all)`;
}

function maskedJson(value: unknown, address: string, of: 'request' | 'answer'): string {
  const segments = new URL(address).pathname.toLowerCase().split('/');
  const operation = of === 'answer' ? operationAt(segments) : undefined;
  return JSON.stringify(withoutSecrets(maskedResult(operation ?? '', value)));
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => {
    const hides = isSecret(name) && typeof member === 'string' && member !== '';
    return [name, hides ? mask : withoutSecrets(member)];
  });
  return Object.fromEntries(entries);
}

/** Texts of elements that hold secrets, and every text within configuration fields. */
function asXml(text: string): string {
  return text
    .replace(/<((?:[\w.-]+:)?ConfigFields)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/g, (whole) =>
      whole.replace(/(<(?:[\w.-]+:)?Value\b[^>]*>)[^<]+/g, `$1${mask}`),
    )
    .replace(/(<(?:[\w.-]+:)?([\w.-]+)(?:\s[^>]*)?>)([^<]+)/g, (whole, tag: string, name: string) =>
      isSecret(name) || /^(?:FirstSync)?DefaultValue$/.test(name) ? `${tag}${mask}` : whole,
    )
    .replace(/(GetErpConnectionConfigFieldsResponse[\s\S]*)$/, (whole) =>
      whole.replace(/(<(?:[\w.-]+:)?Value\b[^>]*>)[^<]+/g, `$1${mask}`),
    );
}

function asForm(text: string): string {
  return /^[\w.-]+=[^\s]*$/.test(text) ? withoutQuerySecrets(`?${text}`).slice(1) : text;
}
