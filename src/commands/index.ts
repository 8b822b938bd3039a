/** Every command: its words, its summary, and where it is. Only the one that is used is loaded. */
import type { AnyCommand, CommandEntry } from '../cli/define.ts';

function entry(words: string, summary: string, load: () => Promise<{ default: AnyCommand }>): CommandEntry {
  return { path: words.split(' '), summary, load: async () => (await load()).default };
}

export const commands: readonly CommandEntry[] = [
  entry('force-resync', 'start a forced resync of some or all records', () => import('./force-resync.ts')),
  entry(
    'profile add',
    'store a profile: address, login and secrets of a server',
    () => import('./profile/add.ts'),
  ),
  entry('profile list', 'list the stored profiles', () => import('./profile/list.ts')),
  entry('profile show', 'show one profile, secrets masked', () => import('./profile/show.ts')),
  entry(
    'profile use',
    'choose the profile that commands at a terminal use',
    () => import('./profile/use.ts'),
  ),
  entry('profile remove', 'remove a profile and its secrets', () => import('./profile/remove.ts')),
  entry('sandbox', 'run an ErpSync server on this machine, to try things on', () => import('./sandbox.ts')),
  entry('help', 'help for a command, or about exit-codes or environment', () => import('./help.ts')),
];
