/** What the commands about profiles and settings print. */
import {
  dictionary,
  list,
  maybe,
  nullable,
  type OptionalShape,
  record,
  type Shape,
  text,
  truth,
  words,
} from '../../output/shape.ts';
import { secretNames } from '../../profiles/profile.ts';
import {
  authSchemes,
  ruleOf,
  type SettingName,
  secretStores,
  settingNames,
} from '../../profiles/setting-table.ts';
import type explain from '../config/explain.ts';
import type configPath from '../config/path.ts';
import type add from '../profile/add.ts';
import type exported from '../profile/export.ts';
import type imported from '../profile/import.ts';
import type listed from '../profile/list.ts';
import type remove from '../profile/remove.ts';
import type rename from '../profile/rename.ts';
import type set from '../profile/set.ts';
import type show from '../profile/show.ts';
import type use from '../profile/use.ts';
import { items, type ResultShape } from './shared-shapes.ts';

const secret = words(...secretNames);

/** A member for each setting, as the table has it. */
function settingMembers<S extends Shape>(shape: (name: SettingName) => S): Readonly<Record<SettingName, S>> {
  const entries = settingNames.map((name) => [name, shape(name)]);
  // A member was made for each name.
  return Object.fromEntries(entries) as Record<SettingName, S>;
}

/** The settings that a profile has itself. */
const stored = settingMembers((name): OptionalShape<string> => {
  const { choices } = ruleOf(name);
  return maybe(choices === undefined ? text : (words(...choices) as Shape<string>));
});

/** A name for each member that has one. */
const namesByMember = dictionary(text) as Shape<Readonly<Record<string, string | undefined>>>;

/** A program that is asked for secrets, and what they are for. */
const credentialCommand = record({ argv: list(text), origin: text });

const added: ResultShape<typeof add> = record({
  ...stored,
  name: text,
  extends: maybe(text),
  allowHttp: maybe(truth),
  credentialCommand: maybe(credentialCommand),
  url: nullable(text),
  server: text,
  auth: words(...authSchemes),
  secrets: list(secret),
  secretStore: words(...secretStores),
  inheritedSecrets: list(secret),
  asksCommand: truth,
  file: text,
});

const lists: ResultShape<typeof listed> = items({
  name: text,
  current: truth,
  extends: nullable(text),
  url: nullable(text),
  tenant: nullable(text),
  auth: nullable(words(...authSchemes)),
  username: nullable(text),
  secrets: namesByMember,
  credentialCommand: truth,
});

const shown: ResultShape<typeof show> = record({
  ...settingMembers(() => nullable(text)),
  name: text,
  current: truth,
  extends: nullable(text),
  allowHttp: truth,
  secrets: list(secret),
  secretsIn: namesByMember,
  credentialCommand: nullable(list(text)),
  secretsFor: namesByMember,
  inherited: namesByMember,
  file: text,
});

const changed: ResultShape<typeof set> = record({ name: text, changed: list(text), file: text });
const used: ResultShape<typeof use> = record({ name: text });
const renamed: ResultShape<typeof rename> = record({ name: text, formerName: text });
const removed: ResultShape<typeof remove> = record({ name: text });
const taken: ResultShape<typeof exported> = record({
  profiles: dictionary(
    record({
      ...stored,
      extends: maybe(text),
      allowHttp: maybe(truth),
      credentialCommand: maybe(credentialCommand),
    }),
  ),
});
const given: ResultShape<typeof imported> = record({
  imported: list(record({ name: text, missing: list(secret) })),
  dropped: list(record({ profile: text, member: text })),
  file: text,
});

const explained: ResultShape<typeof explain> = items({
  setting: text,
  value: nullable(text),
  from: nullable(text),
  problem: nullable(text),
});
const paths: ResultShape<typeof configPath> = record({ configFile: text, secretsFile: text });

export const profileResults = {
  'profile add': added,
  'profile list': lists,
  'profile show': shown,
  'profile set': changed,
  'profile use': used,
  'profile rename': renamed,
  'profile remove': removed,
  'profile export': taken,
  'profile import': given,
  'config explain': explained,
  'config path': paths,
};
