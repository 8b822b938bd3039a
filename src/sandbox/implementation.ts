/** How an operation of the contract is implemented, below every protocol. */
import type { ArgumentsOf, OperationName, ResultOf } from '../agent/contract.ts';
import type { Tenant } from './model.ts';
import type { User } from './users.ts';

/** On what and for whom an operation works. */
export interface Call {
  readonly tenant: Tenant;
  readonly caller: User;
}

/** The operations that the sandbox answers, by their names; those of the contract that are missing are not. */
export type Implementations = {
  readonly [N in OperationName]?: (given: ArgumentsOf<N>, call: Call) => ResultOf<N>;
};
