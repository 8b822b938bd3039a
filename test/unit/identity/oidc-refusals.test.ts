import { expect, test } from 'vitest';
import { oauthRefusal } from '../../../src/identity/oidc-refusals.ts';
import { onlineOf } from '../../../src/profiles/address.ts';

const online = onlineOf({ environment: 'online' });
const app = {
  address: { kind: 'tenant', tenant: 'Cust1', online },
  clientId: 'c',
  clientSecret: undefined,
} as const;

test.each([
  ['access_denied', undefined, 'auth', 'denied'],
  ['access_denied', 'Revoked', 'auth', 'revoked'],
  ['access_denied', 'The application failed: NeedsReapproval', 'auth', 'approved again'],
  ['1', undefined, 'auth', 'revoked'],
  ['2', undefined, 'auth', 'redirect address'],
  ['InvalidRedirectUrl', undefined, 'auth', 'redirect address'],
  ['3', undefined, 'auth', 'too long'],
  ['4', undefined, 'auth', 'denied'],
  ['NeedsReapproval', undefined, 'auth', 'approved again'],
  ['InvalidTimestamp', undefined, 'auth', 'time'],
  ['7', undefined, 'auth', 'signature'],
  ['invalid_request', '4', 'auth', 'not understand'],
  ['invalid_client', 'client is unknown', 'auth', 'does not know the app'],
  ['server_error', undefined, 'unavailable', 'failed'],
  ['temporarily_unavailable', undefined, 'unavailable', 'not available'],
  ['constructor', undefined, 'auth', 'no tokens'],
  ['something_new', 'quite new', 'auth', 'something_new: quite new'],
])('when the service answers %s (%s) then that is told in words', (error, description, code, words) => {
  const refusal = oauthRefusal(app, error, description);
  expect(refusal).toMatchObject({ code, message: expect.stringContaining(words), next: expect.any(String) });
  expect(refusal.message).toContain('online/Cust1');
});
