/** A proxy that requests go through. */
import { unusable } from '../error-words.ts';

/** A proxy. */
export interface HttpProxy {
  /** `http` or `https`: how the proxy itself is spoken to. */
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** `host:port`, for messages; never with a password. */
  readonly name: string;
  /** `Proxy-Authorization`, where the proxy wants a login. */
  readonly authorization: string | undefined;
}

const form = 'write it as http://proxy.example.com:3128';

/**
 * Reads the address of a proxy: `http://host:3128`, `https://user:password@host`, or `host:port` alone.
 *
 * @param where what errors name: `--proxy`, `HTTPS_PROXY`; they never repeat the text, which may hold a password
 * @param password for a user name that stands without one
 * @throws ErpsyncError (usage) for anything else
 */
export function readProxy(text: string, where: string, password?: string): HttpProxy {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw unusable(proxyFrom(where), 'it is no address of an HTTP proxy', form);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw unusable(proxyFrom(where), 'it has a path, which the address of a proxy has not', form);
  }
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const user = decoded(url.username, where);
  const secret = url.password === '' ? (password ?? '') : decoded(url.password, where);
  const authorization =
    user === '' ? undefined : `Basic ${Buffer.from(`${user}:${secret}`, 'utf8').toString('base64')}`;
  return { secure, hostname, port, name: `${url.hostname}:${port}`, authorization };
}

function proxyFrom(where: string): string {
  return `the proxy from ${where}`;
}

function decoded(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unusable(
      proxyFrom(where),
      'its user name or password is not percent-encoded',
      'write % in it as %25',
    );
  }
}
