/** A login service that answers anything: a login and a refresh end with tokens, or with an error to act on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { beginLogin } from '../../../src/identity/oidc-login.ts';
import { refreshedTokens } from '../../../src/identity/oidc-service.ts';
import { onlineOf } from '../../../src/profiles/address.ts';
import { createSigningKey } from '../../../src/sandbox/signing-key.ts';
import type { RawRequests } from '../../../src/transport/raw.ts';
import { hostileBodies, hostileHeads, hostileJson } from '../../support/hostile-answers.ts';

const online = onlineOf({ environment: 'online' });
const app = {
  address: { kind: 'tenant', tenant: 'Cust12345', online },
  clientId: 'app',
  clientSecret: undefined,
} as const;
const key = createSigningKey();
const claim = (name: string): string => `http://schemes.superoffice.net/identity/${name}`;
const now = Date.now();
/** What those who show values of a failed property should not have to show. */
const deep: unknown = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`);

interface Said {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** The service: hostile at its token endpoint, right where its keys are. */
function surroundings(said: Said) {
  const requests: RawRequests = {
    addressOf: (path) => `${online.baseUrl}${path}`,
    send: ({ path }) =>
      Promise.resolve({
        kind: 'answer',
        durationMs: 1,
        ...(path.includes('jwks')
          ? { status: 200, headers: new Map(), body: Buffer.from(JSON.stringify(key.keySet())) }
          : said),
      }),
  };
  return { requests, clock: () => now, conceal: () => undefined };
}

/** What it came to: nothing else than tokens or an error of ours. */
async function ended(work: Promise<{ login: { ticket: string; expiresAt?: number | undefined } }>) {
  const end = await work.catch((error: unknown) => error);
  if (end instanceof ErpsyncError) {
    expect(['auth', 'network', 'unavailable', 'rejected', 'forbidden']).toContain(end.code);
    expect(end.message).not.toBe('');
    return;
  }
  expect(end).toHaveProperty('login');
  const { login } = end as { login: { ticket: string; expiresAt?: number } };
  expect(login.ticket).toMatch(/^[\x21-\x7e]+$/);
  if (login.expiresAt !== undefined) expect(() => new Date(login.expiresAt ?? 0).toISOString()).not.toThrow();
}

const values = hostileJson.map((text): unknown => JSON.parse(text));
const lives = fc.oneof(values, fc.constantFrom<unknown>(3600, '3600', 0, -1, 1e300, 2 ** 60, 0.5));
const tokenLike = fc.record(
  {
    token_type: fc.oneof(values, fc.constantFrom('Bearer', 'bearer', 'mac')),
    access_token: fc.oneof(values, fc.constant('8A:Cust12345.x')),
    expires_in: lives,
    refresh_token: fc.oneof(values, fc.constant('r')),
    error: values,
    error_description: values,
  },
  { requiredKeys: [] },
);
const heads = hostileHeads.map(({ status, lines }) => ({
  status,
  headers: new Map(lines.map(([name, value]) => [name.toLowerCase(), value])),
}));
const right = { status: 200, headers: new Map([['content-type', 'application/json']]) };

describe('a refresh', () => {
  test('when the service answers anything then it ends with tokens or an error', {
    timeout: 60_000,
  }, async () => {
    const bodies = fc.oneof(
      hostileBodies,
      tokenLike.map((json) => Buffer.from(JSON.stringify(json))),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(heads, fc.constant(right)), bodies, async (head, body) => {
        await ended(refreshedTokens(app, 'refresh', surroundings({ ...head, body })));
      }),
      { numRuns: 400 },
    );
  });

  test.each([1e300, 2 ** 60, 1e15])(
    'when the life of a token is %d s then it has an end that can be shown',
    async (life) => {
      const json = { token_type: 'Bearer', access_token: 'x', expires_in: life };
      await ended(
        refreshedTokens(app, 'r', surroundings({ ...right, body: Buffer.from(JSON.stringify(json)) })),
      );
    },
  );
});

describe('a login', () => {
  test('when the id token claims anything then it ends with tokens or an error', {
    timeout: 60_000,
  }, async () => {
    const names = ['iss', 'aud', 'exp', 'iat', 'nbf', 'sub', 'nonce', 'azp', 'auth_time'];
    const own = ['ctx', 'associateid', 'upn', 'email', 'initials'].map(claim);
    const strange = fc.oneof(values, fc.constantFrom<unknown>({ toString: 1, valueOf: 1 }, 'deep'));
    const changes = fc.dictionary(fc.constantFrom(...names, ...own), strange, {
      maxKeys: 2,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(changes, tokenLike, async (changed, answer) => {
        const begun = await beginLogin(app, 'http://127.0.0.1:50000');
        const nonce = new URL(begun.address).searchParams.get('nonce');
        const seconds = Math.floor(now / 1_000);
        const token = key.token({
          ...{ iss: online.baseUrl, aud: 'app', sub: 'x', iat: seconds, exp: seconds + 300, nonce },
          [claim('ctx')]: 'Cust12345',
          ...Object.fromEntries(
            Object.entries(changed).map(([name, value]) => [name, value === 'deep' ? deep : value]),
          ),
        });
        const { error: _, ...good } = answer;
        const json = { ...good, token_type: 'Bearer', access_token: '8A:x', id_token: token };
        const said = { ...right, body: Buffer.from(JSON.stringify(json)) };
        const brought = new URLSearchParams({ code: 'c0de', state: begun.state });
        await ended(begun.finish(brought, surroundings(said)));
      }),
      { numRuns: 300 },
    );
  });

  test('when the browser brings anything then it ends with an error', { timeout: 60_000 }, async () => {
    const names = fc.constantFrom(
      'code',
      'state',
      'error',
      'error_description',
      'iss',
      'id_token',
      'response',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, fc.string({ unit: 'binary' }))), async (pairs) => {
        const begun = await beginLogin(app, 'http://127.0.0.1:50000');
        const said = { ...right, status: 400, body: Buffer.from('{"error":"invalid_grant"}') };
        const brought = new URLSearchParams([...pairs, ['state', begun.state]]);
        await ended(begun.finish(brought, surroundings(said)) as never);
      }),
      { numRuns: 400 },
    );
  });
});
