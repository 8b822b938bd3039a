/** What an app and a browser do at the sandbox's OpenID provider. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Fixture, Reply } from './sandbox-fixture.ts';

/** A verifier, its challenge, and where the app listens. */
export const verifier = 'verifier-of-the-test-with-43-characters-and-more';
export const challenge = createHash('sha256').update(verifier).digest('base64url');
export const redirectUri = 'http://127.0.0.1:49152';

type Fields = Readonly<Record<string, string | undefined>>;

function encoded(fields: Fields): string {
  const given = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(given).toString();
}

/** The address of a right authorization request, changed; undefined leaves a parameter out. */
export function authorization(sandbox: Fixture, change: Fields = {}, tenant = 'common'): string {
  const query = encoded({
    response_type: 'code',
    client_id: sandbox.credentials.clientId,
    redirect_uri: redirectUri,
    scope: 'openid',
    state: 'st&te',
    nonce: 'n-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...change,
  });
  return `/login/${tenant}/oauth/authorize?${query}`;
}

/** Posts a form. */
export function post(
  sandbox: Fixture,
  path: string,
  fields: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return sandbox.send(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: encoded(fields),
  });
}

/** The parameters with which the browser is sent back to the app. */
export function sentBack({ status, headers }: Reply): Readonly<Record<string, string>> {
  expect(status).toBe(302);
  const [address = '', query = ''] = (headers.get('location') ?? '').split('?');
  expect(address).toBe(redirectUri);
  return Object.fromEntries(new URLSearchParams(query));
}

/** Signs in with the form, and returns the code. */
export async function signIn(
  sandbox: Fixture,
  change: Fields = {},
  user: Fields = { username: 'tje0', password: 'Tje0' },
): Promise<string> {
  const { code = '' } = sentBack(await post(sandbox, authorization(sandbox, change), user));
  expect(code).not.toBe('');
  return code;
}

/** Redeems a code, with the right parameters unless they are changed. */
export function redeem(
  sandbox: Fixture,
  code: string,
  change: Fields = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const fields = {
    grant_type: 'authorization_code',
    client_id: sandbox.credentials.clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...change,
  };
  return post(sandbox, '/login/common/oauth/tokens', fields, headers);
}

/** What an answer with tokens holds. */
export interface Tokens {
  readonly token_type: string;
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly id_token: string;
}

/** The tokens of somebody who has signed in. */
export async function tokens(sandbox: Fixture): Promise<Tokens> {
  const reply = await redeem(sandbox, await signIn(sandbox));
  expect(reply.status).toBe(200);
  return reply.json as Tokens;
}

/** Asks for another access token. */
export function refresh(sandbox: Fixture, refreshToken: string, change: Fields = {}): Promise<Reply> {
  return post(sandbox, '/login/common/oauth/tokens', {
    grant_type: 'refresh_token',
    client_id: sandbox.credentials.clientId,
    refresh_token: refreshToken,
    ...change,
  });
}

/** What REST answers to an access token: a status. */
export async function statusOf(sandbox: Fixture, accessToken: string): Promise<number> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  return (await sandbox.send('/api/v1/User/currentPrincipal', { headers })).status;
}
