/** Answers of operations in SOAP: how it went stands in header blocks, with HTTP 200 whatever it was. */
import type { OperationName } from '../agent/contract.ts';
import { operationNamed } from '../agent/contract.ts';
import type { Answer } from './answers.ts';
import { element } from './markup.ts';
import { envelopeAnswer, type SoapVersion, soapFault } from './soap-answers.ts';
import { responseHeaders } from './soap-carriers.ts';
import { responseElement, responseMembers } from './soap-elements.ts';
import type { Service } from './soap-routes.ts';
import { prefixes, writeMembers } from './soap-writer.ts';
import type { Voice } from './voice.ts';

/** What an answer depends on beside its content. */
export interface Asked {
  readonly service: Service;
  readonly soap: SoapVersion;
  /** Undefined where the request was not understood so far. */
  readonly operation: OperationName | undefined;
}

/** The result of the operation: `Succeeded` true, no exception. */
export function resultAnswer(asked: Asked, value: unknown): Answer {
  return answer(asked, { Succeeded: true }, value);
}

/**
 * An operation that was refused, or that nobody may call so: `Succeeded` false, the exception in its header
 * block, and an empty response element. There is never a stack trace.
 */
export function exceptionAnswer(asked: Asked, type: string, message: string): Answer {
  const exception = {
    Message: message,
    StackTrace: '',
    FriendlyText: message,
    ExceptionType: type,
    Source: 'SuperOffice.Services.Implementation',
  };
  const said = answer(asked, { Succeeded: false, ExceptionInfo: exception }, undefined);
  return { ...said, isRefusal: true };
}

/** SOAP's words: a failure is a fault; statuses other than 200 and 500 are those of the server around it. */
export function soapVoice(asked: Asked): Voice {
  const refusal = (message: string) => exceptionAnswer(asked, 'SoException', message);
  const failure = (message: string) => soapFault(asked.soap, 'InternalServiceFault', message);
  return {
    failure,
    error: (status, message) =>
      status === 500 ? failure(message) : status === 200 ? refusal(message) : undefined,
    refusal,
    nullResult: () => nullAnswer(asked),
  };
}

/** A result that is nil; an empty body where there is no result to be nil, for its empty element would be success. */
function nullAnswer(asked: Asked): Answer {
  const { operation } = asked;
  const hasResult = operation !== undefined && operationNamed(operation).result.kind !== 'nothing';
  return resultAnswer(hasResult ? asked : { ...asked, operation: undefined }, null);
}

function answer({ service, soap, operation }: Asked, header: object, value: unknown): Answer {
  const body = operation === undefined ? '' : responseOf(service, operation, value);
  return envelopeAnswer(soap, writeMembers(service, responseHeaders, header), body, prefixes(service));
}

function responseOf(service: Service, operation: OperationName, value: unknown): string {
  const name = `n:${responseElement(operation)}`;
  if (value === undefined) return element(name, {});
  const { soap } = operationNamed(operation);
  const members = soap?.result === 'members' ? value : { [soap?.result ?? 'Response']: value };
  return element(name, {}, writeMembers(service, responseMembers(operation), members));
}
