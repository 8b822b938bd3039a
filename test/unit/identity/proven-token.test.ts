/** Tokens and keys of any kind: what is not proven is refused, and nothing breaks on it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { provenClaims } from '../../../src/identity/proven-token.ts';
import { createSigningKey } from '../../../src/sandbox/signing-key.ts';
import { hostileJson } from '../../support/hostile-answers.ts';

const key = createSigningKey();
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

/** Three parts that look like those of a token, or do not. */
const parts = fc.tuple(
  fc.oneof(
    fc.constantFrom('{"alg":"RS256"}', '{"alg":"none"}', '{"alg":"HS256"}', '{"alg":"RS256","crit":["x"]}'),
    hostileJson,
  ),
  hostileJson,
  fc.oneof(fc.constant(''), fc.string()),
);
const tokens = fc.oneof(
  fc.string({ unit: 'binary' }),
  parts.map((each) => each.map(encoded).join('.')),
  parts.map(([header, payload]) => `${encoded(header)}.${encoded(payload)}.`),
);
/** The right key changed, anything that calls itself a key, or no set of keys at all. */
const keySets = fc.oneof(
  fc.constant<unknown>(key.keySet()),
  hostileJson.map((text): unknown => JSON.parse(text)),
  fc
    .array(
      fc.record(
        {
          kty: fc.constantFrom('RSA', 'oct', 'EC'),
          use: fc.constantFrom('sig', 'enc', 1),
          n: fc.oneof(fc.base64String(), fc.constantFrom<unknown>('AQAB', '', 1, {}, 'A'.repeat(50_000))),
          e: fc.constantFrom<unknown>('AQAB', '', 'AA', {}, 'A'.repeat(50_000)),
          k: fc.base64String(),
        },
        { requiredKeys: ['kty'] },
      ),
      { maxLength: 20 },
    )
    .map((keys): unknown => ({ keys })),
);

test('when token and keys are anything then the token is refused', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(tokens, keySets, async (token, keys) => {
      await expect(provenClaims(token, keys)).rejects.toMatchObject({ name: 'ErpsyncError', code: 'auth' });
    }),
    { numRuns: 300 },
  );
});

test('when a token that was signed is changed anywhere then it is refused', { timeout: 60_000 }, async () => {
  const token = key.token({ sub: 'x' });
  expect(await provenClaims(token, key.keySet())).toEqual({ sub: 'x' });
  // The last character of the signature holds bits that mean nothing.
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 2), fc.constantFrom('A', 'b', '_', '.', ''), async (at, put) => {
      const changed = token.slice(0, at) + put + token.slice(at + 1);
      if (changed === token) return;
      await expect(provenClaims(changed, key.keySet())).rejects.toMatchObject({ code: 'auth' });
    }),
    { numRuns: 300 },
  );
});

test('when the claims nest beyond all reason then the token is refused', async () => {
  const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`);
  await expect(provenClaims(key.token({ deep }), key.keySet())).rejects.toMatchObject({ code: 'auth' });
});
