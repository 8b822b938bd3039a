/**
 * The SoPrincipal service: logins that answer a ticket. Nobody has logged in yet when they are called, so they
 * work with less than the operations of the agents; only SOAP has them.
 */
import type { ArgumentsOf, OperationName, ResultOf } from '../agent/contract.ts';
import { soPrincipal } from '../agent/neighbour-contract.ts';
import type { Authentication, Login } from './authentication.ts';
import type { Given } from './operations.ts';
import { systemInfo } from './system-info.ts';
import { principalCarrier } from './users.ts';

/** An operation of the SoPrincipal service. */
export type LoginOperation = keyof typeof soPrincipal;
/** Whether it is one. */
export function isLogin(name: OperationName): name is LoginOperation {
  return name in soPrincipal;
}

type LoginAnswer = ResultOf<'AuthenticateUsernamePassword'>;

type LoginImplementations = {
  readonly [N in LoginOperation]: (given: ArgumentsOf<N>, authentication: Authentication) => ResultOf<N>;
};

/** A wrong password is an answer like any other: no exception, `AuthenticationSucceeded` false. */
const failed: LoginAnswer = { Response: null, Credentials: null, AuthenticationSucceeded: false };

const implementations: LoginImplementations = {
  GetSystemInfo: () => systemInfo,

  // There is no Windows behind the sandbox that could vouch for anyone.
  AuthenticateImplicit: () => failed,

  // A ticket may stand in the place of the user name, with a blank password.
  AuthenticateUsernamePassword({ UserName, Password }, authentication) {
    const name = UserName ?? '';
    const password = Password ?? '';
    const byTicket = password === '' && name.startsWith('7T:');
    const login = byTicket ? authentication.byTicket(name) : authentication.byPassword(name, password);
    return loginAnswer(login, authentication);
  },

  // Which keys there are is not documented, so none is known.
  AuthenticateGeneric: () => failed,

  AuthenticateWithAccessToken: ({ AccessToken }, authentication) =>
    loginAnswer(authentication.byToken(AccessToken ?? ''), authentication),
};

function loginAnswer(login: Login, authentication: Authentication): LoginAnswer {
  if (login.kind === 'refused') return failed;
  const { user } = login;
  return {
    Response: principalCarrier(user),
    Credentials: { Ticket: authentication.issueTicket(user) },
    AuthenticationSucceeded: true,
  };
}

/** Does a login and returns its result. Decoding and the check of the application token come before. */
export function performLogin(name: LoginOperation, given: Given, authentication: Authentication): unknown {
  const implementation = implementations[name] as (given: Given, authentication: Authentication) => unknown;
  return implementation(given, authentication);
}
