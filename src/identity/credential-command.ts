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
    'what it gives has expired already',
    'renew it there, and check the clock of this machine',
  );
}

/** A command by its profile and the name of its program. */
export function commandInWords({ profile, argv }: HeldCommand): string {
  return `the credential command of profile "${profile}" (${argv[0]})`;
}

function failure(answer: ProgramAnswer, owner: HeldCommand, timeoutMs: number): ErpsyncError {
  const what = commandInWords(owner);
  const set = `erpsync profile set ${owner.profile} --credential-command`;
  switch (answer.kind) {
    case 'not-started':
      return answer.missing
        ? configError(
            `${what} is not found`,
            `install it, or name it by its whole path: ${set} '["/path/to/it"]'`,
          )
        : configError(`${what} cannot be run: ${answer.problem}`, 'check its mode and its path');
    case 'exited':
      return failed(`${what} ended with ${answer.code}`, 'see what it says above, or run it by itself');
    case 'signalled':
      return failed(`${what} was ended by ${answer.signal}`, 'run it by itself');
    case 'too-late':
      return failed(
        `${what} took longer than ${timeoutMs / 1_000} s and was ended`,
        'run it by itself: it must not ask anything; --timeout gives it longer',
      );
    case 'too-long':
      return failed(`${what} printed more than ${longestAnswer} bytes`, `it has to print ${answerForm}`);
    case 'stopped':
      return new ErpsyncError('interrupted', `stopped while ${what} ran`);
  }
}

function failed(message: string, hint: string): ErpsyncError {
  return new ErpsyncError('auth', message, { hint });
}

function malformed(
  owner: HeldCommand,
  problem: string,
  hint = `it has to print ${answerForm}`,
): ErpsyncError {
  return failed(`${commandInWords(owner)}: ${problem}`, hint);
}

function credentialIn(output: string, owner: HeldCommand): GivenCredential {
  let document: unknown;
  try {
    document = JSON.parse(output);
  } catch {
    // Neither text nor cause: both may show a secret.
  }
  if (!isMembers(document)) throw malformed(owner, 'it does not print one JSON object');
  if (own(document, 'version') !== answerVersion) {
    throw malformed(
      owner,
      `what it prints has not "version": ${answerVersion}, the one that this erpsync knows`,
    );
  }
  if (Object.keys(othersIn(document, ['version', 'secrets', 'expiresAt'])).length > 0) {
    throw malformed(owner, 'what it prints has members that this version does not have');
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
      throw malformed(owner, error.message);
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
