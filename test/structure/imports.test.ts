/**
 * The rooms of src and which may import which. Imports go one way only, and never in a circle: a room is
 * understood without the ones that use it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const contract = [
  'agent/contract',
  'agent/carriers',
  'agent/archive-carriers',
  'agent/batch-carriers',
  'agent/operation',
  'agent/neighbour-contract',
  'agent/login-carriers',
  'agent/wire-xml',
  'agent/xml-document',
  'agent/xml-reader',
  'agent/xml-writer',
  'agent/timespan',
  'agent/wire-types',
  'agent/wire-json',
];

/** Room (a folder, or a file that is a room of its own) to the rooms it may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  'error-words': ['errors', 'nearest-name'],
  version: [],
  'nearest-name': [],
  files: ['errors', 'error-words'],
  contract: [],
  transport: ['contract', 'errors', 'error-words'],
  agent: ['contract', 'transport', 'errors', 'error-words', 'nearest-name'],
  profiles: ['contract', 'files', 'errors', 'error-words', 'nearest-name'],
  identity: ['contract', 'transport', 'agent', 'profiles', 'errors', 'error-words', 'keychain-child'],
  resync: ['contract', 'transport', 'agent', 'files', 'errors', 'error-words', 'nearest-name'],
  output: ['errors', 'error-words'],
  sandbox: ['contract', 'errors', 'error-words', 'nearest-name'],
  cli: [
    'contract',
    'transport',
    'agent',
    'files',
    'profiles',
    'identity',
    'output',
    'errors',
    'error-words',
    'version',
    'nearest-name',
  ],
  commands: [
    'contract',
    'transport',
    'agent',
    'files',
    'profiles',
    'identity',
    'resync',
    'output',
    'sandbox',
    'cli',
    'errors',
    'error-words',
    'version',
  ],
  manual: ['cli', 'commands', 'identity', 'errors', 'version'],
  main: ['cli', 'commands', 'errors', 'error-words'],
  'keychain-child': [],
};

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.split(path.sep).join('/').replace(/\.ts$/, ''));

/** The files below src that a file imports, types and lazy imports included. */
function importsOf(file: string): string[] {
  const source = readFileSync(path.join('src', `${file}.ts`), 'utf8');
  const targets = [...source.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'(\.{1,2}\/[^']+)\.ts'/gm)];
  return targets.map(([, target = '']) => path.posix.join(path.posix.dirname(file), target));
}

function roomOf(file: string): string {
  return contract.includes(file) ? 'contract' : (file.split('/', 1)[0] ?? '');
}

describe('the rooms', () => {
  test('when a file imports another room then that room is allowed to it', () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      return importsOf(file)
        .filter((target) => roomOf(target) !== room && !allowed[room]?.includes(roomOf(target)))
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test('when the imports are followed then no file comes back to itself', () => {
    const finished = new Set<string>();
    const circles: string[] = [];
    const follow = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      if (finished.has(file) || trail.includes(file)) return;
      for (const target of importsOf(file)) follow(target, [...trail, file]);
      finished.add(file);
    };
    for (const file of files) follow(file, []);
    expect(circles).toEqual([]);
  });

  test('when the check reads src then it sees its files and their imports', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(importsOf('main')).toContain('commands/index');
    expect(importsOf('commands/index')).toContain('commands/force-resync');
  });

  test('when a source file is opened then it reads in one sitting', () => {
    const long = files.filter(
      (file) => readFileSync(path.join('src', `${file}.ts`), 'utf8').split('\n').length > 320,
    );
    expect(long).toEqual([]);
  });
});
