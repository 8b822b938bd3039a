/** Every setting of a connection, once: its flag, its variable, what it may be, what it is without being set. */
import { resolve } from 'node:path';
import { timeSpanForms } from '../agent/timespan.ts';
import { ErpsyncError } from '../errors.ts';
import { didYouMean } from '../nearest-name.ts';
import { canonicalTenant, environments, environmentsInWords } from './address.ts';

/** How to log in. */
export const authSchemes = ['basic', 'ticket', 'bearer', 'oidc', 'system-user', 'xsrf', 'none'] as const;
/** One of {@link authSchemes}. */
export type AuthScheme = (typeof authSchemes)[number];

/** The setting that a scheme cannot do without, and what people call it. */
export const accountOf: {
  readonly [S in AuthScheme]?: { readonly member: 'username' | 'clientId'; readonly words: string };
} = {
  basic: { member: 'username', words: 'user name' },
  oidc: { member: 'clientId', words: 'client id' },
};

/** How calls travel. */
export const transports = ['rest', 'soap'] as const;
/** SOAP service versions that can force a resync; `auto` takes the newest that the server names in `GET /api`. */
export const serviceVersions = ['86', '87', '88', 'auto'] as const;
/** SOAP envelopes; every published WSDL says 1.1, a site can be configured for 1.2. */
export const soapVersions = ['1.1', '1.2'] as const;

/** Where the secrets of a profile are kept: a file beside the profiles, or the keychain of the system. */
export const secretStores = ['file', 'keychain'] as const;
/** One of {@link secretStores}. */
export type SecretStore = (typeof secretStores)[number];

/** A setting. The key that it stands under is its name, and its member in the file. */
interface SettingRule<T extends string> {
  /** Of all commands that call the server; of `profile add` and `profile set` alone where there is no variable. */
  readonly flag: string;
  /** Null where only a profile can say it. */
  readonly variable: string | null;
  readonly summary: string;
  /** What help shows between angle brackets. */
  readonly placeholder: string;
  /** The only values allowed, where there are such. */
  readonly choices?: readonly T[];
  /** What holds where nothing sets it. */
  readonly fallback?: T;
  /** It may hold a password, so that errors do not repeat it. */
  readonly confidential?: boolean;
  /** It could weaken the network, so that an imported profile has it only if it is trusted. */
  readonly risky?: boolean;
  /** What it has to be, for errors: `one of a, b`. */
  readonly allowed: string;
  /** The value, or undefined for a text that is not allowed. */
  read(text: string): T | undefined;
}

function oneOf<const C extends string>(choices: readonly C[]) {
  const read = (text: string): C | undefined => choices.find((choice) => choice === text);
  return { choices, allowed: `one of ${choices.join(', ')}`, read };
}

function textThat(fits: RegExp, allowed: string) {
  return { allowed, read: (text: string): string | undefined => (fits.test(text) ? text : undefined) };
}

/** What a header can carry: nothing that ends its line, no blank at either end. */
const headerText = textThat(
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
  'ASCII text that a header can carry',
);

/** Kept whole, so that a stored one is the same file wherever a command is started. */
const filePath = {
  allowed: 'the path of a file',
  read: (text: string): string | undefined =>
    text === '' || text.includes('\0') ? undefined : resolve(text),
};

