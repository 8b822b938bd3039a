/** NetServer's SOAP services: one POST with an envelope for each operation, judged by the same table as REST. */
import {
  type ArgumentsOf,
  agentOf,
  type OperationName,
  operationNamed,
  type ResultOf,
} from '../agent/contract.ts';
import { isIn, type ServicesVersion, soapAction, soapPath } from '../agent/wire-xml.ts';
import { UncarriableTextError, writeRequest } from '../agent/xml-writer.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import type { HttpConnections } from './http.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { readSoapAnswer } from './soap-answer.ts';
import { type SoapHeader, type SoapVersion, soapEnvelope } from './soap-envelope.ts';
import type { Credentials, SoapLogin, Transport } from './transport.ts';

/** What a SOAP transport needs to know. */
export interface SoapOptions {
  readonly connections: HttpConnections;
  readonly credentials: Pick<Credentials, 'soapLogin'>;
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** `Accept-Language`; SOAP has no header of its own for it. */
  readonly language: string;
  /** The zone of points in time; without it they are in the server's base time zone. */
  readonly timeZone: string | undefined;
  readonly services: ServicesVersion;
  readonly soapVersion: SoapVersion;
}

/** A transport over SOAP. */
export function soapTransport(options: SoapOptions): Transport {
  const { connections, credentials, userAgent, language, timeZone, services, soapVersion } = options;
  return {
    name: 'soap',
    services,
    async call<N extends OperationName>(name: N, given: ArgumentsOf<N>): Promise<Outcome<ResultOf<N>>> {
      refuseLacking(name, services);
      const operation = carried(() => writeRequest(name, given, services));
      let login: SoapLogin;
      try {
        login = await credentials.soapLogin();
      } catch (error) {
        if (error instanceof ErpsyncError)
          return { kind: 'unsent', again: 'no', retryAfterMs: undefined, error };
        throw error;
      }
      const header = headerOf(name, login, timeZone);
      const exchange = await connections.exchange({
        method: 'POST',
        path: soapPath(name, services),
        headers: {
          Accept: soapVersion === '1.1' ? 'text/xml' : 'application/soap+xml',
          'Accept-Language': language,
          ...typeHeaders(soapVersion, soapAction(name, services)),
          'User-Agent': userAgent,
        },
        body: carried(() => soapEnvelope(operation, header, services, soapVersion)),
        repeatable: operationNamed(name).effect === 'read',
      });
      const reading = outcomeOf(name, exchange, ({ body }) => readSoapAnswer(name, body, services));
      // The reading was checked against the contract of this very operation.
      return reading as Outcome<ResultOf<N>>;
    },
    addressOf: (name) => connections.addressOf(soapPath(name, services)),
    close: () => connections.close(),
  };
}

/** A login finds out who calls: it has neither ticket nor zone yet. */
function headerOf(name: OperationName, login: SoapLogin, timeZone: string | undefined): SoapHeader {
  return agentOf(name) === 'SoPrincipal'
    ? { applicationToken: login.applicationToken, ticket: undefined, timeZone: undefined }
    : { ...login, timeZone };
}

/** What is written, or a usage error for a text that XML cannot carry, before anything is sent. */
function carried(write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof UncarriableTextError) {
      throw usageError(error.message, 'take the character out, or use --transport rest');
    }
    throw error;
  }
}

function typeHeaders(version: SoapVersion, action: string): Record<string, string> {
  return version === '1.1'
    ? { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${action}"` }
    : { 'Content-Type': `application/soap+xml; charset=utf-8; action="${action}"` };
}

function refuseLacking(name: OperationName, services: ServicesVersion): void {
  if (isIn(name, services)) return;
  throw usageError(
    `Services${services} has no ${name}`,
    'use --services 88 if the server has it, or --transport rest',
  );
}
