/** What ends TLS in front of the sandbox: nginx and haproxy, each as an administrator would set it up. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, sharedDirectory, startDaemon } from './daemon.ts';
import type { Issued } from './private-ca.ts';

/** How TLS is spoken. */
export interface TlsManner {
  /** The versions that are spoken, the oldest first; 1.2 and 1.3 without it. */
  readonly versions?: readonly ('1.0' | '1.1' | '1.2' | '1.3')[];
  /** Users must show a certificate of the CA in this file. */
  readonly clientCa?: string;
}

/** Starts one in front of a server and returns the port at which it speaks TLS. */
export type Terminator = (server: string, shown: Issued, manner?: TlsManner) => Promise<number>;

const both = ['1.2', '1.3'] as const;

/**
 * nginx; `locations` are lines for its `location /`.
 *
 * It lets a TLS handshake without a client certificate succeed and answers HTTP 400.
 */
export async function nginx(
  server: string,
  { cert, key }: Issued,
  { versions = both, clientCa }: TlsManner = {},
  locations: readonly string[] = [],
): Promise<number> {
  const [directory, port] = [sharedDirectory(), await freePort()];
  const file = path.join(directory, 'nginx.conf');
  const protocols = versions.map((version) => `TLSv${version === '1.0' ? '1' : version}`).join(' ');
  const lines = [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `daemon off; pid ${directory}/pid; error_log ${directory}/error.log; worker_processes 1; events {}`,
    `http { access_log off; client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;`,
    ...['fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${directory}/${kind};`),
    `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};`,
    `ssl_protocols ${protocols}; ssl_ciphers DEFAULT@SECLEVEL=0;`,
    ...(clientCa === undefined ? [] : [`ssl_client_certificate ${clientCa}; ssl_verify_client on;`]),
    `location / { proxy_pass ${server}; proxy_set_header Host $http_host; ${locations.join(' ')} } } }`,
  ];
  writeFileSync(file, lines.join('\n'));
  await startDaemon('nginx', ['-c', file, '-e', path.join(directory, 'error.log')], [port]);
  return port;
}

/** haproxy. It ends a TLS handshake without a client certificate with an alert. */
export async function haproxy(
  server: string,
  { cert, key }: Issued,
  { versions = both, clientCa }: TlsManner = {},
): Promise<number> {
  const [directory, port] = [sharedDirectory(), await freePort()];
  const [file, pair] = [path.join(directory, 'haproxy.cfg'), path.join(directory, 'pair.pem')];
  writeFileSync(pair, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
  const range = `ssl-min-ver TLSv${versions[0]} ssl-max-ver TLSv${versions.at(-1)} ciphers DEFAULT@SECLEVEL=0`;
  const demand = clientCa === undefined ? '' : ` ca-file ${clientCa} verify required`;
  const lines = [
    'defaults',
    '  mode http',
    '  timeout connect 5s',
    '  timeout client 60s',
    '  timeout server 60s',
    'frontend tls',
    `  bind 127.0.0.1:${port} ssl crt ${pair} ${range}${demand}`,
    '  default_backend crm',
    'backend crm',
    `  server crm ${new URL(server).host}`,
    '',
  ];
  writeFileSync(file, lines.join('\n'));
  await startDaemon('haproxy', ['-db', '-f', file], [port]);
  return port;
}
