import { defineCommand } from '../cli/define.ts';
import { argument } from '../cli/flags.ts';
import { choice } from '../cli/values.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** The script for each shell, loaded when it is asked for. */
const scripts: Readonly<Record<(typeof shells)[number], () => Promise<{ readonly default: string }>>> = {
  bash: () => import('./completion/erpsync.bash'),
  zsh: () => import('./completion/erpsync.zsh'),
  fish: () => import('./completion/erpsync.fish'),
};

export default defineCommand({
  path: ['completion'],
  summary: 'print the script that completes erpsync in bash, zsh or fish',
  description: [
    'Commands, options and their values, profiles, runs and operations are completed, and ids and names of ERP',
    'connections as "erpsync connections list" last showed them. No server is asked.',
    '',
    '  bash  once: erpsync completion bash > ~/.local/share/bash-completion/completions/erpsync',
    '        (with the package bash-completion), or in ~/.bashrc: source <(erpsync completion bash)',
    '  zsh   once: erpsync completion zsh > "$fpath[1]/_erpsync", or in ~/.zshrc behind compinit:',
    '        source <(erpsync completion zsh)',
    '  fish  once: erpsync completion fish > ~/.config/fish/completions/erpsync.fish',
    '',
    'Then start a new shell.',
  ],
  effect: 'read',
  arguments: { shell: argument(choice('shell', shells), 'bash, zsh or fish') },
  flags: {},
  examples: [
    { run: 'erpsync completion bash', why: 'the script for bash' },
    { run: 'erpsync completion fish', why: 'the one for fish' },
  ],
  async run({ shell }) {
    return { shell, script: (await scripts[shell]()).default };
  },
  render: ({ script }) => script.trimEnd(),
});
