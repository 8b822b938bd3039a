/** A proxy that requests go through. */
import { usageError } from '../errors.ts';

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
    throw usageError(
      `${where}: this is no address of an HTTP proxy`,
      'write it as http://proxy.example.com:3128',
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw usageError(
      `${where}: an address of a proxy has no path`,
      'write it as http://proxy.example.com:3128',
    );
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

function decoded(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw usageError(`${where}: its user name or password is not percent-encoded`, 'write % as %25');
  }
}
