/** The sandbox as an OpenID provider: what an app and a browser reach at the started program. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';

const verifier = 'a-verifier-that-is-at-least-43-characters-long';
const redirect_uri = 'http://127.0.0.1:49152';

function authorizeAt(url: string, client_id: string, init: RequestInit = {}): Promise<Response> {
  const query = new URLSearchParams({
    response_type: 'code',
    scope: 'openid',
    client_id,
    redirect_uri,
    code_challenge: verifier,
    state: 's',
  });
  return fetch(`${url}/login/common/oauth/authorize?${query}`, { redirect: 'manual', ...init });
}

function tokensAt(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${url}/login/common/oauth/tokens`, { method: 'POST', body: new URLSearchParams(fields) });
}

const codeIn = (answer: Response): string =>
  new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';

describe('sandbox', () => {
  test('when a script posts name and password then its code gives a token that erpsync can use', async () => {
    const user = machine();
    const { url, clientId, username, password } = await startSandbox(user, ['--log', 'requests.ndjson']);
    const form = await authorizeAt(url, clientId);
    expect([form.status, await form.text()]).toEqual([200, expect.stringContaining('Sign in to Cust00000')]);
    const body = new URLSearchParams({ username, password });
    const code = codeIn(await authorizeAt(url, clientId, { method: 'POST', body }));
    const fields = { grant_type: 'authorization_code', client_id: clientId, code, redirect_uri };
    const answer = await tokensAt(url, { ...fields, code_verifier: verifier });
    const { access_token } = (await answer.json()) as { access_token: string };
    const finished = await user.run(['connections', 'list', '--url', url, '--auth', 'bearer', '-o', 'json'], {
      env: { ERPSYNC_TOKEN: access_token },
    });
    expect(finished.exitCode).toBe(0);
    expect(documentOf(finished)).toMatchObject({
      items: [expect.anything(), expect.anything(), expect.anything()],
    });
    const log = readFileSync(path.join(user.home, 'requests.ndjson'), 'utf8');
    const paths = log.split('\n').filter((line) => line.includes('/login/'));
    expect(paths.map((line) => JSON.parse(line)).map(({ status }) => status)).toEqual([200, 302, 200]);
    for (const secret of [code, access_token, password, verifier]) expect(log).not.toContain(secret);
  });

  test('when nobody is asked and tokens are short-lived then both is so, and faults strike there too', async () => {
    const options = [
      '--sign-in',
      'auto',
      '--token-life',
      '1ms',
      '--fault',
      'status=503,times=1,path=/tokens',
    ];
    const user = machine();
    const { url, clientId } = await startSandbox(user, options);
    const fields = {
      grant_type: 'authorization_code',
      client_id: clientId,
      code: codeIn(await authorizeAt(url, clientId)),
      redirect_uri,
      code_verifier: verifier,
    };
    expect((await tokensAt(url, fields)).status).toBe(503);
    const { access_token } = (await (await tokensAt(url, fields)).json()) as { access_token: string };
    const finished = await user.run(['connections', 'list', '--url', url, '--auth', 'bearer'], {
      env: { ERPSYNC_TOKEN: access_token },
    });
    expectRefusal(finished, 4, ['401']);
  });

  test('when the sign-in is to be refused then the app is told', async () => {
    const { url, clientId } = await startSandbox(machine(), ['--sign-in', 'refuse']);
    const { headers } = await authorizeAt(url, clientId);
    expect(headers.get('location')).toBe(
      `${redirect_uri}?error=access_denied&error_description=Denied+%284%29.&state=s`,
    );
  });
});
