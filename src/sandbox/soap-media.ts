/** What the HTTP headers of a SOAP request say of its body: the media type and the action. */
import type { RequestHead } from './request.ts';
import type { SoapVersion } from './soap-answers.ts';

/** What the headers say, or why the body is not read. */
export type Media =
  | {
      readonly kind: 'media';
      /** The SOAP that the media type stands for. */
      readonly soap: SoapVersion;
      /** `SOAPAction` and the parameter `action`, as far as they are given, without quotes. */
      readonly actions: readonly string[];
    }
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads `Content-Type`, `Content-Encoding` and `SOAPAction`; a charset other than UTF-8 is refused. */
export function readMedia(head: RequestHead): Media {
  const [mediaType = '', ...rest] = (head.header('content-type') ?? '').split(';');
  const parameters = new Map(rest.map(readParameter));
  const soap = soapOf.get(mediaType.trim().toLowerCase());
  if (soap === undefined) return problem('the media type is neither text/xml nor application/soap+xml');
  if (!/^utf-?8$/i.test(parameters.get('charset') ?? 'utf-8')) return problem('the charset is not utf-8');
  const encoding = head.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return problem('encoded bodies are not supported');
  const given = [head.header('soapaction'), parameters.get('action')];
  const actions = given.filter((action) => action !== undefined).map(unquoted);
  return { kind: 'media', soap, actions };
}

/**
 * Whether a request leads to the operation with this action. One in SOAP 1.1 has to name it, since WCF finds the
 * operation by it; one in SOAP 1.2 may leave it out, as the documentation's samples do. What is named must be right.
 */
export function leadsTo(action: string, actions: readonly string[], soap: SoapVersion): boolean {
  const named = soap === '1.2' ? actions.filter((one) => one !== '') : actions;
  if (named.length === 0) return soap === '1.2';
  return named.every((one) => one === action);
}

const soapOf: ReadonlyMap<string, SoapVersion> = new Map([
  ['text/xml', '1.1'],
  ['application/soap+xml', '1.2'],
]);

function readParameter(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), unquoted(value.join('='))];
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

function problem(text: string): Media {
  return { kind: 'problem', problem: text };
}
