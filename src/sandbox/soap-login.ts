/** Who a SOAP request comes from: a ticket in its header blocks, and the application token. */
import { agentOf, type OperationName } from '../agent/contract.ts';
import { SoCredentials } from '../agent/login-carriers.ts';
import { string, type ValueOf } from '../agent/wire-types.ts';
import type { Authentication } from './authentication.ts';
import { mayCall } from './operations.ts';
import { SoTimeZone } from './soap-carriers.ts';
import type { Service } from './soap-routes.ts';
import { readValue } from './soap-values.ts';
import type { User } from './users.ts';
import type { XmlElement } from './xml-document.ts';

/** The header blocks of a request. */
export interface Blocks {
  /** Undefined where it is absent, nil or empty, as generated clients leave it. */
  readonly appToken: string | undefined;
  readonly ticket: string | undefined;
}

/** Reads the header blocks strictly. @throws WireValueError with the name of the one that does not fit. */
export function readBlocks(service: Service, blocks: ReadonlyMap<string, XmlElement>): Blocks {
  const read = (name: string, type: typeof string | typeof SoCredentials | typeof SoTimeZone) => {
    const block = blocks.get(name);
    return block === undefined ? null : readValue(service, type, block, name);
  };
  // The sandbox's times are in UTC whatever is asked for, but the block has to be one.
  read('TimeZone', SoTimeZone);
  const credentials = read('Credentials', SoCredentials) as ValueOf<typeof SoCredentials>;
  return {
    appToken: given(read('ApplicationToken', string)),
    ticket: given(credentials?.Ticket),
  };
}

/** A caller that may use the operation, or the exception that says why not. */
export type Admission =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'refused'; readonly type: string; readonly why: string };

/**
 * The exception of a request without a login that holds: no ticket, one that is not valid or has expired, or not
 * the right application token. HTTP knows nothing of it, the status is 200.
 */
const sessionException = 'SoSessionException';
const accessDenied = 'SoAccessDeniedException';

/** Why the application token is refused, or undefined. */
export function appTokenProblem(
  { appToken }: Blocks,
  authentication: Authentication,
): Extract<Admission, { readonly kind: 'refused' }> | undefined {
  if (authentication.acceptsAppToken(appToken)) return undefined;
  const why = `The application token is ${appToken === undefined ? 'missing' : 'not valid'}.`;
  return { kind: 'refused', type: sessionException, why };
}

/** Who calls an operation of an agent, with the right to do so. */
export function admit(operation: OperationName, blocks: Blocks, authentication: Authentication): Admission {
  const problem = appTokenProblem(blocks, authentication);
  if (problem !== undefined) return problem;
  const { ticket } = blocks;
  if (ticket === undefined)
    return { kind: 'refused', type: sessionException, why: 'The request carries no ticket.' };
  const login = authentication.byTicket(ticket);
  if (login.kind === 'refused') return { ...login, type: sessionException };
  if (mayCall(login.user, operation)) return login;
  const why = `The user may not use the ${agentOf(operation)} agent.`;
  return { kind: 'refused', type: accessDenied, why };
}

function given(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
