/** What the SOAP services say: envelopes with their header blocks, and faults as WCF words them. */
import type { Answer } from './answers.ts';
import { element, escaped } from './markup.ts';

/** The versions of SOAP; an answer has the one of its request. */
export type SoapVersion = '1.1' | '1.2';

/** The namespaces of envelopes. */
export const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** The media types of answers; a request in SOAP 1.2 may come as `text/xml` as well. */
const mediaTypes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml',
  '1.2': 'application/soap+xml',
};

/** Why WCF faults a request before an operation is reached, or while it works. */
export type FaultCode =
  | 'Sender'
  | 'MustUnderstand'
  | 'ActionNotSupported'
  | 'DeserializationFailed'
  | 'InternalServiceFault';

const dispatch = 'http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher';
/** The namespaces of the codes that SOAP itself does not have. */
const codeNamespaces: Readonly<Partial<Record<FaultCode, string>>> = {
  ActionNotSupported: 'http://schemas.microsoft.com/ws/2005/05/addressing/none',
  DeserializationFailed: dispatch,
  InternalServiceFault: dispatch,
};

/** An envelope in its answer; header and body are markup that uses these prefixes. */
export function envelopeAnswer(
  soap: SoapVersion,
  header: string | undefined,
  body: string,
  prefixes: Readonly<Record<string, string>> = {},
): Answer {
  const envelope = element(
    's:Envelope',
    { 'xmlns:s': envelopeNamespaces[soap], ...prefixes },
    ...(header === undefined ? [] : [element('s:Header', {}, header)]),
    element('s:Body', {}, body),
  );
  return {
    status: 200,
    headers: { 'Content-Type': `${mediaTypes[soap]}; charset=utf-8` },
    body: `<?xml version="1.0" encoding="utf-8"?>${envelope}`,
  };
}

/** A fault: HTTP 500, and nothing was done. */
export function soapFault(soap: SoapVersion, code: FaultCode, message: string): Answer {
  const body = soap === '1.1' ? fault11(code, message) : fault12(code, message);
  return { ...envelopeAnswer(soap, undefined, body), status: 500 };
}

function fault11(code: FaultCode, message: string): string {
  const namespace = codeNamespaces[code];
  const standard = code === 'Sender' ? 's:Client' : `s:${code}`;
  return element(
    's:Fault',
    {},
    namespace === undefined
      ? element('faultcode', {}, standard)
      : element('faultcode', { 'xmlns:a': namespace }, `a:${code}`),
    element('faultstring', { 'xml:lang': 'en-US' }, escaped(message)),
  );
}

function fault12(code: FaultCode, message: string): string {
  const namespace = codeNamespaces[code];
  const standard = namespace === undefined ? code : code === 'InternalServiceFault' ? 'Receiver' : 'Sender';
  const subcode =
    namespace === undefined
      ? []
      : [element('s:Subcode', {}, element('s:Value', { 'xmlns:a': namespace }, `a:${code}`))];
  return element(
    's:Fault',
    {},
    element('s:Code', {}, element('s:Value', {}, `s:${standard}`), ...subcode),
    element('s:Reason', {}, element('s:Text', { 'xml:lang': 'en-US' }, escaped(message))),
  );
}
