/**
 * The interface as a file: commands, flags, defaults, exit codes. A change of it shows as a difference in
 * interface.json, to be made on purpose (`npx vitest run test/contract -u`).
 */
import { expect, test } from 'vitest';
import { type Flags, flagName } from '../../src/cli/flags.ts';
import { globalFlags } from '../../src/cli/globals.ts';
import { helpTasks } from '../../src/cli/help-tasks.ts';
import { helpTopics } from '../../src/cli/help-topics.ts';
import { commands } from '../../src/commands/index.ts';
import { everyCommandCodes, exitCodeMeanings, exitCodes, signalExitCodes } from '../../src/errors.ts';

function described(flags: Flags) {
  return Object.fromEntries(
    Object.entries(flags).map(([key, { kind, group, short, value, shownDefault, environment }]) => [
      flagName(key),
      {
        kind,
        group: group?.heading,
        short,
        value: value?.choices ?? value?.placeholder,
        default: shownDefault,
        environment,
      },
    ]),
  );
}

test('when the interface changes then interface.json has to change with it', async () => {
  const loaded = await Promise.all(commands.map((entry) => entry.load()));
  const shown = {
    options: described(globalFlags),
    commands: Object.fromEntries(
      loaded.map(({ path, effect, arguments: words, flags, exitCodes: codes }) => [
        path.join(' '),
        {
          effect,
          arguments: Object.entries(words).map(([name, { required }]) =>
            required ? `<${name}>` : `[${name}]`,
          ),
          options: described(flags),
          exitCodes: codes,
        },
      ]),
    ),
    exitCodes: { ...exitCodes, ...signalExitCodes },
    exitCodesOfEveryCommand: everyCommandCodes,
    tasks: helpTasks,
    topics: helpTopics.map(({ name }) => name),
  };
  await expect(`${JSON.stringify(shown, undefined, 2)}\n`).toMatchFileSnapshot('interface.json');
});

test('when a command is listed then its path and summary are those of its declaration', async () => {
  for (const entry of commands) {
    const { path, summary } = await entry.load();
    expect({ path, summary }).toEqual({ path: entry.path, summary: entry.summary });
  }
});

test('when exit codes are explained then each one is', () => {
  const explained = exitCodeMeanings.map(([, name]) => name);
  expect(explained).toEqual([...Object.keys(exitCodes), 'interrupted']);
});
