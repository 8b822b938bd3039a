/** How a call travels: the interface that REST and SOAP share. */
import type { ArgumentsOf, OperationName, ResultOf } from '../agent/contract.ts';
import type { ServicesVersion } from '../agent/wire-xml.ts';
import type { Outcome } from './outcome.ts';

/**
 * Carries one call and says what became of it. Never throws for what a server or a network does;
 * what it throws is a bug or a value that does not fit the contract.
 */
export interface Transport {
  readonly name: 'rest' | 'soap';
  /** Of SOAP the version of the services; an operation that it lacks is unsent, with a usage error. */
  readonly services?: ServicesVersion;
  call<N extends OperationName>(name: N, given: ArgumentsOf<N>): Promise<Outcome<ResultOf<N>>>;
  /** How the credential of its calls is replaced, where it can be. */
  readonly renewal?: Renewal | undefined;
  /** The address that a call of the operation would go to, for plans. */
  addressOf(name: OperationName): string;
  /** Ends the connections that are kept open. */
  close(): Promise<void>;
}

/** What SOAP's Header holds of a login; both are absent where there is none. */
export interface SoapLogin {
  /** `Credentials/Ticket`. */
  readonly ticket: string | undefined;
  /** `ApplicationToken`: checked Online, not on-site. */
  readonly applicationToken: string | undefined;
}

/** Who calls REST. Asked before each request, so that a credential can be renewed in between. */
export interface RestCredentials {
  /** The headers that prove it: Authorization, SO-AppToken. @throws ErpsyncError if no credential is to be had. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** How to get another credential when the server no longer accepts the present one; absent where there is no other. */
  readonly renewal?: Renewal;
}

/** Who calls SOAP, as {@link RestCredentials} are for REST. */
export interface SoapCredentials {
  /** What proves it. @throws ErpsyncError if no ticket is to be had. */
  soapLogin(): Promise<SoapLogin>;
  readonly renewal?: Renewal;
}

/** Gets another credential, once for all calls that were under way with the same one. */
export interface Renewal {
  /** Counts the credentials that have been in use. */
  readonly generation: number;
  /**
   * @param stale the generation that was not accepted
   * @returns once another one is in use
   * @throws ErpsyncError for what the login failed of
   */
  renew(stale: number): Promise<void>;
}
