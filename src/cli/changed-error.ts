/** Errors that are told in other words than where they were made. */
import { ErpsyncError, type ErrorCode, type ErrorParts } from '../errors.ts';

/** The same error with some of its parts changed. */
export function changedError(
  error: ErpsyncError,
  { code = error.code, ...parts }: Partial<ErrorParts> & { readonly code?: ErrorCode },
): ErpsyncError {
  const { what, why, next, httpStatus, concerns, cause, exitCode } = error;
  const all = { what, why, next, httpStatus, concerns, cause, exitCode, ...parts };
  return new ErpsyncError(code, all);
}
