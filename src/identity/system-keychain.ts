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

const what = 'the keychain of the system cannot be used';
const elsewhere = 'or keep the secrets in the file (--store file)';

/** @param doing what helps, before the command is run again */
function locked(why: string, doing: string): ErpsyncError {
  return new ErpsyncError('auth', {
    what,
    why,
    next: `${doing}, and run the same command again, ${elsewhere}`,
  });
}

function replyIn(answer: ProgramAnswer): KeychainReply {
  if (answer.kind === 'too-late') throw noReply();
  if (answer.kind === 'stopped') {
    throw new ErpsyncError('interrupted', {
      what: 'stopped at the keychain of the system',
      why: 'it had not answered by then',
      next: 'run the same command again',
    });
  }
  if (answer.kind === 'exited') {
    try {
      // Its own program writes it.
      return JSON.parse(answer.output) as KeychainReply;
    } catch {
      // Told below.
    }
  }
  throw configError({
    what,
    why: 'the program of erpsync that speaks with it failed',
    next: `install erpsync anew, ${elsewhere}`,
  });
}

function noReply(): ErpsyncError {
  return locked(
    `it does not answer within ${longestCallMs / 1_000} s`,
    'unlock it or start its service anew',
  );
}

function noPackage(): ErpsyncError {
  return configError({
    what,
    why: 'the optional package @napi-rs/keyring is not installed',
    next: `install erpsync anew without --omit=optional, ${elsewhere}`,
  });
}

/** What the words of its library mean: it tells nothing else. */
const meanings: readonly (readonly [RegExp, () => ErpsyncError])[] = [
  [/did not receive a reply|timed? ?out/i, noReply],
  [
    /locked|prompt was dismissed|interaction is not allowed/i,
    () =>
      locked('it is locked, and nobody unlocked it', 'log in to the desktop or unlock it with its own tool'),
  ],
  [
    /denied|cancell?ed|not permitted|passphrase you entered/i,
    () => locked('it denies the access', 'allow it for erpsync (Node.js) there'),
  ],
  [
    /longer than|too ?long/i,
    () =>
      configError({
        what: 'the secret cannot be kept in the keychain of the system',
        why: 'it takes none of this length',
        next: 'keep it in the file with --store file',
      }),
  ],
  [
    /dbus|d-bus|secret service|not supported|no default store/i,
    () =>
      configError({
        what,
        why: 'no secret service answers on the session bus, as on a server without a desktop',
        next: `start one (gnome-keyring, KWallet) within a D-Bus session, ${elsewhere}`,
      }),
  ],
];

function failure(message: string): ErpsyncError {
  const meaning = meanings.find(([words]) => words.test(message))?.[1];
  return (
    meaning?.() ??
    configError({ what, why: message, next: `mend it and run the same command again, ${elsewhere}` })
  );
}
