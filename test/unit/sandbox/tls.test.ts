import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectBare } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { admin, type Fixture, open, rawOperation } from './sandbox-fixture.ts';
import { certificate, privateKey } from './test-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'erpsync-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const certFile = file('cert.pem', certificate);
const keyFile = file('key.pem', privateKey);
const tls = { certFile, keyFile };
const body = { ErpConnectionId: 124, InternalKeyIds: [100] };

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function post(url: string, path: string, given: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: admin, 'Content-Type': 'application/json' };
    const sent = request(
      `${url}/api/v1/Agents/${path}`,
      { method: 'POST', headers, ca: certificate },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, text }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(given));
  });
}

/** What comes back over TLS until the other side closes, and the code of the error if it does so with one. */
function exchanged({ url }: Fixture, text: string): Promise<{ text: string; error: string | undefined }> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ca: certificate }, () => socket.write(text));
    let error: string | undefined;
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', (problem: NodeJS.ErrnoException) => {
      error = problem.code;
    });
    socket.on('close', () => resolve({ text: received, error }));
  });
}

function handshake({ url }: Fixture, maxVersion: 'TLSv1.1' | 'TLSv1.2'): Promise<string | null> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host, port: Number(port), ca: certificate, ciphers: 'DEFAULT:@SECLEVEL=0' };
    const socket: TLSSocket = connect({ ...options, minVersion: 'TLSv1', maxVersion }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('TLS', () => {
  test('when certificate and key are given then it answers over https, and its own URL says so', async () => {
    const sandbox = await open({ tls });
    expect(sandbox.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await post(sandbox.url, 'ErpSync/ForceResyncBatchTask', body)).toEqual({ status: 204, text: '' });
    expect(
      await exchanged(sandbox, 'GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatchObject({
      text: expect.stringContaining(`${sandbox.url}/api/v1`),
    });
  });

  test('when a client speaks an older version than 1.2 then it is turned away', async () => {
    const sandbox = await open({ tls });
    expect(await handshake(sandbox, 'TLSv1.2')).toBe('TLSv1.2');
    await expect(handshake(sandbox, 'TLSv1.1')).rejects.toThrow();
  });

  test('when a client speaks plain HTTP then it gets no answer', async () => {
    const sandbox = await open({ tls });
    const { text } = await sandbox.raw('GET /api HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(text).not.toContain('HTTP/1.1 200');
  });

  test.each(['reset-before-body', 'reset-after-body'])(
    'when %s strikes then the client sees a reset',
    async (fault) => {
      const sandbox = await open({ tls, faults: [fault] });
      const raw = rawOperation('ErpSync/ForceResyncBatchTask', body);
      expect(await exchanged(sandbox, raw)).toEqual({ text: '', error: 'ECONNRESET' });
    },
  );

  test('when half a response is sent then it ends in the middle', async () => {
    const sandbox = await open({ tls, faults: ['half-response'] });
    const { text } = await exchanged(
      sandbox,
      rawOperation('ErpSync/GetConnection', { ErpConnectionId: 124 }),
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(text).not.toMatch(/\}$/);
  });

  test('when it is closed then an idle connection ends too', async () => {
    const sandbox = await open({ tls });
    const ended = exchanged(sandbox, '');
    await post(sandbox.url, 'ErpSync/GetEngineStatus', null);
    await sandbox.close();
    await ended;
    await expect(post(sandbox.url, 'ErpSync/GetEngineStatus', null)).rejects.toThrow('ECONNREFUSED');
  });

  test('when a connection has never spoken TLS then closing ends it at once all the same', async () => {
    const sandbox = await open({ tls });
    const socket = connectBare(Number(new URL(sandbox.url).port), '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    // A whole exchange after it: the server has then seen it too.
    await post(sandbox.url, 'ErpSync/GetEngineStatus', null);
    await Promise.all([sandbox.close(), ended]);
  });
});

describe('files that cannot be used', () => {
  const text = file('text.pem', 'no PEM at all');
  const missing = join(folder, 'missing.pem');
  const noFile = 'no such file or directory (ENOENT)';
  const encryptedKey = createPrivateKey(privateKey)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  test.each<[string, { certFile: string; keyFile: string }, string]>([
    [
      'there is no certificate file',
      { certFile: missing, keyFile },
      `--tls-cert ${missing} cannot be read: ${noFile}`,
    ],
    [
      'there is no key file',
      { certFile, keyFile: missing },
      `--tls-key ${missing} cannot be read: ${noFile}`,
    ],
    [
      'the certificate is a directory',
      { certFile: folder, keyFile },
      `${folder} cannot be read: illegal operation on a directory (EISDIR)`,
    ],
    [
      'the certificate is none',
      { certFile: text, keyFile },
      `${text} cannot be used: it holds no certificate`,
    ],
    [
      'the certificate is a key',
      { certFile: keyFile, keyFile },
      `${keyFile} cannot be used: it holds no certificate`,
    ],
    ['the key is none', { certFile, keyFile: text }, `${text} cannot be used: it holds no private key`],
    [
      'the key is a certificate',
      { certFile, keyFile: certFile },
      `${certFile} cannot be used: it holds no private key`,
    ],
    [
      'the key has a passphrase',
      { certFile, keyFile: file('encrypted.pem', encryptedKey) },
      'without a passphrase',
    ],
    [
      'the key belongs to another certificate',
      { certFile, keyFile: file('other.pem', otherKey) },
      `does not belong to the certificate in ${certFile}`,
    ],
  ])('when %s then a config error names the file', async (_when, given, words) => {
    await expect(startSandbox({ host: '127.0.0.1', port: 0, tls: given })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(words),
    });
  });
});
