/** The address of a profile that is made: from flags, variables, or a person. */
import { missing } from '../error-words.ts';
import { type AddressPart, addressParts, environments, environmentsInWords } from '../profiles/address.ts';
import { addressHolders, type Lineage } from '../profiles/inheritance.ts';
import type { Profile, ProfileSettings } from '../profiles/profile.ts';
import { normaliseUrl } from '../profiles/server-url.ts';
import { readSetting } from '../profiles/setting-table.ts';
import { effectiveParts } from '../profiles/settings.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';

/** The address as flags give it, or else the variables; at a terminal it is asked for. */
export async function newAddress(
  flags: ConnectionFlags,
  ancestors: Lineage,
  { host, prompts }: Pick<Context, 'host' | 'prompts'>,
): Promise<Pick<Profile, AddressPart>> {
  const parts = effectiveParts(flags, [], host.environment);
  const found = addressParts.filter((part) => parts[part] !== undefined);
  // Each was read by the rule of its setting.
  const address = Object.fromEntries(found.map((part) => [part, parts[part]?.value])) as ProfileSettings;
  if (found.length > 0) return await withEnvironment(address, ancestors, prompts);
  if (ancestors.length > 0) return {};
  if (!prompts.available) {
    throw missing(
      '--url',
      'nothing says where the server is',
      "give the base URL of SuperOffice's web client, or with --tenant a tenant of SuperOffice Online",
    );
  }
  const asked = await prompts.text('Base URL of SuperOffice, or a tenant as Cust12345', {
    check: (given) => problemIn(() => typedAddress(given, flags.allowHttp, 'the address')),
  });
  return await withEnvironment(typedAddress(asked, flags.allowHttp, 'the base URL'), ancestors, prompts);
}

function typedAddress(given: string, allowHttp: boolean, where: string): ProfileSettings {
  return /^cust\d+$/i.test(given.trim())
    ? { tenant: readSetting('tenant', given.trim(), where) }
    : { url: normaliseUrl(given, { where, allowHttp, code: 'usage' }) };
}

function problemIn(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A tenant alone says nothing: production is never meant by accident. */
async function withEnvironment(
  address: ProfileSettings,
  ancestors: Lineage,
  prompts: Context['prompts'],
): Promise<ProfileSettings> {
  const inheritedPlaces = addressHolders([{ name: '', profile: address }, ...ancestors]);
  if (address.tenant === undefined || inheritedPlaces.environment || inheritedPlaces.onlineUrl)
    return address;
  if (!prompts.available) {
    throw missing(
      '--env',
      `nothing says in which environment tenant ${address.tenant} is`,
      `name it: ${environmentsInWords}`,
    );
  }
  return { ...address, environment: await prompts.select('Environment', environments) };
}
