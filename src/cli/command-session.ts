/** The credential command of a profile, from the settings of a command. Loaded where there is one. */
import { type CommandSecrets, commandSecrets } from '../identity/command-secrets.ts';
import { askCommand, commandInWords } from '../identity/credential-command.ts';
import { secretSources } from '../identity/secrets.ts';
import { credentialCache } from '../profiles/credential-cache.ts';
import type { HeldCommand } from '../profiles/inheritance.ts';
import type { SecretName } from '../profiles/profile.ts';
import type { Context } from './context.ts';

/** It must not ask anything, so this is long (ms). */
const longestRunMs = 30_000;

/** Not run yet: the first secret that is asked of it does. */
export function openCommand(context: Context, owner: HeldCommand): CommandSecrets {
  const { host, globals, configDirectory, trace } = context;
  const { now } = host.clock;
  async function fetch() {
    if (globals.verbose > 0) trace(`Asking ${commandInWords(owner)}.`);
    const given = await askCommand(owner, {
      ask: host.askProgram,
      environment: host.environment,
      timeoutMs: globals.timeout ?? longestRunMs,
      onErrors: host.writeStderr,
      now,
    });
    // Also what nobody asked for is a secret.
    for (const [name, value] of Object.entries(given.secrets)) {
      if (!secretSources[name as SecretName].hasLines) context.conceal(value);
    }
    return given;
  }
  const kept = credentialCache({ directory: configDirectory, uid: host.uid }, owner, now);
  return commandSecrets({ owner, kept, fetch, now });
}
