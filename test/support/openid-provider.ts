/**
 * SuperOffice Online around oidc-provider, an independent certified OpenID provider: its paths, its claims, the state
 * of a tenant and a web service that takes the provider's access tokens.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { listening } from './listening.ts';

/** The tenant, and an app that is registered as a native app. */
export const oidcTenant = 'Cust00000';
export const nativeApp = 'native-app';

const claim = (name: string): string => `http://schemes.superoffice.net/identity/${name}`;
const names = ['ctx', 'associateid', 'upn'].map(claim);
/** It takes a moment to be made. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** How the provider differs from what it is by itself. */
export interface ProviderOptions {
  /** Claims of the person, in place of good ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Life of an access token in seconds; 3600. */
  readonly life?: number;
  readonly rotates?: boolean;
}

/** A running one. */
export interface OpenidProvider {
  readonly url: string;
  /** What came to it: method and path. */
  readonly paths: readonly string[];
  /** The grants that were asked for at the token endpoint. */
  readonly grants: readonly string[];
  /** Every access token that was given out is refused from now on. */
  endAccessTokens(): void;
  /** The web service refuses every access token. */
  refuseAll(): void;
  /** Ends a refresh token as an administrator does who takes back the approval of the app. */
  endRefreshToken(token: string): Promise<void>;
  /** Goes through the login as a person in a browser does, as far as the address that it comes back to. */
  browse(address: string): Promise<string>;
}

export async function openidProvider({
  claims,
  life = 3600,
  rotates = false,
}: ProviderOptions = {}): Promise<OpenidProvider> {
  const paths: string[] = [];
  const grants: string[] = [];
  const refused = new Set<string>();
  const given = new Set<string>();
  let refusesAll = false;
  let url = '';
  let provider: Provider;

  async function api(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    given.add(token);
    const known = refusesAll || refused.has(token) ? undefined : await provider.AccessToken.find(token);
    if (known === undefined) return json(response, 401, { Message: 'no' });
    if (request.url?.includes('currentPrincipal')) {
      json(response, 200, {
        AssociateId: 5,
        Associate: 'tje0',
        FullName: 'Terje Example',
        RoleName: 'User level 0',
      });
    } else response.writeHead(204).end();
  }

  async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const grant = new provider.Grant({ accountId: 'terje', clientId: nativeApp });
    grant.addOIDCScope('openid');
    const result = { login: { accountId: 'terje' }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(`${request.method} ${path.split('?', 1)[0]}`);
    if (path.startsWith('/api/state/')) {
      const Endpoint = `${url}/${oidcTenant}`;
      json(response, 200, {
        ContextIdentifier: oidcTenant,
        Endpoint,
        Api: `${Endpoint}/api`,
        State: 'Running',
      });
    } else if (path.startsWith(`/${oidcTenant}/`)) void api(request, response);
    else if (path.startsWith('/interaction/')) void interaction(request, response);
    else void provider.callback()(request, response);
  });
  url = `http://127.0.0.1:${await listening(server)}`;
  const person = {
    [claim('ctx')]: oidcTenant,
    [claim('associateid')]: '5',
    [claim('upn')]: 'terje@example.com',
  };
  provider = new Provider(url, {
    clients: [
      {
        client_id: nativeApp,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' }] },
    cookies: { keys: ['only in tests'] },
    routes: {
      authorization: '/login/common/oauth/authorize',
      token: '/login/common/oauth/tokens',
      revocation: '/login/common/oauth/Revoke',
      jwks: '/login/.well-known/jwks',
    },
    claims: { openid: ['sub', ...names] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...person, ...claims }),
    }),
    issueRefreshToken: () => true,
    rotateRefreshToken: rotates,
    ttl: {
      AccessToken: life,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 86_400,
      Interaction: 600,
      IdToken: 300,
    },
  });
  provider.on('grant.success', (context: { oidc: { params: { grant_type: string } } }) =>
    grants.push(context.oidc.params.grant_type),
  );
  provider.on('grant.error', (context: { oidc: { params: { grant_type: string } } }) =>
    grants.push(`${context.oidc.params.grant_type} refused`),
  );
  return {
    url,
    paths,
    grants,
    endAccessTokens: () => {
      for (const token of given) refused.add(token);
    },
    refuseAll: () => {
      refusesAll = true;
    },
    endRefreshToken: async (token) => await (await provider.RefreshToken.find(token))?.destroy(),
    browse: (address) => browsed(address, url),
  };
}

/** Follows redirects with cookies, until they lead away from the provider. */
async function browsed(address: string, url: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = address;
  for (let count = 0; count < 10 && next.startsWith(`${url}/`); count++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    next = new URL(location, next).href;
  }
  return next;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
