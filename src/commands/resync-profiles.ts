/** `force-resync --profiles`: the same run on several profiles, one after the other, each with its own outcome. */

import { notConfirmed } from '../cli/confirmation.ts';
import type { ConnectionFlags } from '../cli/connection-flags.ts';
import { type Context, endingSignal } from '../cli/context.ts';
import { flagName } from '../cli/flags.ts';
import { excluding, missing, unusable } from '../error-words.ts';
import { ErpsyncError, errorValue, gravity, signalExitCodes, usageError } from '../errors.ts';
import { secretSources } from '../identity/secrets.ts';
import { tenantNamed } from '../profiles/address.ts';
import { lineageOf } from '../profiles/inheritance.ts';
import { type SecretName, secretNames } from '../profiles/profile.ts';
import { unknownProfile } from '../profiles/profile-name.ts';
import { ruleOf } from '../profiles/setting-table.ts';
import { effectiveAddress, variable } from '../profiles/settings.ts';
import { openProfileStore, type StoredProfiles } from '../profiles/store.ts';
import { type ProfileKeys, readProfileKeys } from '../resync/profile-keys.ts';
import { quantity } from '../resync/tally.ts';
import type { TargetOptions } from '../resync/target.ts';
import type { ProfileChoice, ProfileFailure, ProfileResult, ProfilesResult } from './profile-choice.ts';
import type { ResyncJob } from './resync-job.ts';
import { startResync } from './resync-start.ts';

/** What goes with them, or does not. */
export type ProfilesJob = ProfileChoice &
  ConnectionFlags &
  Pick<
    TargetOptions,
    'all' | 'idsFile' | 'externalKeysFile' | 'format' | 'column' | 'maxKeys' | 'openStdin' | 'actorType'
  > & {
    readonly connection: number | undefined;
    readonly run: string | undefined;
    readonly failedOut: string | undefined;
    readonly unknownOut: string | undefined;
    readonly ifEmpty: 'error' | 'ok';
    readonly dryRun: boolean;
    /** The job of one profile, with its keys where they are read already. */
    jobOf(context: Context, more: Pick<ResyncJob, 'name' | 'keys'>): ResyncJob;
  };

/**
 * Runs on one profile after the other; one that fails does not stop the others, a signal does.
 *
 * @throws ErpsyncError (usage, config) before anything is sent
 */
export async function resyncProfiles(job: ProfilesJob, context: Context): Promise<ProfilesResult> {
  checkTogether(job, context);
  const store = openProfileStore({ directory: context.configDirectory, uid: context.host.uid });
  const stored = await store.read();
  const names = chosenNames(job, stored, context);
  const keys = job.all ? undefined : await keysOf(job, names);
  await confirmTenants(job, names, context);
  const interruption = context.host.interruption();
  const results: ProfileResult[] = [];
  for (const profile of names) {
    const own = contextOf(profile, context);
    if (interruption.aborted) results.push(notBegun(profile, interruption));
    else results.push(await resultOf(job, own, profile, keys?.of(profile)));
  }
  return summary(results);
}

async function resultOf(
  job: ProfilesJob,
  context: Context,
  profile: string,
  keys: ResyncJob['keys'],
): Promise<ProfileResult> {
  try {
    const name = job.run === undefined ? undefined : `${job.run}@${profile}`;
    return await startResync(job.jobOf(context, { name, keys }));
  } catch (error) {
    if (!(error instanceof ErpsyncError)) throw error;
    return failure(profile, error);
  }
}

function failure(profile: string, error: ErpsyncError): ProfileFailure {
  const status = error.code === 'interrupted' || error.code === 'locked' ? error.code : 'failed';
  return { profile, status, exitCode: error.exitCode, error: errorValue(error) };
}

function notBegun(profile: string, interruption: AbortSignal): ProfileFailure {
  const signal = endingSignal(interruption) ?? 'SIGINT';
  const error = new ErpsyncError('interrupted', {
    what: 'nothing was sent',
    why: `${signal} came before this profile`,
    next: `run the same command again with --profiles ${profile}`,
    exitCode: signalExitCodes[signal],
  });
  return failure(profile, error);
}

/** Each line of stderr and each event tells whose it is; every record was confirmed for all of them. */
function contextOf(profile: string, context: Context): Context {
  const { globals } = context;
  return {
    ...context,
    globals: { ...globals, profile, yes: true },
    note: (text) => context.note(`${profile}: ${text}`),
    warn: (text) => context.warn(`${profile}: ${text}`),
    event: (event) => context.event({ ...event, profile }),
  };
}

function summary(profiles: ProfilesResult['profiles']): ProfilesResult {
  const [worst] = profiles.toSorted((a, b) => gravity(a.exitCode) - gravity(b.exitCode));
  if (!worst?.error) return { status: worst?.status ?? 'ok', exitCode: 0, profiles, error: null };
  const bad = profiles.filter(({ exitCode }) => exitCode !== 0);
  const { code, message, hint, ...rest } = worst.error;
  const error = new ErpsyncError(code, {
    ...rest,
    what: `${bad.length} of ${profiles.length} profiles did not go well`,
    why: `${worst.profile}: ${message}`,
    next: hint,
  });
  return { status: worst.status, exitCode: worst.exitCode, profiles, error: errorValue(error) };
}

