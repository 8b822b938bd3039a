import { defineCommand } from '../../cli/define.ts';
import type { Argument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { jsonDocument } from '../../output/json.ts';
import { portableProfiles, portableVersion } from '../../profiles/portable.ts';
import { openProfileStore } from '../../profiles/store.ts';

const name = text('name', 'profile');

const names: Argument<readonly string[]> = {
  summary: 'stored profiles; without any, all of them',
  required: false,
  value: name,
  takesRest: 'words',
  read: (given, where) => given.map((word) => name.parse(word, where)),
};

export default defineCommand({
  path: ['profile', 'export'],
  summary: 'write profiles as JSON, without any secret',
  description: [
    'For "erpsync profile import" on another machine, which reads YAML (-o yaml), too. Profiles that the named ones',
    'extend come along; secrets never do.',
  ],
  effect: 'read',
  arguments: { names },
  flags: {},
  examples: [
    { run: 'erpsync profile export', why: 'all profiles' },
    { run: 'erpsync profile export prod', why: 'one, and what it extends' },
  ],
  async run({ names: given }, { configDirectory, host, note }) {
    const { profiles } = await openProfileStore({ directory: configDirectory, uid: host.uid }).read();
    const chosen = portableProfiles(given, profiles);
    const along = given.length === 0 ? [] : [...chosen.keys()].filter((each) => !given.includes(each));
    if (along.length > 0) note(`With ${along.join(', ')}, extended by what was named.`);
    return { profiles: Object.fromEntries(chosen) };
  },
  render: ({ profiles }) => jsonDocument({ schemaVersion: portableVersion, profiles }).trimEnd(),
});
