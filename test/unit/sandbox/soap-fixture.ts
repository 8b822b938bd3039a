/** SOAP requests as a careful client writes them, and what comes back. */
import { expect } from 'vitest';
import type { Fixture, Reply } from './sandbox-fixture.ts';

/** The namespace of the services of a version. */
export const namespaceOf = (version: number) =>
  `http://www.superoffice.net/ws/crm/NetServer/Services${version}`;
/** The ticket that a sandbox on loopback knows from its start. */
export const sampleTicket = '7T:1234abcxyzExample==';
/** The header block with that ticket. */
export const credentials = `<n:Credentials><n:Ticket>${sampleTicket}</n:Ticket></n:Credentials>`;
/** The namespaces of the envelopes. */
export const envelope11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const envelope12 = 'http://www.w3.org/2003/05/soap-envelope';

/** What a test may want otherwise. */
export interface SoapOptions {
  readonly version?: number;
  readonly service?: string;
  readonly envelope?: string;
  readonly blocks?: string;
  /** Null sends none. */
  readonly action?: string | null;
  readonly contentType?: string;
}

/** The envelope around a body: prefixes n (the service), a (arrays) and i (instance) are declared. */
export function envelopeOf(
  body: string,
  { version = 88, envelope = envelope11, blocks = credentials }: SoapOptions = {},
): string {
  return [
    `<s:Envelope xmlns:s="${envelope}" xmlns:n="${namespaceOf(version)}"`,
    ' xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"',
    ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">',
    `<s:Header>${blocks}</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  ].join('');
}

/** Posts text to a service. */
export function post(
  sandbox: Fixture,
  text: string | Uint8Array,
  options: SoapOptions & { operation?: string } = {},
): Promise<Reply> {
  const { version = 88, service = 'ErpSync', operation, contentType = 'text/xml; charset=utf-8' } = options;
  const action =
    options.action === undefined
      ? operation && `"${namespaceOf(version)}/${service}/${operation}"`
      : options.action;
  return sandbox.send(`/Remote/Services${version}/${service}.svc`, {
    method: 'POST',
    headers: { 'Content-Type': contentType, ...(action ? { SOAPAction: action } : {}) },
    body: text,
  });
}

/** Calls an operation with these elements as its parameters. */
export function callSoap(
  sandbox: Fixture,
  operation: string,
  parameters = '',
  options: SoapOptions = {},
): Promise<Reply> {
  const text = envelopeOf(`<n:${operation}>${parameters}</n:${operation}>`, options);
  return post(sandbox, text, { ...options, operation });
}

/** The text of the first element with this local name, or undefined; enough for answers without repetition. */
export function textOf(reply: Reply, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)</`).exec(reply.text)?.[1];
}

/** The service refuses with an exception in its header: HTTP 200, nothing in the body. */
export function expectException(reply: Reply, type: string, words = ''): void {
  expect([reply.status, textOf(reply, 'Succeeded'), textOf(reply, 'ExceptionType')]).toEqual([
    200,
    'false',
    type,
  ]);
  expect(textOf(reply, 'Message')).toContain(words);
  expect(textOf(reply, 'StackTrace')).toBe('');
  expect(reply.text).toMatch(/<s:Body><n:\w+\/><\/s:Body>/);
}

/** WCF refuses with a fault of SOAP 1.1. */
export function expectFault(reply: Reply, code: string, words = ''): void {
  expect([reply.status, textOf(reply, 'faultcode')]).toEqual([500, code]);
  expect(textOf(reply, 'faultstring')).toContain(words);
}
