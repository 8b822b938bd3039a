/** The command lines that errors, notes and help name exist: their commands, and each of their options. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { flagName } from '../../src/cli/flags.ts';
import { globalFlags } from '../../src/cli/globals.ts';
import { helpTopics } from '../../src/cli/help-topics.ts';
import { commands } from '../../src/commands/index.ts';

/** What follows our name where a sentence goes on about the program, and names no command. */
const prose = 'and anew are does has if in is itself knows or that within write'.split(' ');

/** `erpsync <words>` in the strings of a file, without doc comments; a word stands for what a template puts in. */
function linesIn(file: string): readonly string[] {
  const source = readFileSync(path.join('src', file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\$\{[^{}]*\}/g, '<value>');
  const found = [
    ...source.matchAll(/\berpsync ((?:[a-z][a-z-]*|--?[a-z-]+)(?![-<\w])(?: [^\s'"`;,:)?]+)*)/g),
  ];
  return found.map(([, line = '']) => line).filter((line) => !prose.includes(line.split(' ', 1)[0] ?? ''));
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const named = files.flatMap((file) => linesIn(file).map((line) => ({ file, line })));
const topics = helpTopics.map(({ name }) => name);

test('when the check reads src then it sees the command lines in it', () => {
  const lines = named.map(({ line }) => line);
  expect(lines.length).toBeGreaterThan(150);
  expect(lines).toContain('runs list');
  expect(lines).toContain('profile set <value> <value>-file <file>');
});

test('when a command line is named then its command is there, and so are its options', async () => {
  const problems: string[] = [];
  for (const { file, line } of named) {
    const words = line.split(' ');
    const entry = commands.find(({ path: own }) => own.every((word, index) => words[index] === word));
    const isGroup = commands.some(({ path: [first] }) => first === words[0]);
    if (!entry) {
      const rest = words.slice(isGroup ? 1 : 0);
      // A group by itself, `erpsync connections enable or disable`, and what stands for a command.
      if (rest.every((word) => ['--help', '<value>', '<command>'].includes(word))) continue;
      problems.push(`${file}: erpsync ${line}`);
      continue;
    }
    if (entry.path[0] === 'help' && words[1]?.startsWith('<') === false) {
      const about = words.slice(1, 2).map((word) => word.replace(/\.$/, ''));
      if (!topics.includes(about[0] ?? '') && !commands.some(({ path: [first] }) => first === about[0]))
        problems.push(`${file}: erpsync ${line}`);
    }
    const { flags } = await entry.load();
    const known = [...Object.keys({ ...globalFlags, ...flags }).map(flagName), '--help', '--'];
    const end = words.indexOf('--');
    const given = words.slice(0, end === -1 ? undefined : end).filter((word) => word.startsWith('--'));
    for (const flag of given.map((word) => word.replace(/=.*/, '')))
      if (!known.includes(flag)) problems.push(`${file}: erpsync ${line}`);
  }
  expect(problems).toEqual([]);
});
