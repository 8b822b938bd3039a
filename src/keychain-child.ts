/**
 * A program of its own, started for each use of the system's keychain: calls of its native library block and cannot be
 * given up, a process can. One request as JSON on standard input, one reply as JSON on standard output.
 */
import { stdin, stdout } from 'node:process';
import { text } from 'node:stream/consumers';

/** What is asked; accounts are those of the service `erpsync`. */
export type KeychainRequest =
  | { readonly kind: 'write'; readonly texts: Readonly<Record<string, string>> }
  | { readonly kind: 'read' | 'remove'; readonly accounts: readonly string[] };

/** What came of it; nothing after the first failure was done. */
export type KeychainReply =
  /** The texts that were asked for and are there. */
  | { readonly kind: 'done'; readonly texts: Readonly<Record<string, string>> }
  /** The optional package is not installed, or not for this platform. */
  | { readonly kind: 'no-package' }
  | { readonly kind: 'failed'; readonly message: string };

type Library = typeof import('@napi-rs/keyring');

const service = 'erpsync';
// Without it the library would fall back to the keyring of the kernel, which a restart empties.
const options = { linux: { store: 'secret-service' } } as const;

async function library(): Promise<Library | undefined> {
  try {
    return await import('@napi-rs/keyring');
  } catch {
    return undefined;
  }
}

function reply(request: KeychainRequest, { Entry }: Library): KeychainReply {
  const entryOf = (account: string) => new Entry(service, account, options);
  const textOf = (account: string): string | undefined => {
    const bytes = entryOf(account).getSecret();
    return bytes ? Buffer.from(bytes).toString('utf8') : undefined;
  };
  if (request.kind === 'write') {
    for (const [account, written] of Object.entries(request.texts)) {
      entryOf(account).setSecret(Buffer.from(written, 'utf8'));
      if (textOf(account) !== written) return { kind: 'failed', message: 'what was stored reads otherwise' };
    }
    return { kind: 'done', texts: {} };
  }
  if (request.kind === 'remove') {
    for (const account of request.accounts) entryOf(account).deleteCredential();
    return { kind: 'done', texts: {} };
  }
  const found = request.accounts.map((account) => [account, textOf(account)] as const);
  const texts = Object.fromEntries(found.flatMap(([account, each]) => (each ? [[account, each]] : [])));
  return { kind: 'done', texts };
}

async function answer(): Promise<KeychainReply> {
  // What is written here is written by erpsync.
  const request = JSON.parse(await text(stdin)) as KeychainRequest;
  const loaded = await library();
  if (loaded === undefined) return { kind: 'no-package' };
  try {
    return reply(request, loaded);
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

answer().then(
  (told) => stdout.write(JSON.stringify(told)),
  (error: Error) => stdout.write(JSON.stringify({ kind: 'failed', message: error.message })),
);
