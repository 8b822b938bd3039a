/** How a call travels: the interface that REST and SOAP share. */
import type { ArgumentsOf, OperationName, ResultOf } from '../agent/contract.ts';
import type { Outcome } from './outcome.ts';

/**
 * Carries one call and says what became of it. Never throws for what a server or a network does;
 * what it throws is a bug or a value that does not fit the contract.
 */
export interface Transport {
  readonly name: 'rest' | 'soap';
  call<N extends OperationName>(name: N, given: ArgumentsOf<N>): Promise<Outcome<ResultOf<N>>>;
  /** The address that a call of the operation would go to, for plans. */
  addressOf(name: OperationName): string;
  /** Ends the connections that are kept open. */
  close(): Promise<void>;
}

/** Who calls. Asked before each request, so that a credential can be renewed in between. */
export interface Credentials {
  /** The headers that prove it: Authorization, SO-AppToken. */
  headers(): Promise<Readonly<Record<string, string>>>;
}
