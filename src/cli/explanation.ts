/** `config explain`: every effective setting, as far as it can be told, without sending anything. */
import { join } from 'node:path';
import { ErpsyncError } from '../errors.ts';
import { elsewhereProblem, secretsSent } from '../identity/placement.ts';
import { secretSources } from '../identity/secrets.ts';
import {
  type HeldSecrets,
  holderOf,
  type Lineage,
  type TracedLineage,
  traceLineage,
} from '../profiles/inheritance.ts';
import { type SecretName, secretNames } from '../profiles/profile.ts';
import { type SettingName, settingNames } from '../profiles/setting-table.ts';
import {
  chooseProfile,
  effectiveProxy,
  effectiveUrl,
  findSetting,
  type Setting,
  variable,
} from '../profiles/settings.ts';
import { openProfileStore, type StoredProfiles } from '../profiles/store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';
import { flagName } from './flags.ts';
import { type Globals, globalFlags } from './globals.ts';

/** One effective setting. */
export interface Explained {
  readonly setting: string;
  /** Null when nothing sets it. A secret is never shown, only where it is. */
  readonly value: string | null;
  /** Flag, variable, profile or `default`. */
  readonly from: string | null;
  /** What would stop a command that needs this setting; null when nothing does. */
  readonly problem: string | null;
}

/**
 * What a command with these flags would use.
 *
 * @throws ErpsyncError (config) for a profile that is named and not stored, and for unreadable files
 */
export async function explainSettings(context: Context, flags: ConnectionFlags): Promise<Explained[]> {
  const { host, globals } = context;
  const store = openProfileStore({ directory: context.configDirectory, uid: host.uid });
  const stored = await store.read();
  const choice = explainedChoice(context, stored, flags.url !== undefined);
  const { line, error }: TracedLineage =
    choice.profile === undefined
      ? { line: [], error: undefined }
      : traceLineage(choice.profile, stored.profiles);
  const held = await store.readHeldSecrets(line);
  const url = attempt('url', () => effectiveUrl(flags, line, host.environment));
  const settings = settingNames.map((name) =>
    name === 'url' ? url : attempt(name, () => effectiveSetting(name, flags, line, host.environment, url)),
  );
  return [
    explainedDirectory(context),
    choice.row,
    ...(line[0]?.profile.extends === undefined ? [] : [explainedChain(line, error)]),
    ...settings.map(({ row }) => row),
    explainedHttp(flags, line, url.found),
    ...explainedGlobals(globals),
    ...explainedSecrets(context, flags, line, held, url.found),
  ];
}

function effectiveSetting(
  name: SettingName,
  flags: ConnectionFlags,
  line: Lineage,
  environment: Context['host']['environment'],
  { found: url }: Attempt,
): Setting<string> | undefined {
  if (name !== 'proxy' || url === undefined) return findSetting(name, flags, line, environment);
  const proxy = effectiveProxy(flags, line, environment, url.value);
  // A variable may hold a password; where the proxy is tells enough.
  return proxy && { value: proxy.value.replace(/\/\/[^/]*@/, '//***@'), from: proxy.from };
}

interface Attempt {
  readonly row: Explained;
  readonly found: Setting<string> | undefined;
}

/** A setting, or why it cannot be used. */
function attempt(setting: SettingName, find: () => Setting<string> | undefined): Attempt {
  try {
    const found = find();
    const row = { setting, value: found?.value ?? null, from: found?.from ?? null, problem: null };
    return { row, found };
  } catch (error) {
    return { row: { setting, value: null, from: null, problem: problemIn(error) }, found: undefined };
  }
}

/** What an error of ours says; everything else is a bug. */
function problemIn(error: unknown): string {
  if (!(error instanceof ErpsyncError)) throw error;
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}

/** The profile that a command would use, and whether one that changes something would, too. */
function explainedChoice({ host, globals }: Context, stored: StoredProfiles, urlGiven: boolean) {
  const { environment } = host;
  const atTerminal = host.stdinIsTerminal && host.stderrIsTerminal;
  const choose = (writes: boolean) =>
    chooseProfile(globals.profile, stored, { environment, atTerminal, writes }, urlGiven);
  // A name that is not stored stops this command as it stops every other one.
  const named = globals.profile ?? variable(environment, 'ERPSYNC_PROFILE');
  if (named !== undefined) choose(false);
  const [reading, writing] = [false, true].map((writes) => {
    try {
      return { choice: choose(writes), problem: null };
    } catch (error) {
      return { choice: undefined, problem: problemIn(error) };
    }
  });
  const choice = reading?.choice;
  const row: Explained = {
    setting: 'profile',
    value: choice?.value ?? null,
    from: choice?.from ?? null,
    problem: reading?.problem ?? writing?.problem ?? null,
  };
  return { profile: choice?.value, row };
}

