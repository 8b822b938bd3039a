/** Logins with a browser, against an OpenID provider that is not ours. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf } from '../support/expectations.ts';
import { addOidcProfile, logIn } from '../support/login-runner.ts';
import { nativeApp, oidcTenant, openidProvider, type ProviderOptions } from '../support/openid-provider.ts';
import { machine } from '../support/program.ts';

const status = ['auth', 'status', '-p', 'online', '-o', 'json'];

async function loggedIn(options: ProviderOptions = {}) {
  const provider = await openidProvider(options);
  const on = machine();
  await addOidcProfile(on, provider.url, oidcTenant, nativeApp);
  const finished = await logIn(on, provider.browse, ['-o', 'json']);
  return { provider, on, finished };
}

describe('a login with a browser', () => {
  test('when it is done then the refresh token is stored, and calls are made with what it gives', async () => {
    const { provider, on, finished } = await loggedIn();
    expect(documentOf(finished)).toMatchObject({
      profile: 'online',
      user: 'terje@example.com',
      associateId: 5,
    });
    for (const name of ['secrets.json', 'tokens.json']) {
      expect(statSync(path.join(on.configDirectory, name)).mode & 0o777).toBe(0o600);
    }
    const { refreshToken } = JSON.parse(readFileSync(path.join(on.configDirectory, 'secrets.json'), 'utf8'))
      .profiles.online;
    expect(finished.stdout + finished.stderr).not.toContain(refreshToken);
    expect(documentOf(await on.run(status))).toMatchObject({ user: { associateId: 5 } });
    expect(provider.grants).toEqual(['authorization_code']);
  });
});
