/** The keychain of the system, through a program of its own that can be given up. */
import { configError, ErpsyncError } from '../errors.ts';
import type { KeychainReply, KeychainRequest } from '../keychain-child.ts';
import type { Keychain } from '../profiles/keychain.ts';
import type { AskProgram, ProgramAnswer } from './asked-program.ts';
import { withoutSecrets } from './secrets.ts';

/** How it is reached. */
export interface KeychainWay {
  readonly ask: AskProgram;
  /** The program that speaks with it. */
  readonly words: () => readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The longest time for one call (ms). */
const longestCallMs = 3_000;
/** Secrets are lines and keys (bytes). */
const longestAnswer = 4 * 1024 * 1024;

/** The keychain; nothing is started before a method is called. */
export function systemKeychain({ ask, words, environment }: KeychainWay): Keychain {
  async function call(request: KeychainRequest): Promise<ReadonlyMap<string, string>> {
    const answer = await ask({
      words: words(),
      environment: withoutSecrets(environment),
      input: JSON.stringify(request),
      timeoutMs: longestCallMs,
      longestAnswer,
    });
    const reply = replyIn(answer);
    if (reply.kind === 'done') return new Map(Object.entries(reply.texts));
    throw reply.kind === 'no-package' ? noPackage() : failure(reply.message);
  }
  return {
    async write(texts) {
      await call({ kind: 'write', texts: Object.fromEntries(texts) });
    },
    read: (accounts) => call({ kind: 'read', accounts }),
    async remove(accounts) {
      await call({ kind: 'remove', accounts });
    },
  };
}

const elsewhere = 'or keep the secrets in the file (--store file)';

function replyIn(answer: ProgramAnswer): KeychainReply {
  if (answer.kind === 'too-late') throw noReply();
  if (answer.kind === 'stopped') throw new ErpsyncError('interrupted', 'stopped at the keychain');
  if (answer.kind === 'exited') {
    try {
      // Its own program writes it.
      return JSON.parse(answer.output) as KeychainReply;
    } catch {
      // Told below.
    }
  }
  throw configError(
    'the program that speaks with the keychain of the system failed',
    `install erpsync anew, ${elsewhere}`,
  );
}

function noReply(): ErpsyncError {
  return new ErpsyncError(
    'auth',
    `the keychain of the system does not answer (${longestCallMs / 1_000} s at most)`,
    {
      hint: `unlock it, or start its service anew, and try again; ${elsewhere}`,
    },
  );
}

function noPackage(): ErpsyncError {
  return configError(
    'the keychain of the system cannot be used: the optional package @napi-rs/keyring is not installed',
    `install erpsync anew without --omit=optional, ${elsewhere}`,
  );
}

/** What the words of its library mean: it tells nothing else. */
const meanings: readonly (readonly [RegExp, (message: string) => ErpsyncError])[] = [
  [/did not receive a reply|timed? ?out/i, noReply],
  [
    /locked|prompt was dismissed|interaction is not allowed/i,
    () =>
      new ErpsyncError('auth', 'the keychain of the system is locked, and nobody unlocked it', {
        hint: `log in to the desktop, or unlock it with its own tool, and try again; ${elsewhere}`,
      }),
  ],
  [
    /denied|cancell?ed|not permitted|passphrase you entered/i,
    () =>
      new ErpsyncError('auth', 'the keychain of the system denied the access', {
        hint: `allow it for erpsync (Node.js) there, and try again; ${elsewhere}`,
      }),
  ],
  [
    /longer than|too ?long/i,
    () => configError('the keychain of the system takes no secret of this length', 'use --store file for it'),
  ],
  [
    /dbus|d-bus|secret service|not supported|no default store/i,
    () =>
      configError(
        'there is no keychain of the system here: no secret service answers on the session bus, as on a server without a desktop',
        `start one (gnome-keyring, KWallet) within a D-Bus session, ${elsewhere}`,
      ),
  ],
];

function failure(message: string): ErpsyncError {
  const meaning = meanings.find(([words]) => words.test(message))?.[1];
  return meaning?.(message) ?? configError(`the keychain of the system failed: ${message}`, elsewhere);
}
