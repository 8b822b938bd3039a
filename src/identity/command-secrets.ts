/** What a credential command gave: asked for when it is first needed, and again when it expires or is refused. */
import { ErpsyncError } from '../errors.ts';
import { type CredentialCache, type GivenCredential, sameSecrets } from '../profiles/credential-cache.ts';
import type { HeldCommand } from '../profiles/inheritance.ts';
import type { Secrets } from '../profiles/profile.ts';
import type { Renewal } from '../transport/transport.ts';
import { commandInWords } from './credential-command.ts';

/** The secrets of a command, the same for all calls of a process. */
export interface CommandSecrets {
  /** @throws ErpsyncError for what the command failed of; it is not run again then */
  current(): Promise<Secrets>;
  readonly renewal: Renewal;
}

/** Where they come from. */
interface CommandSource {
  readonly owner: HeldCommand;
  readonly kept: CredentialCache;
  /** Runs the command. */
  readonly fetch: () => Promise<GivenCredential>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function commandSecrets({ owner, kept, fetch, now }: CommandSource): CommandSecrets {
  let generation = 0;
  let held: Promise<GivenCredential> | undefined;

  /** One that failed stays: a command that asks somebody is not run again and again. */
  function lasting(attempt: Promise<GivenCredential>): Promise<GivenCredential> {
    attempt.catch(() => undefined);
    return attempt;
  }

  async function first(): Promise<GivenCredential> {
    return kept.read() ?? (await kept.replace(undefined, fetch));
  }

  async function another(refused: GivenCredential): Promise<GivenCredential> {
    const given = await kept.replace(refused, fetch);
    if (!sameSecrets(given, refused)) return given;
    throw new ErpsyncError('auth', {
      what: `the server does not accept what ${commandInWords(owner)} gives`,
      why: 'asked again, it gave the same',
      next: 'put the right secret where it reads it, and run the same command again',
    });
  }

  function present(): Promise<GivenCredential> {
    held ??= lasting(first());
    return held;
  }

  return {
    async current() {
      const asked = present();
      const { expiresAt, secrets } = await asked;
      if (expiresAt === undefined || now() < expiresAt) return secrets;
      if (held === asked) {
        generation++;
        held = lasting(kept.replace(await asked, fetch));
      }
      return (await present()).secrets;
    },
    renewal: {
      get generation() {
        return generation;
      },
      async renew(stale) {
        const refused = await present();
        if (stale === generation) {
          generation++;
          held = lasting(another(refused));
        }
        await present();
      },
    },
  };
}
