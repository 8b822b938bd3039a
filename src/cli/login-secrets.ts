/** Where the secrets of a login come from: flags and variables, the profile's file or keychain, its command, a person. */
import { configError, ErpsyncError, internalError } from '../errors.ts';
import { shellWord } from '../files/shell-word.ts';
import type { CommandSecrets } from '../identity/command-secrets.ts';
import { secretsOf } from '../identity/credentials.ts';
import type { LoginSecrets } from '../identity/login-secrets.ts';
import { commandElsewhere, elsewhereProblem, secretsSent } from '../identity/placement.ts';
import { secretSources } from '../identity/secrets.ts';
import { type Address, addressInWords, addressParts } from '../profiles/address.ts';
import { commandOf, type HeldSecret, type HeldSecrets } from '../profiles/inheritance.ts';
import type { SecretName, Secrets } from '../profiles/profile.ts';
import { ruleOf } from '../profiles/setting-table.ts';
import type { Setting, Settings } from '../profiles/settings.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { type GivenSecrets, secretFromOutside, valuesOf } from './secret-input.ts';

/** What the profile of a command has, each of it read when it is needed. */
export interface HeldReader {
  /** The secret of each kind that is stored, and no farther off than the command; undefined else. */
  stored(name: SecretName): HeldSecret | undefined;
  /** The texts of stored secrets; of those in the keychain with one call. */
  read(names: readonly SecretName[]): Promise<Secrets>;
  /** The credential command, where it may be asked for this address; run at the first secret of it. */
  readonly command: (() => Promise<CommandSecrets>) | undefined;
  /** What is wrong with asking it for this address. */
  readonly commandProblem: string | undefined;
  /** Who says the command. */
  readonly commandProfile: string | undefined;
  /** A stored secret that is farther off than the command: taken where the command gives none. */
  behind(name: SecretName): HeldSecret | undefined;
}

/** Reads nothing yet. */
export function heldReader(context: Context, settings: Settings, held: HeldSecrets): HeldReader {
  const { line, address } = settings;
  const owner = commandOf(line);
  const rank = (profile: string): number => line.findIndex(({ name }) => name === profile);
  const isBehind = (secret: HeldSecret): boolean =>
    owner !== undefined && rank(secret.profile) > rank(owner.profile);
  const problem = owner && commandElsewhere(owner, address);
  let opened: Promise<CommandSecrets> | undefined;
  async function open(): Promise<CommandSecrets> {
    const { openCommand } = await import('./command-session.ts');
    // Called only where there is one.
    if (owner === undefined) throw internalError('there is no credential command');
    return openCommand(context, owner);
  }
  const command = () => {
    opened ??= open();
    return opened;
  };
  return {
    stored(name) {
      const secret = held[name];
      return secret === undefined || isBehind(secret) ? undefined : secret;
    },
    behind(name) {
      const secret = held[name];
      return secret !== undefined && isBehind(secret) ? secret : undefined;
    },
    read: (names) => heldTexts(context, names, held),
    command: owner === undefined || problem !== undefined ? undefined : command,
    commandProblem: problem,
    commandProfile: owner?.profile,
  };
}

/** The texts of secrets wherever they are stored; of those in the keychain with one call. */
export async function heldTexts(
  context: Context,
  names: readonly SecretName[],
  held: HeldSecrets,
): Promise<Secrets> {
  const texts: { [K in SecretName]?: string } = {};
  const places = names.flatMap((kind) => {
    const secret = held[kind];
    if (secret?.store === 'file') texts[kind] = secret.value;
    return secret?.store === 'keychain' ? [{ ...secret, kind }] : [];
  });
  if (places.length === 0) return texts;
  const [{ readPlaces }, { keychainOf }] = await Promise.all([
    import('../profiles/keychain.ts'),
    import('./stored-profiles.ts'),
  ]);
  const found = await readPlaces(places, keychainOf(context));
  for (const { kind, account } of places) {
    const text = found.get(account);
    if (text !== undefined) texts[kind] = text;
  }
  return texts;
}

/** Which flag, variable, profile or command gives each secret of a login. */
export type SecretSources = { readonly [K in SecretName]?: string };

