/**
 * The authorization endpoint: whether a request may be answered at all, the sign-in, and the way back to the app.
 * Who asks for something else than the app's registration allows is told on a page and sent nowhere.
 */
import type { Answer } from './answers.ts';
import type { Authentication } from './authentication.ts';
import type { SandboxCredentials } from './credentials.ts';
import { type Parameters, readForm, readParameters } from './form.ts';
import type { CodeRequest, Grants } from './grants.ts';
import { errorPage, formPostPage, signInPage } from './openid-pages.ts';
import type { Body, RequestHead } from './request.ts';
import type { User } from './users.ts';

/** How a sign-in goes: a page asks for name and password, or it succeeds or fails without anybody. */
export const signIns = ['form', 'auto', 'refuse'] as const;
/** One of {@link signIns}. */
export type SignIn = (typeof signIns)[number];

/** What the endpoint works with. */
export interface AuthorizeParts {
  readonly credentials: SandboxCredentials;
  readonly authentication: Authentication;
  readonly grants: Grants;
  readonly tenant: string;
  readonly signIn: SignIn;
  /** Who signs in where nobody is asked. */
  readonly administrator: User;
}

/**
 * What the portal registers for a native app: this address with any port of four digits and more, and nothing behind
 * it, not even a slash.
 */
export const registeredRedirect = /^http:\/\/127\.0\.0\.1:\d{4,10}$/;

const responseModes = ['query', 'fragment', 'form_post'] as const;

/** An error of OAuth, with its words. */
type Problem = readonly [error: string, description: string];

/** How the app is told, once it is known that it may be. */
interface WayBack {
  readonly redirectUri: string;
  readonly mode: (typeof responseModes)[number];
  readonly state: string | undefined;
}

/** Answers a request. @param named The tenant that the path names, or `common`. */
export function authorize(head: RequestHead, body: Body, named: string, parts: AuthorizeParts): Answer {
  const asked = readParameters(head.query ?? '');
  if (asked.repeated !== undefined) return errorPage(400, `${asked.repeated.slice(0, 40)} is given twice.`);
  const redirectUri = asked.get('redirect_uri') ?? '';
  if (asked.get('client_id') !== parts.credentials.clientId) {
    return errorPage(400, 'unauthorized_client: the client_id is not that of an app.');
  }
  if (!registeredRedirect.test(redirectUri)) {
    return errorPage(400, 'InvalidRedirectUrl (2): the redirect_uri is not one that the app has registered.');
  }
  const mode = responseModes.find((one) => one === (asked.get('response_mode') ?? 'query'));
  const back: WayBack = { redirectUri, mode: mode ?? 'query', state: asked.get('state') };
  const challenge = challengeIn(asked);
  const problem = problemOf(asked, mode);
  if (problem !== undefined) return failed(back, problem);
  if (challenge.kind === 'problem') return failed(back, challenge.problem);
  const foreign = tenantsIn(asked, named).find((one) => one.toLowerCase() !== parts.tenant.toLowerCase());
  if (foreign !== undefined) return errorPage(404, `There is no tenant ${foreign.slice(0, 80)}.`);
  const signedIn = signIn(head, body, asked, parts);
  switch (signedIn.kind) {
    case 'page':
      return signedIn.answer;
    case 'denied':
      return failed(back, ['access_denied', 'Denied (4).']);
    case 'unseen':
      return failed(back, ['login_required', 'The user has to sign in.']);
    case 'user': {
      const { method, text } = challenge;
      const nonce = asked.get('nonce');
      const code = parts.grants.issueCode({
        user: signedIn.user,
        redirectUri,
        challenge: text,
        method,
        nonce,
      });
      return returned(back, [['code', code]]);
    }
  }
}

/** What the app has asked for wrongly. */
function problemOf(asked: Parameters, mode: string | undefined): Problem | undefined {
  if (mode === undefined) return ['invalid_request', 'The response_mode is not supported.'];
  if (asked.get('response_type') !== 'code') {
    return ['unsupported_response_type', 'The response_type is not code.'];
  }
  const hasScope = asked.get('scope')?.split(' ').includes('openid');
  return hasScope ? undefined : ['invalid_scope', 'The scope is not openid.'];
}

type Challenge =
  | { readonly kind: 'challenge'; readonly text: string; readonly method: CodeRequest['method'] }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** A native app has to prove its code. Without a method the challenge is the verifier itself, which S256 is not. */
function challengeIn(asked: Parameters): Challenge {
  const problem = (words: string): Challenge => ({ kind: 'problem', problem: ['invalid_request', words] });
  const text = asked.get('code_challenge');
  const method = asked.get('code_challenge_method') ?? 'plain';
  if (text === undefined) return problem('The code_challenge is missing.');
  if (method !== 'S256' && method !== 'plain')
    return problem('The code_challenge_method is not S256 or plain.');
  const form = method === 'S256' ? /^[\w-]{43}$/ : /^[\w.~-]{43,128}$/;
  return form.test(text)
    ? { kind: 'challenge', text, method }
    : problem(`The code_challenge is none of ${method}.`);
}

/** The tenants that the path and `acr_values=tenant:...` name: who names one is not asked which. */
function tenantsIn(asked: Parameters, named: string): readonly string[] {
  const [, hinted] = /(?:^| )tenant:(\S+)/.exec(asked.get('acr_values') ?? '') ?? [];
  return [named, hinted].filter((one) => one !== undefined && one.toLowerCase() !== 'common') as string[];
}

type SignedIn =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'page'; readonly answer: Answer }
  | { readonly kind: 'denied' | 'unseen' };

function signIn(head: RequestHead, body: Body, asked: Parameters, parts: AuthorizeParts): SignedIn {
  if (parts.signIn === 'auto') return { kind: 'user', user: parts.administrator };
  if (parts.signIn === 'refuse') return { kind: 'denied' };
  if (asked.get('prompt') === 'none') return { kind: 'unseen' };
  const { tenant, authentication } = parts;
  const hint = asked.get('login_hint') ?? '';
  if (head.method !== 'POST') return { kind: 'page', answer: signInPage(tenant, hint, undefined) };
  const form = readForm(head, body);
  if (form.kind === 'problem') return { kind: 'page', answer: errorPage(form.status, form.problem) };
  const { parameters } = form;
  if (parameters.get('answer') === 'deny') return { kind: 'denied' };
  const username = parameters.get('username') ?? '';
  const login = authentication.byPassword(username, parameters.get('password') ?? '');
  if (login.kind === 'user') return login;
  return { kind: 'page', answer: signInPage(tenant, username, login.why) };
}

function failed(back: WayBack, [error, description]: Problem): Answer {
  const answer = returned(back, [
    ['error', error],
    ['error_description', description],
  ]);
  return { ...answer, isRefusal: true };
}

/** Back to the app, in the way it has asked for. */
function returned(
  { redirectUri, mode, state }: WayBack,
  told: readonly (readonly [string, string])[],
): Answer {
  const values = new Map([...told, ...(state === undefined ? [] : [['state', state] as const])]);
  if (mode === 'form_post') return formPostPage(redirectUri, values);
  const text = new URLSearchParams([...values]).toString();
  const Location = `${redirectUri}${mode === 'query' ? '?' : '#'}${text}`;
  return {
    status: 302,
    headers: { Location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
    body: undefined,
  };
}
