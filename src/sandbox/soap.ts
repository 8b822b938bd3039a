/**
 * The SOAP half: from a request to what has to be done. The checks come in the order of WCF and of the service
 * behind it: method, media type, size, envelope, operation, action, arguments; then login and right. Nothing is
 * done before all hold.
 */
import type { OperationName } from '../agent/contract.ts';
import { WireValueError } from '../agent/wire-json.ts';
import type { Answer } from './answers.ts';
import type { Authentication } from './authentication.ts';
import type { Clock } from './clock.ts';
import { isLogin, performLogin } from './login-operations.ts';
import { argumentProblem, type Given, perform, resyncRequest } from './operations.ts';
import type { Prepared } from './prepared.ts';
import { Refusal } from './refusal.ts';
import { type Body, bodyLimit, type RequestHead } from './request.ts';
import { type FaultCode, soapFault } from './soap-answers.ts';
import { readEnvelope } from './soap-envelope.ts';
import { type Admission, admit, appTokenProblem, type Blocks, readBlocks } from './soap-login.ts';
import { leadsTo, readMedia } from './soap-media.ts';
import { pageOf } from './soap-pages.ts';
import { type Asked, exceptionAnswer, resultAnswer, soapVoice } from './soap-results.ts';
import { actionOf, type Service } from './soap-routes.ts';
import { readArguments } from './soap-values.ts';
import type { Tenant } from './state.ts';
import { readXmlDocument, type XmlElement } from './xml-document.ts';

/** What the SOAP half works with. */
interface SoapParts {
  readonly tenant: Tenant;
  readonly now: Clock;
  readonly authentication: Authentication;
  /** The sandbox's own URL, without a slash at its end. */
  readonly baseUrl: () => string;
}

/** Understands a request of a service without doing anything yet. */
export function prepareSoap(service: Service, head: RequestHead, body: Body, parts: SoapParts): Prepared {
  const asked: Asked = { service, soap: '1.1', operation: undefined };
  const refused = (answer: Answer): Prepared => refusal(asked, answer);
  if (head.method === 'GET') {
    const page = () => pageOf(service, head.query, parts.baseUrl());
    return { kind: 'ready', operation: null, resync: null, voice: soapVoice(asked), perform: page };
  }
  if (head.method !== 'POST') return refused(plain(405, `Not with ${head.method}.`, { Allow: 'GET, POST' }));
  const media = readMedia(head);
  if (media.kind === 'problem') return refused(plain(415, media.problem));
  if (body === 'too large') return refused(plain(413, `the body is larger than ${bodyLimit} bytes`));

  const document = readXmlDocument(body);
  if (document.kind === 'problem') return refused(soapFault(media.soap, 'Sender', document.problem));
  const envelope = readEnvelope(document.root, service.namespace);
  if (envelope.kind === 'problem') {
    return refused(soapFault(envelope.soap ?? media.soap, envelope.code, envelope.problem));
  }
  const { soap, blocks, content } = envelope;
  if (soap === '1.1' && media.soap === '1.2') {
    return refused(plain(415, 'an envelope of SOAP 1.1 does not come as application/soap+xml'));
  }
  return prepareOperation({ service, soap, operation: undefined }, media.actions, blocks, content, parts);
}

function prepareOperation(
  unknown: Asked,
  actions: readonly string[],
  blocks: ReadonlyMap<string, XmlElement>,
  content: XmlElement,
  parts: SoapParts,
): Prepared {
  const { service, soap } = unknown;
  const fault = (asked: Asked, code: FaultCode, message: string) =>
    refusal(asked, soapFault(soap, code, message));
  const operation = operationOf(service, content);
  if (operation === undefined) {
    const message = `The element ${content.name.slice(0, 60)} is no operation of ${service.path}.`;
    return fault(unknown, 'ActionNotSupported', message);
  }
  const asked: Asked = { ...unknown, operation };
  if (!leadsTo(actionOf(service, operation), actions, soap)) {
    return fault(asked, 'ActionNotSupported', `The action is not ${actionOf(service, operation)}.`);
  }
  let given: Given;
  let read: Blocks;
  try {
    given = readArguments(service, operation, content);
    read = readBlocks(service, blocks);
  } catch (error) {
    if (error instanceof WireValueError) return fault(asked, 'DeserializationFailed', error.message);
    throw error;
  }
  const problem = argumentProblem(operation, given);
  if (problem !== undefined) return fault(asked, 'DeserializationFailed', problem);
  return isLogin(operation)
    ? login(asked, read, () => performLogin(operation, given, parts.authentication), parts)
    : call(asked, operation, given, admit(operation, read, parts.authentication), parts);
}

/** The operation whose element stands in the body, if this version of the service has it. */
function operationOf({ namespace, operations }: Service, content: XmlElement): OperationName | undefined {
  return content.namespace === namespace ? operations.find((name) => name === content.name) : undefined;
}

/** A login needs no login. */
function login(asked: Asked, blocks: Blocks, work: () => unknown, { authentication }: SoapParts): Prepared {
  const problem = appTokenProblem(blocks, authentication);
  if (problem !== undefined) return refusal(asked, exceptionAnswer(asked, problem.type, problem.why));
  return ready(asked, {}, work);
}

function call(
  asked: Asked,
  operation: OperationName,
  given: Given,
  admission: Admission,
  { tenant, now }: SoapParts,
): Prepared {
  if (admission.kind === 'refused') {
    return refusal(asked, exceptionAnswer(asked, admission.type, admission.why));
  }
  return ready(asked, given, () => perform(operation, given, { tenant, caller: admission.user, now }));
}

function ready(asked: Asked, given: Given, work: () => unknown): Prepared {
  const { operation = null } = asked;
  return {
    kind: 'ready',
    operation,
    resync: operation === null ? null : resyncRequest(operation, given),
    voice: soapVoice(asked),
    perform: () => {
      try {
        return resultAnswer(asked, work());
      } catch (error) {
        if (error instanceof Refusal) return exceptionAnswer(asked, error.type, error.message);
        throw error;
      }
    },
  };
}

function refusal(asked: Asked, answer: Answer): Prepared {
  return { kind: 'refused', operation: asked.operation ?? null, answer, voice: soapVoice(asked) };
}

/** What the web server says before WCF is reached. */
function plain(status: number, message: string, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
    body: `${message}\n`,
  };
}