export const settingTable = {
  url: {
    flag: '--url',
    variable: 'ERPSYNC_URL',
    placeholder: 'url',
    summary: "base URL of SuperOffice's web client",
    ...textThat(/./s, 'an address'),
  },
  tenant: {
    flag: '--tenant',
    variable: 'ERPSYNC_TENANT',
    placeholder: 'id',
    summary:
      'in place of a url, a tenant of SuperOffice Online, as in Cust12345: its environment tells where it is',
    allowed: 'the id of a tenant, as in Cust12345',
    read: (text: string): string | undefined =>
      /^[A-Za-z][\w-]{0,63}$/.test(text) ? canonicalTenant(text) : undefined,
  },
  environment: {
    flag: '--env',
    variable: 'ERPSYNC_ENV',
    placeholder: 'name',
    summary: `the environment that the tenant is in: ${environmentsInWords}`,
    ...oneOf(environments),
  },
  onlineUrl: {
    flag: '--online-url',
    variable: 'ERPSYNC_ONLINE_URL',
    placeholder: 'url',
    summary:
      'in place of an environment, the address of a private one, or of a sandbox: tenants and logins are there',
    ...textThat(/./s, 'an address'),
  },
  auth: {
    flag: '--auth',
    variable: 'ERPSYNC_AUTH',
    placeholder: 'scheme',
    summary: `how to log in: ${authSchemes.join(', ')}`,
    fallback: 'basic',
    ...oneOf(authSchemes),
  },
  username: {
    flag: '--username',
    variable: 'ERPSYNC_USERNAME',
    placeholder: 'name',
    summary: 'user name for auth basic',
    ...textThat(/^/, 'text'),
  },
  clientId: {
    flag: '--client-id',
    variable: 'ERPSYNC_CLIENT_ID',
    placeholder: 'id',
    summary: 'the id of the app at SuperOffice Online, for auth oidc',
    ...textThat(/^[\x21-\x7e]{1,200}$/, 'the id of an app, without blanks'),
  },
  transport: {
    flag: '--transport',
    variable: 'ERPSYNC_TRANSPORT',
    placeholder: 'name',
    summary: 'how calls travel: rest or soap',
    fallback: 'rest',
    ...oneOf(transports),
  },
  services: {
    flag: '--services',
    variable: 'ERPSYNC_SERVICES',
    placeholder: 'version',
    summary: 'SOAP service version: 86, 87, 88, or auto for the newest that the server has',
    fallback: '88',
    ...oneOf(serviceVersions),
  },
  soapVersion: {
    flag: '--soap-version',
    variable: 'ERPSYNC_SOAP_VERSION',
    placeholder: 'version',
    summary: 'SOAP envelopes: 1.1, or 1.2 for a server that is configured so',
    fallback: '1.1',
    ...oneOf(soapVersions),
  },
  caFile: {
    flag: '--ca-file',
    variable: 'ERPSYNC_CA_FILE',
    placeholder: 'file',
    risky: true,
    summary:
      'certificates of CAs in PEM that are trusted too, as of a company or a proxy that looks into TLS',
    ...filePath,
  },
  clientCert: {
    flag: '--client-cert',
    variable: 'ERPSYNC_CLIENT_CERT',
    placeholder: 'file',
    risky: true,
    summary: 'our own certificate in PEM, for a server that asks for one',
    ...filePath,
  },
  clientKey: {
    flag: '--client-key',
    variable: 'ERPSYNC_CLIENT_KEY',
    placeholder: 'file',
    risky: true,
    summary: 'the key that belongs to it, in PEM without a passphrase',
    ...filePath,
  },
  proxy: {
    flag: '--proxy',
    variable: 'ERPSYNC_PROXY',
    placeholder: 'url',
    confidential: true,
    risky: true,
    summary: 'HTTP proxy, as in http://user@proxy:3128; "none" for none, whatever HTTPS_PROXY says',
    ...textThat(
      /^(?!.*:\/\/[^/]*:[^/@]*@)(?:none|\S*:\S*)$/,
      'the address of a proxy, as in http://user@proxy:3128 (its password is given apart)',
    ),
  },
  verifyTls: {
    flag: '--verify-tls',
    variable: null,
    placeholder: 'what',
    summary: 'no: take any certificate for the address of the profile, and warn each time; never for long',
    risky: true,
    fallback: 'yes',
    ...oneOf(['yes', 'no']),
  },
  store: {
    flag: '--store',
    variable: null,
    placeholder: 'place',
    summary: 'where its secrets are kept: file (0600, works in cron jobs) or keychain, that of the system',
    fallback: 'file',
    ...oneOf(secretStores),
  },
  language: {
    flag: '--language',
    variable: 'ERPSYNC_LANGUAGE',
    placeholder: 'tag',
    summary: 'the language of names and messages from the server, such as en or nb-NO',
    fallback: 'en',
    ...headerText,
  },
  timeZone: {
    flag: '--time-zone',
    variable: 'ERPSYNC_TIME_ZONE',
    placeholder: 'zone',
    summary: "the time zone of the server's times (SO-TimeZone): an id or a name that the server knows",
    ...headerText,
  },
  timespan: {
    flag: '--timespan',
    variable: 'ERPSYNC_TIMESPAN',
    placeholder: 'form',
    summary: 'how durations are written to REST: clock (00:15:00) or iso (PT15M)',
    fallback: 'clock',
    ...oneOf(timeSpanForms),
  },
  rate: {
    flag: '--rate',
    variable: 'ERPSYNC_RATE',
    placeholder: 'n',
    summary: 'requests of a run in a second at most; SuperOffice allows 10; 0 is no limit',
    fallback: '10',
    ...textThat(/^(?:0|[1-9][0-9]{0,3}|10000)$/, 'a whole number from 0 to 10000'),
  },
  taskName: {
    flag: '--task-name',
    variable: 'ERPSYNC_TASK_NAME',
    placeholder: 'pattern',
    summary: 'what the batch tasks of ERP resyncs are called on the server; * stands for anything',
    // The server's own name is documented nowhere, only the key of its text: SR_BATCH_ERPFORCERESYNCBATCHPLUGIN_NAME.
    fallback: '*erp*resync*',
    ...textThat(/^.{1,254}$/, 'text of at most 254 characters'),
  },
} as const satisfies Readonly<Record<string, SettingRule<string>>>;

/** The name of a setting. */
export type SettingName = keyof typeof settingTable;
/** What a setting can be. */
export type SettingValue<K extends SettingName> = NonNullable<ReturnType<(typeof settingTable)[K]['read']>>;
/** The names of all settings. */
export const settingNames = Object.keys(settingTable) as readonly SettingName[];

/** A setting's rule, whichever it is. */
export function ruleOf(name: SettingName): SettingRule<string> {
  return settingTable[name];
}

/**
 * The value of a setting from its text.
 *
 * @param from what the error names: `--auth`, `ERPSYNC_AUTH`, `profile "prod"`
 * @throws ErpsyncError (code) with what is allowed
 */
export function readSetting<K extends SettingName>(
  name: K,
  text: string,
  from: string,
  code: 'usage' | 'config' = 'usage',
): SettingValue<K> {
  const value = ruleOf(name).read(text);
  // Read by the rule that the type is taken from.
  if (value !== undefined) return value as SettingValue<K>;
  const { confidential, allowed, choices = [] } = ruleOf(name);
  const shown = confidential ? 'this' : JSON.stringify(text);
  const nearest = didYouMean(text, choices);
  throw new ErpsyncError(code, {
    what: `${from} cannot be used`,
    why: `${shown} is not ${allowed}`,
    next: nearest === undefined ? 'see: erpsync help options' : `${nearest} See: erpsync help options`,
  });
}
