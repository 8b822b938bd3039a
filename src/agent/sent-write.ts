/** Writes whose failure is told in the words of what was to be done. */
import { ErpsyncError } from '../errors.ts';
import type { AgentClient } from './client.ts';
import type { ArgumentsOf, OperationName, ResultOf } from './contract.ts';

/** What an error says beyond what the server said. */
export interface WriteWords {
  /** What did not come about: `company 959 was not linked`. */
  readonly failed: string;
  /** The command that shows the present state. */
  readonly look: string;
}

/**
 * Performs a write.
 *
 * @throws ErpsyncError of the outcome: a refusal (`false` too) says what was not done, a lost answer is
 *   `unknown`; both name the command to look with
 */
export async function sendWrite<N extends OperationName>(
  client: AgentClient,
  name: N,
  given: ArgumentsOf<N>,
  { failed, look }: WriteWords,
): Promise<ResultOf<N>> {
  const { outcome } = await client.call(name, given);
  if (outcome.kind === 'accepted') return outcome.value;
  const { error } = outcome;
  const { httpStatus } = error;
  if (outcome.kind === 'unsent') throw error;
  if (outcome.kind === 'rejected') {
    const hint = error.hint ?? `look at it: ${look}`;
    throw new ErpsyncError('rejected', `${failed}: ${error.message}`, { httpStatus, hint, cause: error });
  }
  throw new ErpsyncError('unknown', error.message, {
    httpStatus,
    hint: `whether ${name} took effect is not known; look before you repeat it: ${look}`,
    cause: error,
  });
}
