import { defineCommand } from '../../cli/define.ts';
import { optionalArgument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { configError } from '../../errors.ts';
import { secretSources } from '../../identity/secrets.ts';
import { printable } from '../../output/json.ts';
import { secretNames } from '../../profiles/profile.ts';
import { chooseProfile } from '../../profiles/settings.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'show'],
  summary: 'show one profile, secrets masked',
  effect: 'read',
  arguments: { name: optionalArgument(text('name'), 'which one; else the one that a command would use') },
  flags: {},
  examples: [{ run: 'erpsync profile show prod', why: 'address, login, and which secrets are stored' }],
  async run({ name }, { configDirectory, globals, host }) {
    const store = openProfileStore({ directory: configDirectory, uid: host.uid });
    const stored = await store.read();
    const atTerminal = host.stdinIsTerminal && host.stderrIsTerminal;
    const circumstances = { environment: host.environment, atTerminal, writes: false };
    const chosen = chooseProfile(name ?? globals.profile, stored, circumstances)?.value;
    const profile = chosen === undefined ? undefined : stored.profiles.get(chosen);
    if (chosen === undefined || profile === undefined) {
      throw configError('no profile is stored', 'add one: erpsync profile add <name> --url <url>');
    }
    const secrets = await store.readSecrets(chosen);
    return {
      name: chosen,
      current: chosen === stored.current,
      url: profile.url,
      auth: profile.auth,
      username: profile.username ?? null,
      allowHttp: profile.allowHttp ?? false,
      /** Names only: a secret is never shown. */
      secrets: secretNames.filter((secret) => secrets?.secrets[secret] !== undefined),
      secretsFor: secrets?.origin ?? null,
      file: store.configFile,
    };
  },
  render({ name, current, url, auth, username, allowHttp, secrets, secretsFor, file }, { paint }) {
    const rows: [string, string][] = [
      ['name', current ? `${name} (chosen with "profile use")` : name],
      ['url', allowHttp ? `${url} (http allowed)` : url],
      ['auth', auth],
      ...(username === null ? [] : ([['username', username]] as [string, string][])),
      ...secrets.map((secret): [string, string] => [
        secretSources[secret].words,
        `stored, for ${secretsFor ?? 'no address'}`,
      ]),
      ['file', file],
    ];
    const width = Math.max(...rows.map(([label]) => label.length));
    return rows.map(([label, value]) => `${paint.bold(label.padEnd(width))}  ${printable(value)}`).join('\n');
  },
});
