/** The flags that say where the server is and who calls; shared by all commands that talk to it. */
import { resolve } from 'node:path';
import { unusable } from '../error-words.ts';
import { secretSources } from '../identity/secrets.ts';
import { isCommand, type SecretName, secretNames } from '../profiles/profile.ts';
import { readSetting, ruleOf, type SettingName, type SettingValue } from '../profiles/setting-table.ts';
import { explained, type Flag, type Given, inGroup, optional, toggle, type ValueParser } from './flags.ts';
import { text } from './values.ts';

/** The flag of a setting, as the table of settings describes it. */
function setting<K extends SettingName>(name: K): Flag<SettingValue<K> | undefined> {
  const { variable, placeholder, choices, summary } = ruleOf(name);
  const any = text(placeholder);
  const parser: ValueParser<SettingValue<K>> = {
    ...any,
    ...(choices && { choices }),
    parse: (given, where) => readSetting(name, any.parse(given, where), where),
  };
  return optional(parser, summary, variable === null ? {} : { environment: variable });
}

type SecretFlags = { readonly [K in SecretName as `${K}Stdin`]: Flag<boolean> } & {
  readonly [K in SecretName as `${K}File`]: Flag<string | undefined>;
};

function secretFlags(): SecretFlags {
  const flags = secretNames.flatMap((name): [string, Flag<unknown>][] => {
    const { words, use } = secretSources[name];
    const stdin = toggle(`read the ${words} ${use} from standard input`, { readsStdin: true });
    return [
      [`${name}Stdin`, stdin],
      [`${name}File`, optional(text('file'), 'read it from a file')],
    ];
  });
  // Both keys were made for each name.
  return Object.fromEntries(flags) as SecretFlags;
}

const sharedAs = 'Connection and login';
const groups = {
  server: { heading: 'Server', sharedAs },
  login: { heading: 'Login', sharedAs },
  secrets: { heading: 'Secrets', sharedAs },
  network: { heading: 'Network', sharedAs },
  calls: { heading: 'How calls travel', sharedAs },
};

export const connectionFlags = {
  ...inGroup(groups.server, {
    url: setting('url'),
    tenant: setting('tenant'),
    environment: setting('environment'),
    onlineUrl: setting('onlineUrl'),
  }),
  ...inGroup(groups.login, {
    auth: setting('auth'),
    username: setting('username'),
    clientId: setting('clientId'),
  }),
  ...inGroup(groups.network, {
    allowHttp: toggle(
      'allow http:// beyond this machine; everything, the password too, travels in the clear',
    ),
    caFile: setting('caFile'),
    clientCert: setting('clientCert'),
    clientKey: setting('clientKey'),
    proxy: setting('proxy'),
  }),
  ...inGroup(groups.calls, {
    transport: setting('transport'),
    services: setting('services'),
    soapVersion: setting('soapVersion'),
    language: setting('language'),
    timeZone: setting('timeZone'),
    timespan: setting('timespan'),
  }),
  ...inGroup(groups.secrets, secretFlags()),
};

/** How the requests of a run leave. */
export const howToSend = { heading: 'How to send' };

/** The settings of runs and their batch tasks, for the commands that start, resume or explain them. */
export const runFlags = inGroup(howToSend, { rate: setting('rate'), taskName: setting('taskName') });

/** A program by its path is the same wherever a command is started. */
const commandText: ValueParser<readonly string[]> = {
  placeholder: 'argv',
  completes: 'nothing',
  parse(given, where) {
    let words: unknown;
    try {
      words = JSON.parse(given);
    } catch {
      // Told below.
    }
    if (!isCommand(words)) {
      throw unusable(
        where,
        'it is not a JSON array of the program and its arguments',
        `write it as in ${where} '["vault-secret","erp/prod"]'`,
      );
    }
    const [program = '', ...args] = words;
    return [/[\\/]/.test(program) ? resolve(program) : program, ...args];
  },
};

/** What only a profile can say. */
const profileFlags = {
  ...inGroup(groups.network, { verifyTls: setting('verifyTls') }),
  ...inGroup(groups.secrets, {
    store: setting('store'),
    credentialCommand: optional(
      commandText,
      'a program that prints its secrets, as a JSON array of the program and its arguments; no shell reads it',
    ),
  }),
};

/** All of them for a command that stores what they say. */
export const storedFlags = explained({ ...connectionFlags, ...runFlags, ...profileFlags });

/** The same where nothing is stored that a variable says. */
export const storedFlagsAlone = Object.fromEntries(
  Object.entries(storedFlags).map(([key, { environment: _, ...flag }]: [string, Flag<unknown>]) => [
    key,
    flag,
  ]),
  // The same flags under the same keys.
) as typeof storedFlags;

/** Their values; those of runs only where a command has them. */
export type ConnectionFlags = Given<typeof connectionFlags> &
  Partial<Given<typeof runFlags & typeof profileFlags>>;
