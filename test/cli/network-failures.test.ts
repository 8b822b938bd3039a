/** Each way in which a server is not reached, or something else answers in its place: what is told, and what to do. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { TlsOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { caCertificate, type leafCertificates } from '../support/certificates.ts';
import { runHere } from '../support/in-process.ts';
import { listening } from '../support/listening.ts';
import { machine, temporaryDirectory } from '../support/program.ts';
import { proxyServer } from '../support/proxy-server.ts';
import { tlsServer } from '../support/tls-server.ts';
import { answer, type Reaction, wireServer } from '../support/wire-server.ts';
import { certificate } from '../unit/sandbox/test-certificate.ts';

const directory = temporaryDirectory();
const caFile = path.join(directory, 'ca.pem');
writeFileSync(caFile, caCertificate);
const otherCa = path.join(directory, 'other.pem');
writeFileSync(otherCa, certificate);

/** What a command line needs to reach it. */
type Place = readonly string[];

const silent = async (): Promise<number> =>
  listening(createServer((socket) => socket.on('error', () => undefined)));
const at = (url: string): Place => ['--url', url];
const said = async (reaction: Reaction): Promise<Place> => at((await wireServer(() => reaction)).url);
const secure = async (
  kind: keyof typeof leafCertificates,
  options: TlsOptions = {},
  ca = caFile,
): Promise<Place> => {
  const url = await tlsServer((_, response) => response.writeHead(204).end(), kind, options);
  return [...at(url), '--ca-file', ca];
};
const portal = '<html><head><title>Hotel WiFi: sign in</title></head></html>';
const tooMuch = gzipSync(Buffer.alloc(65 * 1024 * 1024)).toString('latin1');

interface Row {
  readonly place: () => Promise<Place>;
  readonly message: RegExp;
  readonly hint: RegExp;
  /** Of a resync whose request was sent, so that nobody knows whether it was done. */
  readonly resync?: 7 | 11;
}

const rows: Readonly<Record<string, Row>> = {
  'the name is not known': {
    place: async () => at('https://crm.company.invalid'),
    message: /crm\.company\.invalid was not reached: the host name (?:is not known|could not be looked up)/,
    hint: /the DNS/,
  },
  'nobody listens': {
    place: async () => at('https://127.0.0.1:1'),
    message: /the connection was refused/,
    hint: /^check that the server is running and that the port is right; see where the url comes from: erpsync config explain$/,
  },
  'nothing comes back': {
    place: async () => [...at(`https://127.0.0.1:${await silent()}`), '--timeout', '300ms'],
    message: /no connection came about within 300 ms/,
    hint: /the firewall/,
  },
  'the answer does not come': {
    place: async () => [...at(`http://127.0.0.1:${await silent()}`), '--timeout', '300ms'],
    message: /no answer came within 300 ms/,
    hint: /^give it more time with --timeout$/,
    resync: 11,
  },
  'the connection ends at once': {
    place: async () => at(`https://127.0.0.1:${await listening(createServer((socket) => socket.end()))}`),
    message: /was not reached: the connection was (?:reset|closed)/,
    hint: /the port.*firewall/,
  },
  'the CA is not known': {
    place: () => secure('good', {}, otherCa),
    message: /comes from "erpsync test CA", which is not trusted here/,
    hint: /a proxy that looks into TLS.*--ca-file/,
  },
  'a proxy looks into TLS': {
    place: async () => [
      ...(await secure('good', {}, otherCa)),
      ...['--proxy', `127.0.0.1:${(await proxyServer()).port}`],
    ],
    message: /comes from "erpsync test CA", which is not trusted here/,
    hint: /a proxy that looks into TLS.*--ca-file/,
  },
  'the certificate has ended': {
    place: () => secure('expired'),
    message: /certificate has expired/,
    hint: /renew it, check the clock here, and run the same command again/,
  },
  'the certificate is for another host': {
    place: () => secure('other'),
    message: /for another host name: it is for other\.example\.com/,
    hint: /the name in the url that the certificate was made for/,
  },
  'TLS is too old': {
    place: () =>
      secure('good', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    message: /only TLS older than 1\.2/,
    hint: /TLS 1\.2 or newer/,
  },
  'the port does not speak TLS': {
    place: async () => {
      const plain = createServer((socket) => {
        socket.on('error', () => undefined).once('data', () => socket.end(answer(400, '')));
      });
      return at(`https://127.0.0.1:${await listening(plain)}`);
    },
    message: /the server does not speak TLS there/,
    hint: /check the port, and whether the url should begin with http:/,
  },
  'the port does not speak HTTP': {
    place: async () => {
      const ssh = createServer((socket) =>
        socket.on('error', () => undefined).write('SSH-2.0-OpenSSH_9.2\r\n'),
      );
      return at(`http://127.0.0.1:${await listening(ssh)}`);
    },
    message: /the answer is not HTTP/,
    hint: /^check that the url leads to SuperOffice itself; see where the url comes from: erpsync config explain$/,
    resync: 11,
  },
  'a captive portal answers with a page': {
    place: () => said(answer(200, portal, { 'Content-Type': 'text/html' })),
    message: /a web page \("Hotel WiFi: sign in"\), as a captive portal or a proxy sends/,
    hint: /^log in to the network here if that is a captive portal, or correct the url/,
    resync: 11,
  },
  'a captive portal redirects': {
    place: () => said(answer(302, portal, { Location: 'http://portal.hotel.example/' })),
    message: /redirects \(HTTP 302\) to http:\/\/portal\.hotel\.example\/: redirects are not followed/,
    hint: /^log in to the network here if that is a captive portal, or correct the url/,
  },
  'the headers have no end': {
    place: () => said(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`),
    message: /the headers of the answer are too large/,
    hint: /^check that the url leads to SuperOffice itself/,
    resync: 11,
  },
  'the body has no end': {
    place: () =>
      said((socket) => {
        const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${tooMuch.length}\r\n\r\n`;
        socket.end(head + tooMuch, 'latin1');
      }),
    message: /the answer is larger than 64 MiB/,
    hint: /^check that the url leads to SuperOffice itself/,
    resync: 11,
  },
  'the proxy is not there': {
    place: async () => [...at('https://crm.company.invalid'), '--proxy', '127.0.0.1:1'],
    message: /the proxy 127\.0\.0\.1:1 was not reached: the connection was refused/,
    hint: /check --proxy, HTTPS_PROXY, HTTP_PROXY and NO_PROXY/,
  },
  'the proxy hangs up': {
    place: async () => {
      const { port } = await proxyServer({ answer: '' });
      return [...at('https://crm.company.invalid'), '--proxy', `127.0.0.1:${port}`];
    },
    message: /closed the connection when it was asked for a tunnel/,
    hint: /an HTTP proxy that allows CONNECT/,
  },
  'the proxy does not reach the server': {
    place: async () => {
      const { port } = await proxyServer({ answer: 'HTTP/1.1 503 No\r\n\r\n' });
      return [...at('https://crm.company.invalid'), '--proxy', `127.0.0.1:${port}`];
    },
    message: /does not reach crm\.company\.invalid:443 \(HTTP 503\)/,
    hint: /NO_PROXY/,
  },
  'the proxy wants a login': {
    place: async () => {
      const { port } = await proxyServer({ login: 'ann:x' });
      return [...at('https://crm.company.invalid'), '--proxy', `127.0.0.1:${port}`];
    },
    message: /wants a login \(HTTP 407\)/,
    hint: /ERPSYNC_PROXY_PASSWORD/,
  },
};

