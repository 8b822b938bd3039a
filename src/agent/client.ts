/** Typed calls of any operation over any transport, with the guards that hold for all of them. */
import { unusable } from '../error-words.ts';
import { ErpsyncError } from '../errors.ts';
import type { Outcome } from '../transport/outcome.ts';
import { type Attempted, type Clock, type RetryOptions, withRetries } from '../transport/retry.ts';
import type { Transport } from '../transport/transport.ts';
import { type ArgumentsOf, type OperationName, operationNamed, type ResultOf } from './contract.ts';

/** What one call may say beyond its parameters. */
export interface CallOptions extends Pick<RetryOptions, 'pace' | 'budget' | 'beforeTry'> {
  /** An empty key list is meant: every record. Without it such a call is refused and nothing is sent. */
  readonly everyRecord?: boolean;
  /** Ends the waiting between two tries. */
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait for another try, besides the client's own listener. */
  readonly onRetry?: (outcome: Outcome, delayMs: number) => void;
}

/** What the error of a write says beyond what the server said. */
export interface WriteWords {
  /** What did not come about: `company 959 was not linked`; without it a refusal is told in the server's words. */
  readonly failed?: string;
  /** The command that shows the present state. */
  readonly look: string;
  /** What to do about a refusal, where the present state does not explain it. */
  readonly mend?: string | undefined;
}

/** Calls operations; one for each command. */
export interface AgentClient {
  readonly transport: Transport;
  /** What became of a call, as a value; repeated as the outcome table allows. */
  call<N extends OperationName>(
    name: N,
    given: ArgumentsOf<N>,
    options?: CallOptions,
  ): Promise<Attempted<ResultOf<N>>>;
  /**
   * The result of an operation that only reads.
   *
   * @throws ErpsyncError for every outcome but accepted; a lost answer is `network`, since nothing changed.
   */
  read<N extends OperationName>(name: N, given: ArgumentsOf<N>): Promise<ResultOf<N>>;
  /**
   * The result of any operation.
   *
   * @throws ErpsyncError for every outcome but accepted: of a read as {@link AgentClient.read} does, of a
   *   write a lost answer is `unknown`; in the words given, if any
   */
  perform<N extends OperationName>(
    name: N,
    given: ArgumentsOf<N>,
    options?: CallOptions & { readonly words?: WriteWords },
  ): Promise<ResultOf<N>>;
  close(): Promise<void>;
}

/** What a client is made of. */
export interface ClientOptions {
  readonly transport: Transport;
  /** At most so many tries after the first one, for each call. */
  readonly retries: number;
  readonly clock: Clock;
  /** When it aborts, there is no further try. */
  readonly stop?: AbortSignal | undefined;
  /** Told before each wait for another try. */
  readonly onRetry?: (outcome: Outcome, delayMs: number) => void;
}

export function agentClient({ transport, retries, clock, stop, onRetry }: ClientOptions): AgentClient {
  async function call<N extends OperationName>(
    name: N,
    given: ArgumentsOf<N>,
    options: CallOptions = {},
  ): Promise<Attempted<ResultOf<N>>> {
    refuseAccidentalAll(name, given, options);
    const { effect } = operationNamed(name);
    const { everyRecord: _, onRetry: tell, signal = stop, ...manner } = options;
    return await withRetries(() => transport.call(name, given), {
      ...manner,
      effect,
      retries,
      clock,
      signal,
      renewal: transport.renewal,
      onRetry(outcome, delayMs) {
        tell?.(outcome, delayMs);
        onRetry?.(outcome, delayMs);
      },
    });
  }

  return {
    transport,
    call,
    async read(name, given) {
      const { outcome } = await call(name, given);
      if (outcome.kind === 'accepted') return outcome.value;
      throw asReadError(outcome);
    },
    async perform(name, given, { words, ...options } = {}) {
      const { outcome } = await call(name, given, options);
      if (outcome.kind === 'accepted') return outcome.value;
      const isRead = operationNamed(name).effect === 'read';
      throw isRead ? asReadError(outcome) : asWriteError(name, outcome, words);
    },
    close: () => transport.close(),
  };
}

/** The error of an operation that only reads: a lost answer leaves nothing unknown, since nothing changed. */
export function asReadError(outcome: Exclude<Outcome, { kind: 'accepted' }>): ErpsyncError {
  if (outcome.kind !== 'unknown') return outcome.error;
  const { remedy = 'run the same command again, or find what is wrong: erpsync doctor', error } = outcome;
  const { what, why = 'its answer was lost', httpStatus } = error;
  return new ErpsyncError('network', { what, why, next: remedy, httpStatus, cause: error });
}

/** The error of an operation that changes something: what was not done, or where its answer was lost, what to look at. */
export function asWriteError(
  name: OperationName,
  outcome: Exclude<Outcome, { kind: 'accepted' }>,
  words?: WriteWords,
): ErpsyncError {
  const { error } = outcome;
  const { message, what, why = 'its answer was lost', httpStatus } = error;
  if (outcome.kind === 'rejected' && words?.failed !== undefined) {
    const next = (outcome.general ? undefined : error.next) ?? words.mend ?? `look at it: ${words.look}`;
    return new ErpsyncError('rejected', {
      what: words.failed,
      why: message,
      next,
      httpStatus,
      cause: error,
    });
  }
  if (outcome.kind !== 'unknown' || name === 'ForceResyncBatchTask') return error;
  const next =
    words === undefined
      ? 'read what it changes before you repeat it; the operations: erpsync call --help'
      : `look before you repeat it: ${words.look}`;
  return new ErpsyncError('unknown', { what, why, next, httpStatus, cause: error });
}

/** An empty, null or missing key list means every record on the wire: never by accident. */
function refuseAccidentalAll(name: OperationName, given: object, { everyRecord }: CallOptions): void {
  const { emptyMeansAll } = operationNamed(name);
  if (emptyMeansAll === undefined || everyRecord) return;
  const keys: unknown = Reflect.get(given, emptyMeansAll);
  if (Array.isArray(keys) && keys.length > 0) return;
  throw unusable(
    `${name}.${emptyMeansAll}`,
    'it is empty, and without keys it means every record',
    'give the keys, or ask for every record with --all',
  );
}
