/** Forward proxies as companies have them: squid and tinyproxy. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import { freePort, sharedDirectory, startDaemon } from './daemon.ts';
import type { Issued, PrivateCa } from './private-ca.ts';

/** What a proxy allows. */
export interface Policy {
  /** Only this user is served. */
  readonly login?: { readonly user: string; readonly password: string };
  /** No tunnel is made to anybody. */
  readonly noTunnels?: boolean;
  /** This host is not served. */
  readonly blocked?: string;
}

/** A running proxy. */
export interface RunningProxy {
  readonly port: number;
  /** What was asked of it so far, as it logged it. */
  log(): string;
}

/** Starts one. */
export type ProxyProgram = (policy?: Policy) => Promise<RunningProxy>;

/** How squid differs from one that only passes on. */
export interface SquidManner extends Policy {
  /** It looks into TLS, with certificates of this CA, and trusts the CA of the servers. */
  readonly inspects?: { readonly own: PrivateCa; readonly trusts: PrivateCa };
  /** It is spoken to over TLS itself, and shows this. */
  readonly secure?: Issued;
  /** A name that only the proxy knows: it stands for 127.0.0.1. */
  readonly knows?: string;
}

/** squid. */
export async function squid(manner: SquidManner = {}): Promise<RunningProxy> {
  const { login, noTunnels, blocked, inspects, knows, secure } = manner;
  const [directory, port] = [sharedDirectory(), await freePort()];
  const file = (name: string): string => path.join(directory, name);
  writeFileSync(file('hosts'), `127.0.0.1 localhost ${knows ?? ''}\n`);
  let listen =
    secure === undefined
      ? `http_port 127.0.0.1:${port}`
      : `https_port 127.0.0.1:${port} tls-cert=${secure.cert} tls-key=${secure.key}`;
  const rules: string[] = [];
  if (inspects) {
    const { own, trusts } = inspects;
    writeFileSync(file('own.pem'), readFileSync(own.cert, 'utf8') + readFileSync(own.key, 'utf8'));
    listen += ` ssl-bump tls-cert=${file('own.pem')} generate-host-certificates=on`;
    mkdirSync(file('certificates'));
    const helper = '/usr/lib/squid/security_file_certgen';
    const store = ['-s', file('certificates/store'), '-M', '4MB'];
    execaSync(helper, ['-c', ...store]);
    execaSync('chmod', ['-R', 'a+rwX', directory]);
    rules.push(`sslcrtd_program ${helper} ${store.join(' ')}`, 'sslcrtd_children 1 startup=1 idle=1');
    rules.push('ssl_bump bump all', `tls_outgoing_options cafile=${trusts.cert}`);
  }
  if (noTunnels) rules.push('http_access deny CONNECT');
  if (blocked !== undefined)
    rules.push(
      `acl blocked ${/^[\d.]+$/.test(blocked) ? 'dst' : 'dstdomain'} ${blocked}`,
      'http_access deny blocked',
    );
  if (login === undefined) {
    rules.push('http_access allow all');
  } else {
    const hashed = execaSync('openssl', ['passwd', '-apr1', '-stdin'], { input: login.password }).stdout;
    writeFileSync(file('users'), `${login.user}:${hashed}\n`, { mode: 0o644 });
    rules.push(`auth_param basic program /usr/lib/squid/basic_ncsa_auth ${file('users')}`);
    rules.push('auth_param basic realm company', 'acl known proxy_auth REQUIRED');
    rules.push('http_access allow known', 'http_access deny all');
  }
  const lines = [
    listen,
    'acl CONNECT method CONNECT',
    ...rules,
    `hosts_file ${file('hosts')}`,
    `access_log stdio:${file('access.log')}`,
    `cache_log ${file('cache.log')}`,
    'pid_filename none\ncoredump_dir none\ncache deny all\nvisible_hostname squid\npinger_enable off',
    'shutdown_lifetime 0 seconds',
    '',
  ];
  writeFileSync(file('squid.conf'), lines.join('\n'));
  await startDaemon('squid', ['-N', '-f', file('squid.conf')], [port]);
  return { port, log: () => logged(file('access.log')) };
}

/** tinyproxy; its tunnels are limited by port, its hosts by name. */
export async function tinyproxy({ login, noTunnels, blocked }: Policy = {}): Promise<RunningProxy> {
  const [directory, port] = [sharedDirectory(), await freePort()];
  const file = (name: string): string => path.join(directory, name);
  const lines = [
    `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50`,
    `LogFile "${file('log')}"\nLogLevel Connect`,
    ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
    ...(noTunnels ? ['ConnectPort 1'] : []),
    ...(blocked === undefined ? [] : [`Filter "${file('filter')}"`]),
    '',
  ];
  writeFileSync(file('filter'), `${(blocked ?? '').replaceAll('.', '\\.')}\n`);
  writeFileSync(file('tinyproxy.conf'), lines.join('\n'));
  await startDaemon('tinyproxy', ['-d', '-c', file('tinyproxy.conf')], [port]);
  return { port, log: () => logged(file('log')) };
}

function logged(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