const common = ['--auth', 'none', '--retries', '0', '-o', 'json'];

describe.each(Object.entries(rows))('when %s', (_, { place, message, hint, resync = 7 }) => {
  test.each(['rest', 'soap'])(
    'then a command that reads over %s ends with 7, the reason and the remedy',
    async (transport) => {
      const line = ['engine', 'status', ...(await place()), ...common, '--transport', transport];
      const { exitCode, stdout } = await runHere(line);
      const { error } = JSON.parse(stdout);
      expect([exitCode, error.message, error.hint]).toEqual([
        7,
        expect.stringMatching(message),
        expect.stringMatching(hint),
      ]);
    },
  );

  test(`then a resync ends with ${resync} and the reason`, async () => {
    const line = ['force-resync', '--from-crm', '--ids', '1', '--no-check', ...(await place()), ...common];
    const { exitCode, stdout } = await runHere(line);
    const { error } = JSON.parse(stdout);
    expect([exitCode, error.message]).toEqual([resync, expect.stringMatching(message)]);
    // What nobody knows is looked for among the batch tasks; all else has the same remedy.
    expect(error.hint).toMatch(resync === 11 ? /--unknown check/ : hint);
  });
});

describe('a redirect', () => {
  test.each(['GET', 'POST'])(
    'when %s is redirected to another server then that hears nothing',
    async (method) => {
      const other = await wireServer(() => answer(200, '{}'));
      const server = await wireServer(() => answer(307, '', { Location: `${other.url}/api/v1/Contact` }));
      const line = [
        'api',
        'v1/Contact',
        '-X',
        method,
        ...at(server.url),
        '--username',
        'u',
        '--retries',
        '0',
      ];
      const { exitCode } = await runHere([...line, ...(method === 'POST' ? ['-f', 'Name=x'] : [])], {
        env: { ERPSYNC_PASSWORD: 'p' },
      });
      expect([exitCode, server.requests.length, other.connections()]).toEqual([7, 1, 0]);
    },
  );
});

describe('--ca-file', () => {
  test('when Node was told of another CA then that one is trusted besides', async () => {
    const url = await tlsServer((_, response) =>
      response
        .setHeader('Content-Type', 'application/json')
        .end('{"IsRunning":true,"StatusMessage":"","Interval":"00:15:00"}'),
    );
    const line = ['engine', 'status', ...at(url), ...common, '--ca-file', otherCa];
    expect((await machine().run(line)).exitCode).toBe(7);
    expect((await machine().run(line, { env: { NODE_EXTRA_CA_CERTS: caFile } })).exitCode).toBe(0);
  });
});
