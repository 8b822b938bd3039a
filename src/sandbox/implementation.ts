/** How an operation of the contract is implemented, below every protocol. */
import type { ArgumentsOf, OperationName, ResultOf } from '../agent/contract.ts';
import type { soPrincipal } from '../agent/neighbour-contract.ts';
import type { Clock } from './clock.ts';
import type { Tenant } from './state.ts';
import type { User } from './users.ts';

/** On what, for whom and when an operation works. */
export interface Call {
  readonly tenant: Tenant;
  readonly caller: User;
  readonly now: Clock;
}

/** The operations that the sandbox answers. */
export type Answered = Exclude<OperationName, keyof typeof soPrincipal>;

/**
 * Every operation by its name. Arguments have been decoded strictly. What is refused throws a `Refusal`
 * before anything is changed; a record that is asked for by its id and not there is null.
 */
export type Implementations = {
  readonly [N in Answered]: (given: ArgumentsOf<N>, call: Call) => ResultOf<N>;
};
