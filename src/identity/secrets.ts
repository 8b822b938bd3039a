/** Secrets as they are given: by standard input, file or environment, never by a flag's own value. */
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { excluding, unreadable, unusable } from '../error-words.ts';
import { configError, systemErrorCode } from '../errors.ts';
import type { SecretName } from '../profiles/profile.ts';
import { type Setting, variable } from '../profiles/settings.ts';

/** How a secret can be given, and what people call it. */
interface SecretSource {
  readonly variable: string;
  /** Behind it stands `-stdin` or `-file`. */
  readonly flag: string;
  readonly words: string;
  /** What it is for. */
  readonly use: string;
  /** It has lines: it is kept as it is, and nobody types it at a prompt. */
  readonly hasLines?: true;
  /** A command gets it and stores it: nobody is asked for it. */
  readonly comesFrom?: string;
}

/** Environment variable and flags of each secret. */
export const secretSources: Readonly<Record<SecretName, SecretSource>> = {
  password: { variable: 'ERPSYNC_PASSWORD', flag: '--password', words: 'password', use: 'for auth basic' },
  ticket: { variable: 'ERPSYNC_TICKET', flag: '--ticket', words: 'ticket', use: 'for auth ticket' },
  token: { variable: 'ERPSYNC_TOKEN', flag: '--token', words: 'access token', use: 'for auth bearer' },
  cookie: { variable: 'ERPSYNC_COOKIE', flag: '--cookie', words: 'session cookie', use: 'for auth xsrf' },
  xsrfToken: {
    variable: 'ERPSYNC_XSRF_TOKEN',
    flag: '--xsrf-token',
    words: 'XSRF token',
    use: 'for auth xsrf (X-XSRF-TOKEN)',
  },
  appToken: {
    variable: 'ERPSYNC_APP_TOKEN',
    flag: '--app-token',
    words: 'application token',
    use: 'for any auth (SO-AppToken)',
  },
  systemUserToken: {
    variable: 'ERPSYNC_SYSTEM_USER_TOKEN',
    flag: '--system-user-token',
    words: 'system user token',
    use: 'for auth system-user',
  },
  privateKey: {
    variable: 'ERPSYNC_PRIVATE_KEY',
    flag: '--private-key',
    words: 'private key',
    use: 'of the app (PEM or RSAKeyValue XML) for auth system-user',
    hasLines: true,
  },
  refreshToken: {
    variable: 'ERPSYNC_REFRESH_TOKEN',
    flag: '--refresh-token',
    words: 'refresh token',
    use: 'for auth oidc',
    comesFrom: 'auth login',
  },
  proxyPassword: {
    variable: 'ERPSYNC_PROXY_PASSWORD',
    flag: '--proxy-password',
    words: 'proxy password',
    use: 'for the user name in the address of the proxy',
  },
};

/** An environment for a program that is not ours: what could log in as us is kept from it. */
export function withoutSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const secrets = new Set(Object.values(secretSources).map(({ variable }) => variable));
  const secret = /^ERPSYNC_\w*(PASSWORD|PASSPHRASE|TICKET|TOKEN|SECRET|COOKIE|PRIVATE_KEY)/i;
  const kept = Object.entries(environment).filter(([name]) => !secrets.has(name) && !secret.test(name));
  return Object.fromEntries(kept);
}

/** What the flags of one secret say. */
export interface SecretFlags {
  readonly stdin: boolean;
  readonly file: string | undefined;
}

/** The outside, as far as secrets come from there. */
export interface SecretIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Undefined where files have no modes. */
  readonly uid: number | undefined;
  openStdin(): Readable;
  warn(text: string): void;
}

/** A secret is a line, not a document (bytes). */
const longestSecret = 64 * 1024;
const tooLong = `it has more than ${longestSecret} bytes, which no secret has`;

/**
 * The secret that flags or environment give, or undefined.
 *
 * @throws ErpsyncError (usage, config) for two sources at once, and for a source without a usable secret
 */
export async function givenSecret(
  name: SecretName,
  { stdin, file }: SecretFlags,
  io: SecretIo,
): Promise<Setting<string> | undefined> {
  const { flag, variable: variableName, words } = secretSources[name];
  const taken = (text: string, from: string): string => checkedSecret(name, text, from);
  if (stdin && file !== undefined)
    throw excluding([`${flag}-stdin`, `${flag}-file`], `each gives the ${words}`);
  if (stdin) {
    const from = `${flag}-stdin`;
    return { value: taken(await readStdin(io.openStdin(), from), from), from };
  }
  if (file !== undefined) {
    const from = `${flag}-file ${file}`;
    return { value: taken(await readSecretFile(file, `${flag}-file`, io), from), from };
  }
  const value = variable(io.environment, variableName);
  return value === undefined ? undefined : { value: taken(value, variableName), from: variableName };
}

/**
 * A text as the secret that it is: without the line end that editors and echo leave.
 *
 * @param from what errors name
 * @throws ErpsyncError (usage) for one that is empty, or has lines where there must be none
 */
export function checkedSecret(name: SecretName, text: string, from: string): string {
  return secretSources[name].hasLines ? wholeText(text, from) : oneLine(text, from);
}

async function readStdin(input: Readable, from: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestSecret) throw unusable(from, tooLong, 'give the secret alone');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readSecretFile(file: string, flag: string, io: SecretIo): Promise<string> {
  const from = `${flag} ${file}`;
  const next = `name a file that holds the secret alone with ${flag}`;
  const unfit = (why: string) => configError({ what: `${from} cannot be used`, why, next });
  try {
    const found = await stat(file);
    const { mode, size } = found;
    if (found.isDirectory()) throw unfit('it is a directory');
    if (io.uid !== undefined && (mode & 0o077) !== 0) {
      io.warn(`warning: ${file} can be read by others; chmod 600 ${file}`);
    }
    if (size > longestSecret) throw unfit(tooLong);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw unreadable('config', from, error, `name a file that you can read with ${flag}`);
  }
}

function wholeText(text: string, from: string): string {
  if (text.trim() === '') throw unusable(from, 'it is empty', 'give the whole text of the file');
  return text;
}

/** A secret is what stands before the line end that editors and echo leave. */
function oneLine(text: string, from: string): string {
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw unusable(from, 'it is empty', asOnlyLine);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a secret with them would break the header it goes into
  if (/[\u0000-\u001f\u007f]/.test(line))
    throw unusable(from, 'it holds more than one line of text', asOnlyLine);
  return line;
}

const asOnlyLine = 'give the secret as its only line';
