import { defineCommand } from '../../cli/define.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['config', 'path'],
  summary: 'print the paths of the files that hold profiles and secrets',
  description: ['Also of files that are not there yet: the first "erpsync profile add" makes them.'],
  effect: 'read',
  arguments: {},
  flags: {},
  examples: [
    { run: 'erpsync config path', why: 'for an editor or a backup' },
    { run: 'erpsync config path -o json', why: 'the same for a script' },
  ],
  async run(_given, { configDirectory, host }) {
    const { configFile, secretsFile } = openProfileStore({ directory: configDirectory, uid: host.uid });
    return { configFile, secretsFile };
  },
  render: ({ configFile, secretsFile }) => `${configFile}\n${secretsFile}`,
});
