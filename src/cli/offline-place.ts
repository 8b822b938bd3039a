/** Where requests would go, told without asking anybody. Loaded for `--offline` alone. */
import type { OperationName } from '../agent/contract.ts';
import { restPath } from '../agent/wire-json.ts';
import { soapPath } from '../agent/wire-xml.ts';
import { unusable } from '../error-words.ts';
import { configError } from '../errors.ts';
import { originOf } from '../profiles/address.ts';
import { resolveSettings, type Settings } from '../profiles/settings.ts';
import { openProfileStore } from '../profiles/store.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import type { Context } from './context.ts';

/** A server that is not spoken to. */
export interface PlannedPlace {
  /** Name of the profile; null when everything came from flags and environment. */
  readonly profile: string | null;
  /** Base URL. */
  readonly url: string;
  readonly transport: Settings['transport']['value'];
  /** The full address of an operation. */
  addressOf(name: OperationName): string;
}

/**
 * Reads the settings, and for a tenant the state that was kept when it was asked last. No credential is read.
 *
 * @throws ErpsyncError (config) for settings that cannot be used, and a tenant whose address is not known here;
 *   (usage) where the server would have to be asked for its services
 */
export async function offlinePlace(context: Context, flags: ConnectionFlags): Promise<PlannedPlace> {
  const { host, globals } = context;
  const store = openProfileStore({ directory: context.configDirectory, uid: host.uid });
  const settings = await resolveSettings({ ...flags, profile: globals.profile }, store, {
    environment: host.environment,
    atTerminal: host.stdinIsTerminal && host.stderrIsTerminal,
    writes: false,
  });
  const transport = settings.transport.value;
  const { value: services, from } = settings.services;
  if (transport === 'soap' && services === 'auto') {
    throw unusable(
      '--offline',
      `it asks nobody, and services auto (${from}) asks the server`,
      'name them with --services 86, 87 or 88',
    );
  }
  const url = await urlOf(settings, context);
  const pathOf = (name: OperationName): string =>
    transport === 'rest'
      ? restPath(name)
      : soapPath(name, services === '86' ? 86 : services === '87' ? 87 : 88);
  return {
    profile: settings.profile?.value ?? null,
    url,
    transport,
    addressOf: (name) => url + pathOf(name),
  };
}

async function urlOf({ address, transport }: Settings, context: Context): Promise<string> {
  const { value } = address;
  if (value.kind === 'url') return value.url;
  const { keptTenant } = await import('./tenant-server.ts');
  const state = keptTenant(value, context);
  if (state !== undefined) return transport.value === 'soap' ? state.endpoint : state.apiBase;
  throw configError({
    what: '--offline cannot be used',
    why: `it asks nobody, and where ${originOf(value)} is served is not known here, or no longer`,
    next: 'leave out --offline: a dry run asks for it, and it is kept for a while',
  });
}
