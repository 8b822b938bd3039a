/** Credential commands: programs of the user, such as the client of a vault, that are asked for secrets. */
import { configError, ErpsyncError } from '../errors.ts';
import type { GivenCredential } from '../profiles/credential-cache.ts';
import type { HeldCommand } from '../profiles/inheritance.ts';
import { isMembers, type Members, othersIn, own, type SecretName, secretNames } from '../profiles/profile.ts';
import type { AskProgram, ProgramAnswer } from './asked-program.ts';
import { checkedSecret } from './secrets.ts';

/** How a command is run. */
export interface CommandSurroundings {
  readonly ask: AskProgram;
  /** It gets all of it: it is the one program that may see secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Shows people its standard error. */
  readonly onErrors: (text: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Secrets are lines and keys (bytes). */
const longestAnswer = 1024 * 1024;
const answerVersion = 1;
/** What a command has to print. */
export const answerForm =
  '{"version":1,"secrets":{"password":"..."},"expiresAt":"2026-01-31T12:00:00Z"}, where expiresAt may be left out';

/**
 * Runs the command of a profile. Its standard input is empty, people see its standard error, and nothing of what it
 * prints is ever shown.
 *
 * @throws ErpsyncError (config) for a command that is not there; (auth) for one that fails, takes too long, or prints
 *   something else
 */
export async function askCommand(
  owner: HeldCommand,
  { ask, environment, timeoutMs, onErrors, now }: CommandSurroundings,
): Promise<GivenCredential> {
  const answer = await ask({
    words: owner.argv,
    environment,
    input: '',
    onErrors,
    timeoutMs,
    longestAnswer,
  });
  if (answer.kind !== 'exited' || answer.code !== 0) throw failure(answer, owner, timeoutMs);
  const given = credentialIn(answer.output, owner);
  if (given.expiresAt === undefined || given.expiresAt > now()) return given;
  throw malformed(
    owner,
    'it has expired already',
    'renew it there, and check the clock of this machine: erpsync doctor',
  );
}

/** A command by its profile and the name of its program. */
export function commandInWords({ profile, argv }: HeldCommand): string {
  return `the credential command of profile "${profile}" (${argv[0]})`;
}

function failure(answer: ProgramAnswer, owner: HeldCommand, timeoutMs: number): ErpsyncError {
  const command = commandInWords(owner);
  const { profile } = owner;
  const what = `${command} gives no secret`;
  const next = `run it by itself, mend it, and then try it here: erpsync auth status -p ${profile}`;
  switch (answer.kind) {
    case 'not-started': {
      const set = `erpsync profile set ${profile} --credential-command '["/path/to/it"]'`;
      const start = `${command} cannot be run`;
      return answer.missing
        ? configError({
            what: start,
            why: 'its program is not found',
            next: `install it, or name it by its whole path: ${set}`,
          })
        : configError({
            what: start,
            why: answer.problem,
            next: `check its mode and its path, or name another one: ${set}`,
          });
    }
    case 'exited':
      return new ErpsyncError('auth', { what, why: `it ended with exit code ${answer.code}`, next });
    case 'signalled':
      return new ErpsyncError('auth', { what, why: `it was ended by ${answer.signal}`, next });
    case 'too-late':
      return new ErpsyncError('auth', {
        what,
        why: `it took longer than ${timeoutMs / 1_000} s and was ended`,
        next: `see that it asks nobody anything, or give it longer with --timeout`,
      });
    case 'too-long':
      return new ErpsyncError('auth', {
        what,
        why: `it printed more than ${longestAnswer} bytes`,
        next: printForm,
      });
    case 'stopped':
      return new ErpsyncError('interrupted', {
        what: 'stopped before the login',
        why: `${command} still ran`,
        next: 'run the same command again',
      });
  }
}

const printForm = `have it print ${answerForm}; see: erpsync profile set --help`;

function malformed(owner: HeldCommand, why: string, next = printForm): ErpsyncError {
  return new ErpsyncError('auth', { what: `what ${commandInWords(owner)} prints cannot be used`, why, next });
}

function credentialIn(output: string, owner: HeldCommand): GivenCredential {
  let document: unknown;
  try {
    document = JSON.parse(output);
  } catch {
    // Neither text nor cause: both may show a secret.
  }
  if (!isMembers(document)) throw malformed(owner, 'it is not one JSON object');
  if (own(document, 'version') !== answerVersion) {
    throw malformed(owner, `it has not "version": ${answerVersion}, the one that this erpsync knows`);
  }
  if (Object.keys(othersIn(document, ['version', 'secrets', 'expiresAt'])).length > 0) {
    throw malformed(owner, 'it has members that this version does not have');
  }
  return { secrets: secretsIn(own(document, 'secrets'), owner), expiresAt: expiryIn(document, owner) };
}

function secretsIn(value: unknown, owner: HeldCommand): GivenCredential['secrets'] {
  if (!isMembers(value)) throw malformed(owner, '"secrets" is no object');
  if (Object.keys(othersIn(value, secretNames)).length > 0) {
    throw malformed(owner, `"secrets" holds other names than ${secretNames.join(', ')}`);
  }
  const secrets: { [K in SecretName]?: string } = {};
  for (const name of secretNames) {
    const secret = own(value, name);
    if (secret === undefined) continue;
    if (typeof secret !== 'string') throw malformed(owner, `"${name}" is no text`);
    try {
      secrets[name] = checkedSecret(name, secret, `"${name}"`);
    } catch (error) {
      if (!(error instanceof ErpsyncError)) throw error;
      throw malformed(owner, `"${name}" is not usable: ${error.why}`);
    }
  }
  return secrets;
}

function expiryIn(document: Members, owner: HeldCommand): number | undefined {
  const text = own(document, 'expiresAt');
  if (text === undefined || text === null) return undefined;
  const known = typeof text === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = known ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw malformed(owner, '"expiresAt" is no time as 2026-01-31T12:00:00Z');
}
