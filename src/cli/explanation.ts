/** `config explain`: every effective setting, as far as it can be told, without sending anything. */
import { join } from 'node:path';
import { continued, ErpsyncError } from '../errors.ts';
import { commandElsewhere, elsewhereProblem, secretsSent } from '../identity/placement.ts';
import { secretSources } from '../identity/secrets.ts';
import { type Address, type AddressPart, addressParts } from '../profiles/address.ts';
import {
  addressHolders,
  commandOf,
  type HeldSecrets,
  type Lineage,
  type TracedLineage,
  traceLineage,
} from '../profiles/inheritance.ts';
import { type SecretName, secretNames } from '../profiles/profile.ts';
import { type SettingName, settingNames } from '../profiles/setting-table.ts';
import {
  chooseProfile,
  effectiveAddress,
  effectiveParts,
  effectiveProxy,
  effectiveVerification,
  findSetting,
  namesServer,
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
  const choice = explainedChoice(context, stored, namesServer(flags));
  const { line, error }: TracedLineage =
    choice.profile === undefined
      ? { line: [], error: undefined }
      : traceLineage(choice.profile, stored.profiles);
  const held = await store.readHeldSecrets(line);
  const { rows: addressRows, address } = explainedAddress(flags, line, host.environment);
  const others = settingNames.filter((name) => !addressParts.some((part) => part === name));
  const settings = others.map((name) =>
    attempt(name, () => effectiveSetting(name, flags, line, host.environment, address)),
  );
  return [
    explainedDirectory(context),
    choice.row,
    ...(line[0]?.profile.extends === undefined ? [] : [explainedChain(line, error)]),
    ...addressRows.filter(
      ({ value, problem, setting }) =>
        value !== null || problem !== null || (setting === 'url' && address?.value.kind !== 'tenant'),
    ),
    ...settings,
    explainedHttp(flags, line, addressRows),
    ...explainedGlobals(globals),
    ...explainedCommand(line),
    ...explainedSecrets(context, flags, line, held, address),
  ];
}

/** The parts of the address that count, and what it is, if it can be used. */
function explainedAddress(
  flags: ConnectionFlags,
  line: Lineage,
  environment: Environment,
): { readonly rows: Explained[]; readonly address: Setting<Address> | undefined } {
  const row = (setting: AddressPart, found?: Setting<string>, problem: string | null = null): Explained => ({
    setting,
    value: found?.value ?? null,
    from: found?.from ?? null,
    problem,
  });
  try {
    const parts = effectiveParts(flags, line, environment);
    const rows = addressParts.map((part) => row(part, parts[part]));
    try {
      return { rows, address: effectiveAddress(flags, line, environment) };
    } catch (error) {
      const problem = problemIn(error);
      const missing = parts.tenant === undefined ? 'tenant' : 'environment';
      return {
        rows: rows.map((each) => (each.setting === missing ? { ...each, problem } : each)),
        address: undefined,
      };
    }
  } catch (error) {
    const problem = problemIn(error);
    return {
      rows: addressParts.map((part) => row(part, undefined, part === 'url' ? problem : null)),
      address: undefined,
    };
  }
}

type Environment = Context['host']['environment'];

function effectiveSetting(
  name: SettingName,
  flags: ConnectionFlags,
  line: Lineage,
  environment: Environment,
  address: Setting<Address> | undefined,
): Setting<string> | undefined {
  if (name === 'verifyTls' && address !== undefined) return effectiveVerification(address, line, environment);
  if (name !== 'proxy' || address === undefined) return findSetting(name, flags, line, environment);
  const { value } = address;
  const proxy = effectiveProxy(
    flags,
    line,
    environment,
    value.kind === 'url' ? value.url : value.online.baseUrl,
  );
  // A variable may hold a password; where the proxy is tells enough.
  return proxy && { value: proxy.value.replace(/\/\/[^/]*@/, '//***@'), from: proxy.from };
}

/** A setting, or why it cannot be used. */
function attempt(setting: SettingName, find: () => Setting<string> | undefined): Explained {
  try {
    const found = find();
    return { setting, value: found?.value ?? null, from: found?.from ?? null, problem: null };
  } catch (error) {
    return { setting, value: null, from: null, problem: problemIn(error) };
  }
}

/** What an error of ours says; everything else is a bug. */
function problemIn(error: unknown): string {
  if (!(error instanceof ErpsyncError)) throw error;
  return continued(error.message, error.next);
}

/** The profile that a command would use, and whether one that changes something would, too. */
function explainedChoice({ host, globals }: Context, stored: StoredProfiles, serverGiven: boolean) {
  const { environment } = host;
  const atTerminal = host.stdinIsTerminal && host.stderrIsTerminal;
  const choose = (writes: boolean) =>
    chooseProfile(globals.profile, stored, { environment, atTerminal, writes }, serverGiven);
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
  addressRows: readonly Explained[],
): Explained {
  const setting = 'allowHttp';
  if (allowHttp) return { setting, value: 'true', from: flagName(setting), problem: null };
  const { url, onlineUrl } = addressHolders(line);
  const holder = url ?? onlineUrl;
  const from = `profile "${holder?.name}"`;
  const counts = addressRows.some((row) => ['url', 'onlineUrl'].includes(row.setting) && row.from === from);
  if (holder?.profile.allowHttp === true && counts) return { setting, value: 'true', from, problem: null };
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
  address: Setting<Address> | undefined,
): Explained[] {
  const sent = sentSecrets(flags, line, host.environment);
  const command = commandOf(line);
  const rank = (profile: string): number => line.findIndex((each) => each.name === profile);
  const isBehind = (profile: string): boolean =>
    command !== undefined && rank(profile) > rank(command.profile);
  return secretNames.flatMap((name): Explained[] => {
    const given = givenBy(name, flags, host.environment);
    const stored = held[name];
    const used = sent.includes(name);
    if (given !== undefined) {
      return used ? [{ setting: name, value: `from ${given}`, from: given, problem: null }] : [];
    }
    if (stored === undefined || (used && isBehind(stored.profile))) {
      if (!used) return [];
      if (command === undefined) return [{ setting: name, value: null, from: null, problem: null }];
      const value = `asked of the credential command, for ${command.origin}`;
      const problem = address === undefined ? null : (commandElsewhere(command, address) ?? null);
      return [{ setting: name, value, from: `profile "${command.profile}"`, problem }];
    }
    const problem =
      used && address !== undefined && name !== 'proxyPassword'
        ? (elsewhereProblem(name, stored, address, line[0]?.name ?? stored.profile) ?? null)
        : null;
    const unused = used ? '' : ' (not sent with this auth)';
    const value = `stored (${stored.store}), for ${stored.origin}${unused}`;
    return [{ setting: name, value, from: `profile "${stored.profile}"`, problem }];
  });
}

function explainedCommand(line: Lineage): Explained[] {
  const command = commandOf(line);
  if (command === undefined) return [];
  const value = JSON.stringify(command.argv);
  return [{ setting: 'credentialCommand', value, from: `profile "${command.profile}"`, problem: null }];
}

function sentSecrets(
  flags: ConnectionFlags,
  line: Lineage,
  environment: Context['host']['environment'],
): readonly SecretName[] {
  try {
    const ofLogin = secretsSent(findSetting('auth', flags, line, environment)?.value ?? 'basic');
    const proxy = findSetting('proxy', flags, line, environment)?.value ?? '';
    return /\/\/[^/]+@/.test(proxy) ? [...ofLogin, 'proxyPassword'] : ofLogin;
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
