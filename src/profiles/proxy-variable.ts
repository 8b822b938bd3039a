/** The usual variables that name a proxy: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case. */

/** A proxy as a variable names it. */
interface ProxyVariable {
  readonly name: string;
  readonly value: string;
}

/**
 * The variable whose proxy an address goes through: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, in either
 * case, unless `NO_PROXY` names the host. This machine itself is never asked for through one.
 */
export function proxyVariable(
  target: URL,
  environment: Readonly<Record<string, string | undefined>>,
): ProxyVariable | undefined {
  if (isLoopback(target.hostname) || isExcepted(target, lookUp(environment, 'NO_PROXY')?.value ?? '')) {
    return undefined;
  }
  return lookUp(environment, target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
}

function lookUp(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): ProxyVariable | undefined {
  for (const each of [name.toLowerCase(), name]) {
    const value = environment[each]?.trim();
    if (value !== undefined && value !== '') return { name: each, value };
  }
  return undefined;
}

/**
 * Whether a comma list names the host: `*`, `host`, `example.com` and `.example.com` (the domain and all below
 * it), each with a port or without.
 */
function isExcepted(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const whole = (/^[0-9a-f:]*:[0-9a-f:]*$/.test(entry.toLowerCase()) ? entry.toLowerCase() : name).replace(
      /^\*?\./,
      '',
    );
    if (whole === '' || (whole === name && entryPort !== undefined && entryPort !== port)) return false;
    return host === whole || host.endsWith(`.${whole}`);
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