/** The secrets of a login, and who gives them. */
export interface SourcedSecrets extends LoginSecrets {
  readonly sources: SecretSources;
}

/** The secrets that are asked for. */
interface Wanted {
  readonly sent: readonly SecretName[];
  /** Those that it cannot do without. */
  readonly needed: readonly SecretName[];
}

/**
 * What the login sends; a secret that is needed and nowhere to be found is asked for at a terminal.
 *
 * @param wanted what the scheme takes, unless less is asked for
 * @throws ErpsyncError (config) for a secret of another address, (auth) for one that is nowhere to be had
 */
export async function loginSecrets(
  context: Context,
  flags: ConnectionFlags,
  settings: Settings,
  reader: HeldReader,
  wanted: Wanted = { sent: secretsSent(settings.auth.value), needed: secretsOf[settings.auth.value] },
): Promise<SourcedSecrets> {
  const { auth } = settings;
  const { sent: names, needed } = wanted;
  const given = await outsideSecrets(names, context, flags);
  const outside = valuesOf(given);
  const missing = names.filter((name) => outside[name] === undefined);
  const stored = await ownSecrets(
    missing.filter((name) => reader.stored(name) !== undefined),
    settings,
    reader,
  );
  const absent = missing.filter((name) => stored[name] === undefined);
  // A call that brings its whole login is not asked for more.
  const whole = needed.length > 0 && needed.every((name) => outside[name] !== undefined);
  const asked = whole ? [] : absent;
  const { taken, command } = await fromCommand(asked, needed, reader);
  const behind = absent.filter((name) => taken[name] === undefined && reader.behind(name) !== undefined);
  const farther = await ownSecrets(behind, settings, reader);
  const typed = await typedSecrets(
    needed.filter((name) => ![outside, stored, taken, farther].some((each) => each[name] !== undefined)),
    context,
    settings,
    reader,
  );
  const fixed = { ...farther, ...stored, ...outside, ...typed };
  const kept = Object.keys({ ...outside, ...typed }).length === 0;
  const known = (secrets: Secrets): Secrets => {
    concealAll(secrets, context, settings);
    return secrets;
  };
  known({ ...fixed, ...taken });
  const sources: { [K in SecretName]?: string } = {};
  for (const name of names) {
    const held =
      stored[name] !== undefined
        ? reader.stored(name)
        : farther[name] !== undefined
          ? reader.behind(name)
          : undefined;
    if (given[name] !== undefined) sources[name] = given[name].from;
    else if (typed[name] !== undefined) sources[name] = 'the prompt';
    else if (held !== undefined) sources[name] = placeOf(held);
    else if (taken[name] !== undefined) {
      sources[name] = `the credential command of profile "${reader.commandProfile}"`;
    }
  }
  if (command === undefined) return { current: () => Promise.resolve(fixed), stored: kept, sources };
  const fromIt = Object.keys(taken) as readonly SecretName[];
  return {
    async current() {
      const answered = await command.current();
      const lost = fromIt.find((name) => answered[name] === undefined && needed.includes(name));
      if (lost !== undefined) throw nothingGiven(lost, reader, auth.value);
      return known({ ...fixed, ...Object.fromEntries(fromIt.map((name) => [name, answered[name]])) });
    },
    renewal: command.renewal,
    stored: kept,
    sources,
  };
}

/** Where a stored secret is, in words. */
export function placeOf(secret: HeldSecret): string {
  return `profile "${secret.profile}"${secret.store === 'keychain' ? ' (keychain)' : ''}`;
}

async function outsideSecrets(
  names: readonly SecretName[],
  context: Context,
  flags: ConnectionFlags,
): Promise<GivenSecrets> {
  const secrets: { [K in SecretName]?: Setting<string> } = {};
  for (const name of names) {
    const given = await secretFromOutside(context, flags, name);
    if (given !== undefined) secrets[name] = given;
  }
  return secrets;
}

/** @throws ErpsyncError (config) for one that belongs to another address: it is not even read then */
async function ownSecrets(
  names: readonly SecretName[],
  { address, profile }: Settings,
  reader: HeldReader,
): Promise<Secrets> {
  for (const name of names) {
    const secret = reader.stored(name) ?? reader.behind(name);
    if (secret === undefined) continue;
    const problem = elsewhereProblem(name, secret, address, profile?.value ?? secret.profile);
    if (problem === undefined) continue;
    const next = elsewhereNext(name, address, profile?.value ?? '');
    throw configError({ what: `the stored ${secretSources[name].words} cannot be used`, why: problem, next });
  }
  return await reader.read(names);
}