function explainedChain(line: Lineage, error: ErpsyncError | undefined): Explained {
  const [own, ...others] = line;
  return {
    setting: 'extends',
    value: error === undefined ? others.map(({ name }) => name).join(' -> ') : (own?.profile.extends ?? null),
    from: `profile "${own?.name}"`,
    problem: error === undefined ? null : problemIn(error),
  };
}

function explainedHttp(
  { allowHttp }: ConnectionFlags,
  line: Lineage,
  url: Setting<string> | undefined,
): Explained {
  const setting = 'allowHttp';
  if (allowHttp) return { setting, value: 'true', from: flagName(setting), problem: null };
  const holder = holderOf(line, 'url');
  const from = `profile "${holder?.name}"`;
  if (holder?.profile.allowHttp === true && url?.from === from)
    return { setting, value: 'true', from, problem: null };
  return { setting, value: 'false', from: 'default', problem: null };
}

/** Flags that every command has, and no profile; one that is given as its default is not told apart from it. */
function explainedGlobals({ timeout, retries }: Globals): Explained[] {
  const asDefault = globalFlags.retries.read([], flagName('retries'));
  return [
    {
      setting: 'timeout',
      // Where the command has a longer one of its own, help tells it.
      value: `${(timeout ?? 100_000) / 1_000}s`,
      from: timeout === undefined ? 'default' : flagName('timeout'),
      problem: null,
    },
    {
      setting: 'retries',
      value: String(retries),
      from: retries === asDefault ? 'default' : flagName('retries'),
      problem: null,
    },
  ];
}

function explainedDirectory({ configDirectory, globals, host }: Context): Explained {
  const setting = 'configDir';
  const xdg = variable(host.environment, 'XDG_CONFIG_HOME');
  const byXdg = xdg !== undefined && configDirectory === join(xdg, 'erpsync') ? 'XDG_CONFIG_HOME' : 'default';
  const byVariable =
    variable(host.environment, 'ERPSYNC_CONFIG_DIR') === undefined ? byXdg : 'ERPSYNC_CONFIG_DIR';
  const from = globals.configDir === undefined ? byVariable : flagName(setting);
  return { setting, value: configDirectory, from, problem: null };
}

/** The secrets that would be sent, and those that are there for nothing. */
function explainedSecrets(
  { host }: Context,
  flags: ConnectionFlags,
  line: Lineage,
  held: HeldSecrets,
  url: Setting<string> | undefined,
): Explained[] {
  const sent = sentSecrets(flags, line, host.environment);
  return secretNames.flatMap((name): Explained[] => {
    const given = givenBy(name, flags, host.environment);
    const stored = held[name];
    const used = sent.includes(name);
    if (given !== undefined) {
      return used ? [{ setting: name, value: `from ${given}`, from: given, problem: null }] : [];
    }
    if (stored === undefined) return used ? [{ setting: name, value: null, from: null, problem: null }] : [];
    const problem =
      used && url !== undefined
        ? (elsewhereProblem(name, stored, url, line[0]?.name ?? stored.profile) ?? null)
        : null;
    const value = `stored, for ${stored.origin}${used ? '' : ' (not sent with this auth)'}`;
    return [{ setting: name, value, from: `profile "${stored.profile}"`, problem }];
  });
}

function sentSecrets(
  flags: ConnectionFlags,
  line: Lineage,
  environment: Context['host']['environment'],
): readonly SecretName[] {
  try {
    return secretsSent(findSetting('auth', flags, line, environment)?.value ?? 'basic');
  } catch (error) {
    // The problem stands at the setting itself.
    if (error instanceof ErpsyncError) return ['appToken'];
    throw error;
  }
}

/** The flag or variable that gives a secret; it is not read. */
function givenBy(
  name: SecretName,
  flags: ConnectionFlags,
  environment: Context['host']['environment'],
): string | undefined {
  const { flag, variable: variableName } = secretSources[name];
  if (flags[`${name}Stdin`]) return `${flag}-stdin`;
  if (flags[`${name}File`] !== undefined) return `${flag}-file ${flags[`${name}File`]}`;
  return variable(environment, variableName) === undefined ? undefined : variableName;
}
