import { connectionFlags, runFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { explainSettings } from '../../cli/explanation.ts';
import { printable } from '../../output/json.ts';
import { table } from '../../output/table.ts';

export default defineCommand({
  path: ['config', 'explain'],
  summary: 'show every effective setting and where it came from, secrets masked',
  description: [
    'Takes the options of any command that talks to the server, and tells what that command would use. Sends',
    'nothing, reads no secret from its file or standard input, and works also when something is missing.',
  ],
  effect: 'read',
  arguments: {},
  flags: { ...connectionFlags, ...runFlags },
  examples: [
    { run: 'erpsync config explain', why: 'what a command without options would use' },
    { run: 'erpsync config explain -p prod --language nb-NO -o json', why: 'with options, for a script' },
  ],
  idColumn: 'setting',
  async run(flags, context) {
    return { items: await explainSettings(context, flags) };
  },
  render({ items }, style) {
    const shown = table(
      items,
      [
        { heading: 'setting', cell: ({ setting }) => setting, whole: true },
        { heading: 'value', cell: ({ value }) => value ?? 'not set', whole: true },
        { heading: 'from', cell: ({ from }) => from ?? '' },
      ],
      style,
    );
    const problems = items.flatMap(({ setting, problem }) =>
      problem === null ? [] : [printable(`${setting}: ${problem}`)],
    );
    return problems.length === 0 ? shown : `${shown}\n\n${problems.join('\n')}`;
  },
});