interface Taken {
  readonly taken: Secrets;
  /** Absent where nothing is of it. */
  readonly command?: CommandSecrets;
}

async function fromCommand(
  asked: readonly SecretName[],
  needed: readonly SecretName[],
  { command, commandProblem, behind }: HeldReader,
): Promise<Taken> {
  if (asked.length === 0) return { taken: {} };
  const lacking = asked.filter((name) => needed.includes(name) && behind(name) === undefined);
  if (commandProblem !== undefined && lacking.length > 0) {
    const variables = lacking.map((name) => secretSources[name].variable).join(' and ');
    throw configError({
      what: 'the credential command cannot be used',
      why: commandProblem,
      next: `give ${variables} for that address, or leave it out; see where it comes from: erpsync config explain`,
    });
  }
  if (command === undefined) return { taken: {} };
  const opened = await command();
  const given = await opened.current();
  const found = asked.filter((name) => given[name] !== undefined);
  if (found.length === 0) return { taken: {} };
  return { taken: Object.fromEntries(found.map((name) => [name, given[name]])), command: opened };
}

/** What is nowhere else, from a person; (auth) where there is none. */
async function typedSecrets(
  names: readonly SecretName[],
  { prompts }: Context,
  { auth, address, profile }: Settings,
  reader: HeldReader,
): Promise<Secrets> {
  const secrets: { [K in SecretName]?: string } = {};
  for (const name of names) {
    if (reader.command !== undefined) throw nothingGiven(name, reader, auth.value);
    const { words, flag, variable, comesFrom } = secretSources[name];
    if (!prompts.available || comesFrom !== undefined) {
      const given = `give it with ${variable}, ${flag}-file or ${flag}-stdin`;
      const name = profile && shellWord(profile.value);
      const next =
        name === undefined
          ? given
          : comesFrom === undefined
            ? `${given}, or store it: erpsync profile set ${name} ${flag}-file <file>`
            : `log in: erpsync ${comesFrom} -p ${name}; or ${given}`;
      const what = `auth ${auth.value} needs ${withArticle(words)}`;
      throw new ErpsyncError('auth', { what, why: 'none is stored or given', next });
    }
    secrets[name] = await prompts.secret(`The ${words} for ${addressInWords(address.value)}`);
  }
  return secrets;
}

function nothingGiven(name: SecretName, { commandProfile }: HeldReader, auth: string): ErpsyncError {
  const { words, flag, variable } = secretSources[name];
  return new ErpsyncError('auth', {
    what: `auth ${auth} needs ${withArticle(words)}`,
    why: `the credential command of profile "${commandProfile}" gives none`,
    next: `have it give "${name}", or give it with ${variable} or ${flag}-file`,
  });
}

function withArticle(words: string): string {
  return `${/^[aeiou]|^XSRF/.test(words) ? 'an' : 'a'} ${words}`;
}

function concealAll(secrets: Secrets, { conceal }: Context, { username }: Settings): void {
  for (const [name, value] of Object.entries(secrets)) {
    const { hasLines } = secretSources[name as SecretName];
    for (const each of hasLines ? longLines(value) : [value]) conceal(each);
    if (name === 'password') conceal(`${username?.value ?? ''}:${value}`);
  }
}

/** What of a document is secret by itself: the lines that hold the key, not those around them. */
function longLines(text: string): readonly string[] {
  return text.split(/\r?\n|\\n/).filter((line) => line.length >= 40);
}

function elsewhereNext(name: SecretName, { from }: Setting<Address>, profile: string): string {
  const { words, flag, variable } = secretSources[name];
  const typed = addressParts.flatMap((part) => [ruleOf(part).flag, ruleOf(part).variable]);
  return typed.includes(from)
    ? `take ${from} away, or give the ${words} for that address with ${variable} or ${flag}-file`
    : `store it for that address: erpsync profile set ${shellWord(profile)} ${flag}-file <file>`;
}
