/** Envelopes: what a request is put into. */
import {
  arraysNamespace,
  instanceNamespace,
  type ServicesVersion,
  serviceNamespace,
} from '../agent/wire-xml.ts';
import { xmlText } from '../agent/xml-writer.ts';
import type { SoapLogin } from './transport.ts';

/** The versions of SOAP. Every published WSDL says 1.1; a site can be configured for 1.2. */
export type SoapVersion = '1.1' | '1.2';

const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** Whether it is the namespace of envelopes, in either version. */
export function isEnvelopeNamespace(uri: string): boolean {
  return uri === envelopeNamespaces['1.1'] || uri === envelopeNamespaces['1.2'];
}

/** The header blocks of a request. */
export interface SoapHeader extends SoapLogin {
  /** The zone of points in time: an id or a name that the server knows. */
  readonly timeZone: string | undefined;
}

/** A request's document around its operation element. Header blocks stand inside Header, in the service's namespace. */
export function soapEnvelope(
  operation: string,
  { ticket, applicationToken, timeZone }: SoapHeader,
  services: ServicesVersion,
  version: SoapVersion,
): string {
  const blocks = [
    ...(applicationToken === undefined
      ? []
      : [block('ApplicationToken', xmlText(applicationToken, 'ApplicationToken'))]),
    ...(ticket === undefined ? [] : [block('Credentials', block('Ticket', xmlText(ticket, 'Ticket')))]),
    ...(timeZone === undefined ? [] : [block('TimeZone', timeZoneBlock(timeZone))]),
  ];
  const namespaces = [
    `xmlns:s="${envelopeNamespaces[version]}"`,
    `xmlns:n="${serviceNamespace(services)}"`,
    `xmlns:a="${arraysNamespace}"`,
    `xmlns:i="${instanceNamespace}"`,
  ];
  const header = blocks.length === 0 ? '' : `<s:Header>${blocks.join('')}</s:Header>`;
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope ${namespaces.join(' ')}>${header}<s:Body>${operation}</s:Body></s:Envelope>`;
}

function block(name: string, content: string): string {
  return `<n:${name}>${content}</n:${name}>`;
}

/** A number is an id. What REST's header takes behind a comma (`includeTZOffset`), SOAP has no place for. */
function timeZoneBlock(timeZone: string): string {
  const zone = timeZone.split(',', 1).join('').trim();
  const name = /^\d{1,9}$/.test(zone) ? 'SoTimeZoneId' : 'SoTimeZoneLocationCode';
  return block(name, xmlText(zone, 'TimeZone'));
}
