import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loopbackListener } from '../../../src/identity/loopback-listener.ts';

const never = new AbortController().signal;

async function listener() {
  const made = await loopbackListener(0);
  onTestFinished(() => made.close());
  return { ...made, waiting: made.answer('right', 60_000, never) };
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A request with any host, path and body. */
function sent(to: string, options: { method?: string; path?: string; headers?: object; body?: string } = {}) {
  const { method = 'GET', path = '/', headers = {}, body } = options;
  const { port } = new URL(to);
  return new Promise<{ status: number | undefined; page: string; csp: unknown }>((resolve, reject) => {
    const made = request(
      { host: '127.0.0.1', port, method, path, headers: { ...headers } },
      async (answer) => {
        const page = await text(answer);
        resolve({ status: answer.statusCode, page, csp: answer.headers['content-security-policy'] });
      },
    );
    made.on('error', reject);
    made.end(body);
  });
}

describe('the listener for the answer of a login', () => {
  test('when it listens then its address has a port of four digits or more, no path and no slash', async () => {
    expect((await listener()).redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}$/);
  });

  test.each([
    ['its query', { path: '/?code=abc&state=right' }],
    ['a form', { method: 'POST', headers: form, body: 'code=abc&state=right' }],
    [
      'a form with a charset',
      {
        method: 'POST',
        headers: { 'Content-Type': `${form['Content-Type']}; charset=UTF-8` },
        body: 'state=right&code=abc',
      },
    ],
  ])(
    'when the answer comes in %s then it is taken, and the page says that it can be closed',
    async (_, options) => {
      const { redirectUri, waiting } = await listener();
      const { status, page, csp } = await sent(redirectUri, options);
      expect([status, page]).toEqual([200, expect.stringContaining('You can close this page')]);
      expect([page, csp]).toEqual([
        expect.not.stringMatching(/script|src=|href=|abc/),
        expect.stringContaining("default-src 'none'"),
      ]);
      expect((await waiting).get('code')).toBe('abc');
    },
  );

  test('when the answer is an error then it is taken', async () => {
    const { redirectUri, waiting } = await listener();
    expect((await sent(redirectUri, { path: '/?error=access_denied&state=right' })).status).toBe(200);
    expect((await waiting).get('error')).toBe('access_denied');
  });

  test.each<[string, number, Parameters<typeof sent>[1]]>([
    ['has a wrong state', 400, { path: '/?code=evil&state=wrong' }],
    ['has a state that only begins right', 400, { path: '/?code=evil&state=righ' }],
    ['has no state', 400, { path: '/?code=evil' }],
    ['has two codes', 400, { path: '/?code=evil&code=abc&state=right' }],
    ['has two states', 400, { path: '/?code=evil&state=right&state=wrong' }],
    ['has neither code nor error', 400, { path: '/?state=right' }],
    ['is for another path', 404, { path: '/favicon.ico?code=evil&state=right' }],
    ['is for another host', 421, { path: '/?code=evil&state=right', headers: { Host: 'evil.example' } }],
    ['has another method', 405, { method: 'PUT', path: '/?code=evil&state=right' }],
    ['is JSON', 415, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }],
    [
      'has a body of more than 64 KiB',
      413,
      { method: 'POST', headers: form, body: `code=evil&state=right&x=${'x'.repeat(65_536)}` },
    ],
    ['has a head of more than 64 KiB', 431, { path: `/?code=evil&state=right&x=${'x'.repeat(65_536)}` }],
  ])('when a request %s then it is refused, and the listener waits on', async (_, status, options) => {
    const { redirectUri, waiting } = await listener();
    expect((await sent(redirectUri, options)).status).toBe(status);
    expect((await sent(redirectUri, { path: '/?code=abc&state=right' })).status).toBe(200);
    expect((await waiting).get('code')).toBe('abc');
  });

  test('when an answer has been taken then the next one is not', async () => {
    const { redirectUri, waiting } = await listener();
    await sent(redirectUri, { path: '/?code=abc&state=right' });
    expect((await sent(redirectUri, { path: '/?code=second&state=right' })).status).toBe(400);
    expect((await waiting).get('code')).toBe('abc');
  });

  test('when nobody comes then that ends it, as a login that failed', async () => {
    const made = await loopbackListener(0);
    onTestFinished(() => made.close());
    await expect(made.answer('right', 20, never)).rejects.toMatchObject({ code: 'auth' });
  });

  test('when it is stopped then that ends it, as an interruption', async () => {
    const made = await loopbackListener(0);
    onTestFinished(() => made.close());
    await expect(made.answer('right', 60_000, AbortSignal.abort('SIGINT'))).rejects.toMatchObject({
      code: 'interrupted',
      message: expect.stringContaining('SIGINT'),
    });
  });

  test('when it is closed then the wait is over: nothing is told any more', async () => {
    const made = await loopbackListener(0);
    const stop = new AbortController();
    const waiting = made.answer('right', 60_000, stop.signal);
    await made.close();
    stop.abort('SIGINT');
    const first = await Promise.race([waiting.catch(() => 'told'), setImmediate('silent')]);
    expect(first).toBe('silent');
  });

  test('when its port is taken then that is told', async () => {
    const { redirectUri } = await listener();
    const port = Number(new URL(redirectUri).port);
    await expect(loopbackListener(port)).rejects.toMatchObject({
      code: 'config',
      next: expect.stringContaining('--port'),
    });
  });
});
