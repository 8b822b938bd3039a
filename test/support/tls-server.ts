/** An HTTPS server with a certificate of the tests' private CA. */
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import { leafCertificates, leafKey } from './certificates.ts';
import { listening } from './listening.ts';

/** @returns its base URL */
export async function tlsServer(
  listener: RequestListener,
  kind: keyof typeof leafCertificates = 'good',
  options: TlsOptions = {},
): Promise<string> {
  const server = createServer({ key: leafKey, cert: leafCertificates[kind], ...options }, listener);
  server.on('tlsClientError', () => undefined);
  return `https://127.0.0.1:${await listening(server)}`;
}
