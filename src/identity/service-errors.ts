/** What the services of SuperOffice Online did not answer, or not as they should: the same words for all of them. */
import { ErpsyncError } from '../errors.ts';
import type { Failure } from '../transport/http.ts';
import { failureOutcome } from '../transport/outcome.ts';

/** What to look at when an answer is not that of the service which was asked. */
export const checkService = 'check --env, and that no proxy answers in its place: erpsync doctor';
/** What to look at when a service does not know what it was asked with. */
export const checkSettings = 'check --client-id, --tenant and --env: erpsync config explain';
/** What to do when a login was refused and the clocks differ. */
export const setClock = 'set the clock of this machine right, and run the same command again';

/** No answer (exit 7). @param what what was not to be had for that */
export function notAnswered(what: string, failure: Failure): ErpsyncError {
  const { error } = failureOutcome(failure);
  return new ErpsyncError('network', {
    what,
    why: error.message,
    next: failure.handedOver ? 'run the same command again' : error.next,
    cause: error,
  });
}

/** An answer whose status says what is wrong. @param where the address that was asked */
export function refusedBy(
  where: string,
  what: string,
  refused: ErpsyncError,
  code = refused.code,
): ErpsyncError {
  const { message, next = checkService, httpStatus } = refused;
  return new ErpsyncError(code, { what, why: `${where}: ${message}`, next, httpStatus });
}

/** An answer that is not of the service (exit 7). */
export function notOfService(where: string, why: string, httpStatus?: number): ErpsyncError {
  return new ErpsyncError('network', {
    what: `the answer of ${where} cannot be used`,
    why,
    next: checkService,
    httpStatus,
  });
}
