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
import { unusable } from '../error-words.ts';
import { ErpsyncError, usageError } from '../errors.ts';
import type { Answer, HttpConnections } from './http.ts';
import { type Outcome, outcomeOf, type Reading, type Rejected, unsentFor } from './outcome.ts';
import { readSoapAnswer } from './soap-answer.ts';
import { type SoapHeader, type SoapVersion, soapEnvelope } from './soap-envelope.ts';
import type { LoginKind } from './status-errors.ts';
import type { SoapCredentials, SoapLogin, Transport } from './transport.ts';

/** What a SOAP transport needs to know. */
export interface SoapOptions {
  readonly connections: HttpConnections;
  readonly credentials: SoapCredentials;
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
    renewal: credentials.renewal,
    async call<N extends OperationName>(name: N, given: ArgumentsOf<N>): Promise<Outcome<ResultOf<N>>> {
      if (!isIn(name, services)) return unsentFor(lacking(name, services));
      let body: string;
      let login: LoginKind;
      try {
        const operation = writeRequest(name, given, services);
        const header = headerOf(name, await credentials.soapLogin(), timeZone);
        login = loginOf(header, credentials.renewal !== undefined || agentOf(name) === 'SoPrincipal');
        body = soapEnvelope(operation, header, services, soapVersion);
      } catch (error) {
        if (error instanceof ErpsyncError) return unsentFor(error);
        if (error instanceof UncarriableTextError) return uncarriable(error);
        throw error;
      }
      const exchange = await connections.exchange({
        method: 'POST',
        path: soapPath(name, services),
        headers: {
          Accept: soapVersion === '1.1' ? 'text/xml' : 'application/soap+xml',
          'Accept-Language': language,
          ...typeHeaders(soapVersion, soapAction(name, services)),
          'User-Agent': userAgent,
        },
        body,
        repeatable: operationNamed(name).effect === 'read',
      });
      const reading = ({ body }: Answer): Reading => readSoapAnswer(name, body, services);
      // The reading was checked against the contract of this very operation.
      return outcomeOf(name, exchange, reading, login) as Outcome<ResultOf<N>>;
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

/** @param isElsewhere the ticket of the header is not what the user gave, who logs in by something else */
function loginOf({ ticket }: SoapHeader, isElsewhere: boolean): LoginKind {
  if (isElsewhere) return 'other';
  return ticket === undefined ? 'none' : 'ticket';
}

/** Text that XML cannot carry: nothing was sent, and what stands beside it may be taken alone. */
function uncarriable({ path, problem }: UncarriableTextError): Rejected {
  const error = unusable(path, problem, 'take the character out, or use --transport rest');
  return { kind: 'rejected', stops: false, content: true, notFound: false, error };
}

function typeHeaders(version: SoapVersion, action: string): Record<string, string> {
  return version === '1.1'
    ? { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${action}"` }
    : { 'Content-Type': `application/soap+xml; charset=utf-8; action="${action}"` };
}

function lacking(name: OperationName, services: ServicesVersion): ErpsyncError {
  return usageError({
    what: `${name} cannot be called over SOAP with --services ${services}`,
    why: `Services${services} has no such operation`,
    next: 'use --services 88 if the server has it, or --transport rest',
  });
}
