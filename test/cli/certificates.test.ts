/** What is wrong with a TLS connection, each told with its remedy; and the profile that takes any certificate. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { caCertificate, type leafCertificates } from '../support/certificates.ts';
import { machineHere, runHere } from '../support/in-process.ts';
import { temporaryDirectory } from '../support/program.ts';
import { tlsServer } from '../support/tls-server.ts';

const caFile = path.join(temporaryDirectory(), 'ca.pem');
writeFileSync(caFile, caCertificate);

/** A server that accepts every resync, with a certificate of the private CA. */
async function resyncTaker(kind: keyof typeof leafCertificates, options: TlsOptions = {}) {
  let requests = 0;
  const url = await tlsServer(
    (request, response) => {
      requests++;
      request.resume();
      response.writeHead(204).end();
    },
    kind,
    options,
  );
  return { url, requests: () => requests };
}

const resync = ['force-resync', '--from-crm', '--ids', '1', '--no-check', '--retries', '0'];

describe('a TLS connection', () => {
  test.each<[string, keyof typeof leafCertificates, TlsOptions, readonly string[], string, string]>([
    [
      'the CA is not known',
      'good',
      {},
      [],
      'comes from "erpsync test CA", which is not trusted here',
      '--ca-file',
    ],
    ['the certificate has expired', 'expired', {}, ['--ca-file', caFile], 'has expired', 'renew it'],
    [
      'it is for another host',
      'other',
      {},
      ['--ca-file', caFile],
      'for another host name: it is for other.example.com',
      'use the name in the url',
    ],
    [
      'TLS is too old',
      'good',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      ['--ca-file', caFile],
      'only TLS older than 1.2',
      'TLS 1.2 or newer',
    ],
    [
      'the server asks for a certificate of ours',
      'good',
      { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
      ['--ca-file', caFile],
      'asks for a certificate of ours',
      '--client-cert',
    ],
    [
      'it asks for one when the request is under way, as TLS 1.3 does',
      'good',
      { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
      ['--ca-file', caFile],
      'asks for a certificate of ours',
      '--client-cert',
    ],
  ])(
    'when %s then nothing was sent, and what is wrong is told with its remedy',
    async (_, kind, options, flags, words, hint) => {
      const server = await resyncTaker(kind, options);
      const { exitCode, stderr } = await runHere([
        ...resync,
        '--url',
        server.url,
        '--auth',
        'none',
        ...flags,
      ]);
      expect([exitCode, stderr]).toEqual([7, expect.stringContaining(words)]);
      expect(stderr).toContain(hint);
      expect(server.requests()).toBe(0);
    },
  );
});

describe('a profile that takes any certificate', () => {
  const add = (url: string) => [
    'profile',
    'add',
    'lab',
    '--url',
    url,
    '--auth',
    'none',
    '--verify-tls',
    'no',
  ];

  test('when it is used then the request goes out, and each time it is warned of', async () => {
    const server = await resyncTaker('expired');
    const user = machineHere();
    await user.run(add(server.url));
    for (const _ of [1, 2]) {
      const { exitCode, stderr } = await user.run([...resync, '-q']);
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringContaining('certificates are not checked (profile "lab")'),
      ]);
    }
    expect(server.requests()).toBe(2);
    await user.run(['profile', 'set', 'lab', '--verify-tls', 'yes']);
    expect((await user.run(resync)).exitCode).toBe(7);
  });

  test('when another address is given then its certificate is checked', async () => {
    const server = await resyncTaker('expired');
    const user = machineHere();
    await user.run(add('https://127.0.0.1:1'));
    expect((await user.run([...resync, '--url', server.url])).exitCode).toBe(7);
    expect(server.requests()).toBe(0);
  });

  test('when a command or a variable says it then it is no way', async () => {
    const server = await resyncTaker('good');
    const line = [...resync, '--url', server.url, '--auth', 'none'];
    expect((await runHere([...line, '--verify-tls', 'no'])).exitCode).toBe(2);
    expect((await runHere(line, { env: { ERPSYNC_VERIFY_TLS: 'no' } })).exitCode).toBe(7);
  });

  test('when it is imported then that is left out and named, unless it is trusted', async () => {
    const [here, there] = [machineHere(), machineHere()];
    await here.run(add('https://crm.example.com'));
    const file = path.join(here.home, 'profiles.json');
    const { stdout } = await here.run(['profile', 'export']);
    writeFileSync(file, stdout);
    expect(readFileSync(file, 'utf8')).toContain('verifyTls');
    const { stderr } = await there.run(['profile', 'import', file]);
    expect(stderr).toContain('--verify-tls');
    const shown = await there.run(['profile', 'show', 'lab', '-o', 'json']);
    expect(JSON.parse(shown.stdout).settings?.verifyTls ?? null).toBe(null);
  });
});