/** What names one tenant, one key or one file cannot stand for several. */
function checkTogether(job: ProfilesJob, { globals, host }: Context): void {
  const refused = (what: string, why: string, next: string): ErpsyncError =>
    usageError({ what: `${what} does not go with several profiles`, why, next });
  if (job.profiles !== undefined && job.allProfiles)
    throw excluding(['--profiles', '--all-profiles'], 'the one names some of the other');
  if (globals.profile !== undefined)
    throw refused('--profile', 'it names one', 'add it to --profiles, or leave it out');
  if (job.connection !== undefined) {
    throw refused('--connection', 'ids differ between tenants', 'give --connection-name or --from-crm');
  }
  const address = (['url', 'tenant', 'environment', 'onlineUrl', 'auth', 'username'] as const).flatMap(
    (name) => {
      const { flag, variable: text } = ruleOf(name);
      return [
        ...(job[name] === undefined ? [] : [flag]),
        ...(text !== null && variable(host.environment, text) ? [text] : []),
      ];
    },
  );
  const secrets = secretNames
    .filter((name) => name !== 'proxyPassword')
    .flatMap((name: SecretName) => {
      const given = [`${name}Stdin`, `${name}File`] as const;
      const flags = given.filter((key) => job[key] !== undefined && job[key] !== false).map(flagName);
      const { variable: text } = secretSources[name];
      return [...flags, ...(variable(host.environment, text) ? [text] : [])];
    });
  const [one] = [...address, ...(job.allowHttp ? [flagName('allowHttp')] : []), ...secrets];
  if (one !== undefined) throw refused(one, 'it belongs to one', 'store it in the profile');
  for (const [flag, value] of [
    ['--failed-out', job.failedOut],
    ['--unknown-out', job.unknownOut],
  ] as const) {
    const next = 'leave it out, and print those of each run with: erpsync runs keys';
    if (value !== undefined) throw refused(flag, 'the keys of one are not those of another', next);
  }
  if (!job.all && job.profileColumn === undefined) {
    const why = 'with several profiles it is not said which keys belong to which';
    throw missing('--profile-column', why, 'give --all, or a file with --profile-column <name or number>');
  }
  if (job.all && job.profileColumn !== undefined)
    throw excluding(['--profile-column', '--all'], 'the one tells whose a key is, the other names none');
  if (!job.all && job.yesTenants !== undefined)
    throw unusable('--yes-tenants', 'it confirms --all, which is not given', 'leave it out');
}

/** @throws ErpsyncError (config, usage): an unknown name, one twice, or two profiles of one tenant */
function chosenNames(job: ProfilesJob, stored: StoredProfiles, { host }: Context): readonly string[] {
  const given = (job.profiles ?? '').split(',').map((name) => name.trim());
  const tenants = new Map<string, string>();
  const names: string[] = [];
  for (const name of job.allProfiles ? stored.profiles.keys() : given) {
    if (!stored.profiles.has(name)) throw unknownProfile(name, stored.profiles.keys());
    const tenant = tenantOf(name, stored, host.environment);
    // A profile that others extend need not be one of a server.
    if (tenant === undefined && job.allProfiles) continue;
    const twin = tenant === undefined ? undefined : tenants.get(tenant);
    if (names.includes(name) || twin !== undefined) {
      const what =
        twin === undefined || twin === name
          ? `${name} is named twice`
          : `${twin} and ${name} are of one tenant`;
      const flag = job.allProfiles ? '--all-profiles' : '--profiles';
      const next = job.allProfiles ? 'name those that are meant with --profiles' : 'name one of them';
      throw unusable(flag, `${what}, so that everything would be done twice`, next);
    }
    if (tenant !== undefined) tenants.set(tenant, name);
    names.push(name);
  }
  if (names.length === 0)
    throw unusable(
      '--all-profiles',
      'no profile of a server is stored',
      'add one: erpsync profile add <name>',
    );
  return names;
}

/** Undefined where there is none; what cannot be used is told when its turn comes. */
function tenantOf(
  name: string,
  { profiles }: StoredProfiles,
  environment: Context['host']['environment'],
): string | undefined {
  try {
    const found = effectiveAddress({ allowHttp: false }, lineageOf(name, profiles), environment);
    return found && tenantNamed(found.value);
  } catch (error) {
    if (error instanceof ErpsyncError) return `unusable ${name}`;
    throw error;
  }
}

/** @throws ErpsyncError (usage) for a key that cannot be read, one of another profile, and a profile without a key */
async function keysOf(job: ProfilesJob, names: readonly string[]): Promise<ProfileKeys> {
  const keys = await readProfileKeys(job, job.profileColumn ?? '', names);
  const { without } = keys;
  if (without.length > 0 && job.ifEmpty === 'error') {
    throw usageError({
      what: 'nothing was sent',
      why: `the file holds no key of ${without.join(', ')}`,
      next: 'add keys of each, or leave such profiles out with --if-empty ok',
    });
  }
  return keys;
}

/** @throws ErpsyncError (usage) unless so many tenants are confirmed as there are */
async function confirmTenants(
  { all, dryRun, yesTenants }: ProfilesJob,
  names: readonly string[],
  { prompts, warn }: Context,
): Promise<void> {
  if (!all || dryRun) return;
  const count = names.length;
  const tenants = quantity(count, 'tenant');
  if (yesTenants === count) return;
  if (yesTenants !== undefined) {
    const why = `it is ${tenants} (${names.join(', ')}), and nothing was sent`;
    throw unusable(`--yes-tenants ${yesTenants}`, why, `give --yes-tenants ${count} if that is meant`);
  }
  if (!prompts.available) {
    const why = `--all means every record of ${tenants} (${names.join(', ')}), and nobody is there to confirm it`;
    throw missing('--yes-tenants', why, `add --yes-tenants ${count} if that is meant`);
  }
  warn(`this takes EVERY record of ${tenants}, and overwrites what is there: ${names.join(', ')}`);
  const typed = await prompts.text(`Type ${count} to go on`);
  if (typed.trim() !== String(count)) throw notConfirmed(typed, String(count));
}
