/** Answers of SOAP services as text. */
import { answer } from '../support/wire-server.ts';

/** The namespace of Services88. */
export const services88 = 'http://www.superoffice.net/ws/crm/NetServer/Services88';
/** The namespaces of envelopes. */
export const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;

/** What an envelope holds besides its body. */
export interface Around {
  /** Header blocks, in prefix `h`, or undefined for no Header. */
  readonly blocks?: string | undefined;
  readonly version?: keyof typeof envelopes;
}

/** The header block of a call that went well. */
export const succeeded = '<h:Succeeded>true</h:Succeeded>';

/** An envelope; the prefixes are s, h (the services), a (arrays) and i (nil). */
export function envelope(body: string, { blocks = succeeded, version = '1.1' }: Around = {}): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<s:Envelope xmlns:s="${envelopes[version]}" xmlns:h="${services88}"`,
    ' xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"',
    ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">',
    `<s:Header>${blocks}</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  ].join('');
}

/** The response element of an operation, with its content. */
export function response(name: string, content = ''): string {
  return `<${name}Response xmlns="${services88}">${content}</${name}Response>`;
}

/** The header blocks of a call that failed, with the content of `ExceptionInfo`. */
export function failed(info: string): string {
  return `<h:ExceptionInfo>${info}</h:ExceptionInfo><h:Succeeded>false</h:Succeeded>`;
}

/** A fault of SOAP 1.1. */
export function fault11(code: string, words: string, detail = ''): string {
  return `<s:Fault><faultcode>${code}</faultcode><faultstring xml:lang="en-US">${words}</faultstring>${detail}</s:Fault>`;
}

/** A fault of SOAP 1.2. */
export function fault12(
  subcode: string,
  ...texts: readonly (readonly [language: string, words: string])[]
): string {
  const reasons = texts.map(([language, words]) => `<s:Text xml:lang="${language}">${words}</s:Text>`);
  const code = `<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code>`;
  return `<s:Fault>${code}<s:Reason>${reasons.join('')}</s:Reason></s:Fault>`;
}

/** A whole HTTP answer with an envelope. */
export function soapAnswer(
  status: number,
  body: string,
  around: Around & { readonly headers?: Readonly<Record<string, string>> } = {},
): string {
  const type = around.version === '1.2' ? 'application/soap+xml' : 'text/xml';
  return answer(status, envelope(body, around), {
    'Content-Type': `${type}; charset=utf-8`,
    ...around.headers,
  });
}
