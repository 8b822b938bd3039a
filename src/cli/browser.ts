/** The browser of the person at this machine. */
import { withoutSecrets } from '../identity/secrets.ts';
import { variable } from '../profiles/settings.ts';
import type { Context } from './context.ts';

/** The program of each platform that opens an address with what the person has chosen for it. */
const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** So long an opener may take to say that it cannot (ms); some of them run as long as the browser does. */
const patienceMs = 2_000;

/** Why no browser can be opened here; undefined where one may be there. */
export function noBrowser({ platform, environment }: Context['host']): string | undefined {
  const has = (name: string): boolean => variable(environment, name) !== undefined;
  if (platform === 'darwin' || platform === 'win32') {
    return has('SSH_CONNECTION') ? 'this is a session over SSH' : undefined;
  }
  return has('DISPLAY') || has('WAYLAND_DISPLAY') ? undefined : 'there is no display';
}

/**
 * Opens an address, without a shell and without waiting for the browser.
 *
 * @returns whether a browser was asked to
 */
export async function openBrowser(address: string, { host }: Pick<Context, 'host'>): Promise<boolean> {
  const opener = openers[host.platform] ?? ['xdg-open'];
  const program = await host.startProgram({
    words: [...opener, address],
    environment: withoutSecrets(host.environment),
    output: 'none',
  });
  const waited = new AbortController();
  const end = await Promise.race([
    program.ended,
    host.clock.sleep(patienceMs, waited.signal).then(() => undefined),
  ]);
  waited.abort();
  return end === undefined || (end.kind === 'exited' && end.code === 0);
}
