/** Logs in as a person does: the program prints the address of the login page, a browser brings the answer. */
import type { Readable } from 'node:stream';
import { machineHere } from './in-process.ts';
import type { Finished, Machine, RunOptions } from './program.ts';

/** A login under way, in a process of its own or in this one. */
interface LoginUnderWay {
  readonly child: { readonly stderr?: Readable | null };
  readonly finished: Promise<Finished>;
}

/** Where the browser is sent, as it is printed. */
export function loginAddress({ child, finished }: LoginUnderWay): Promise<URL> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, address] = /^(https?:\/\/\S+)\n/m.exec(text) ?? [];
      if (address !== undefined) resolve(new URL(address));
    });
    finished.then((end) => reject(new Error(`the program ended first: ${JSON.stringify(end)}`)), reject);
  });
}

/** A profile of the app for a tenant. */
export async function addOidcProfile(
  { home }: Pick<Machine, 'home'>,
  url: string,
  tenant: string,
  clientId: string,
): Promise<void> {
  const login = ['--auth', 'oidc', '--client-id', clientId];
  const add = ['profile', 'add', 'online', '--tenant', tenant, '--online-url', url, ...login];
  const finished = await machineHere(home).run(add);
  if (finished.exitCode !== 0) throw new Error(finished.stderr);
}

/** The part of a browser, in a login that somebody else has judged: it brings a code, or what a test has it bring. */
export function broughtBack(
  address: URL,
  brought: Readonly<Record<string, string>> = { code: 'c0de-c0de' },
): string {
  const state = address.searchParams.get('state') ?? '';
  return `${address.searchParams.get('redirect_uri')}/?${new URLSearchParams({ ...brought, state })}`;
}

/** @param browser given the login page; what it returns is opened as the last address */
export async function logIn(
  on: { start(args: readonly string[], options: Pick<RunOptions, 'env' | 'input'>): LoginUnderWay },
  browser: (address: string) => string | Promise<string>,
  args: readonly string[] = [],
  options: Pick<RunOptions, 'env' | 'input'> = {},
): Promise<Finished> {
  const started = on.start(['auth', 'login', '-p', 'online', '--no-browser', ...args], options);
  const back = await browser((await loginAddress(started)).href);
  const page = await fetch(back);
  if (page.status !== 200) throw new Error(`the listener answered ${page.status}`);
  return await started.finished;
}
