/** Help pages of commands and of groups of them, from their declarations. */
import { usageError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import { exitCodesOf, usageLine } from './command-words.ts';
import type { AnyCommand, CommandEntry } from './define.ts';
import { globalFlags } from './globals.ts';
import { flagRows, flagSections, namesOf, rowsOf } from './help-flags.ts';
import type { Page, Row } from './help-page.ts';
import { groupSummaries, helpTasks } from './help-tasks.ts';
import { helpTopics } from './help-topics.ts';

/**
 * The page about a command, a group of commands or a topic, by its words; without words the first page.
 *
 * @throws ErpsyncError (usage) for words that name nothing, with the nearest name
 */
export async function helpFor(words: readonly string[], commands: readonly CommandEntry[]): Promise<Page> {
  if (words.length === 0) return programHelp(commands);
  const typed = words.join(' ');
  const topic = helpTopics.find(({ name }) => name === typed);
  if (topic) return await topic.page();
  const entry = commands.find(({ path }) => path.join(' ') === typed);
  if (entry) return commandHelp(await entry.load());
  const names = commands.map(({ path }) => path.slice(0, words.length).join(' '));
  if (names.includes(typed)) return groupHelp(typed, commands);
  const nearest = nearestName(typed, [...names, ...helpTopics.map(({ name }) => name)]);
  throw usageError({
    what: `there is no help about ${JSON.stringify(typed)}`,
    why: 'it is no command and no topic',
    next:
      nearest === undefined ? 'see: erpsync help' : `did you mean "${nearest}"? See: erpsync help ${nearest}`,
  });
}

/** `erpsync --help`: what people come for, and the commands for it. */
function programHelp(commands: readonly CommandEntry[]): Page {
  return [
    { content: ['erpsync: force a resync between SuperOffice CRM and ERP systems'] },
    { heading: 'Usage', lead: 'erpsync <command> [options]' },
    { heading: 'Example', lead: 'erpsync force-resync --connection 124 --ids 100,959' },
    ...helpTasks.map(({ heading, words }) => ({
      heading,
      content: [{ rows: words.flatMap((word) => wordRow(word, commands)) }],
    })),
    { heading: 'Options of every command', content: [namesOf(globalFlags)] },
    {
      heading: 'More: erpsync help <command>, or erpsync help <topic>',
      content: [{ rows: helpTopics.map(({ name, summary }) => [name.padEnd(longestWord), summary]) }],
    },
  ];
}

/** So that the columns of all tasks are in line. */
const longestWord = Math.max(
  ...[...helpTasks.flatMap(({ words }) => words), ...helpTopics.map(({ name }) => name)].map(
    ({ length }) => length,
  ),
);

/** A command with its summary, or the commands of a group. */
function wordRow(word: string, commands: readonly CommandEntry[]): readonly Row[] {
  const members = commands.filter(({ path }) => path[0] === word);
  const [only] = members;
  if (only === undefined) return [];
  const isGroup = only.path.length > 1;
  return [
    [word.padEnd(longestWord), isGroup ? members.map(({ path }) => path.slice(1).join(' ')) : only.summary],
  ];
}

/** `erpsync profile --help`: the commands of a group. */
function groupHelp(group: string, commands: readonly CommandEntry[]): Page {
  const members = commands.filter(({ path }) => `${path.join(' ')} `.startsWith(`${group} `));
  const summary = groupSummaries[group];
  return [
    ...(summary === undefined ? [] : [{ content: [summary] }]),
    { heading: 'Usage', lead: `erpsync ${group} <command> [options]` },
    {
      heading: 'Commands',
      content: [{ rows: members.map(({ path, summary: does }) => [path.join(' '), does]) }],
    },
    { heading: 'More', lead: `erpsync ${group} <command> --help` },
  ];
}

/** `erpsync force-resync --help`. */
function commandHelp(command: AnyCommand): Page {
  return [
    { content: [command.summary] },
    { heading: 'Usage', lead: usageLine(command) },
    { content: paragraphs(command.description ?? []) },
    {
      heading: 'Examples',
      content: command.examples.flatMap(({ run, why }) => [`  ${run}`, { note: why }]),
    },
    {
      heading: 'Arguments',
      content: rowsOf(Object.entries(command.arguments).map(([key, { summary }]) => [`<${key}>`, summary])),
    },
    ...flagSections(command.flags),
    { heading: 'Options of every command', content: rowsOf(flagRows({ ...globalFlags })) },
    {
      heading: 'Exit codes',
      content: rowsOf(exitCodesOf(command).map(([code, , when]) => [code, when])),
    },
  ];
}

/** Lines that follow each other are one paragraph; a line that begins with a blank stays as it is written. */
function paragraphs(lines: readonly string[]): readonly string[] {
  const result: string[] = [];
  let open = false;
  for (const line of lines) {
    const isText = line !== '' && !line.startsWith(' ');
    if (open && isText) result.push(`${result.pop()} ${line}`);
    else result.push(line);
    open = isText;
  }
  return result;
}
