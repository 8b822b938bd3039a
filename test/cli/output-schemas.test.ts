/** The JSON Schemas of what commands print. That the output of all tests is as they say is checked where it is run. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { describedCommands, documentSchema } from '../../src/commands/results/index.ts';
import { checkDocument, checkOutput } from '../support/documents.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';

const names = commands.map(({ path }) => path.join(' '));

describe('schemas', () => {
  test('when there is a command then it has one, and nothing else has', () => {
    expect(describedCommands().toSorted()).toEqual(names.toSorted());
  });

  test.each(names)('when the schema of %s is read then it is one', (name) => {
    const ajv = new Ajv2020({ allowUnionTypes: true, formats: { 'date-time': true } });
    expect(() => ajv.compile(documentSchema(name) ?? {})).not.toThrow();
  });

  const listed = {
    schemaVersion: 1,
    command: 'profile list',
    items: [
      {
        name: 'a',
        current: true,
        extends: null,
        url: null,
        tenant: null,
        auth: null,
        username: null,
        secrets: {},
        credentialCommand: false,
      },
    ],
  };
  const failed = {
    schemaVersion: 1,
    command: '',
    status: 'failed',
    exitCode: 2,
    error: { code: 'usage', exitCode: 2, message: 'no: none', why: 'none', hint: 'see: erpsync help' },
  };

  test('when a document is as its schema says then it passes', () => {
    expect(() => checkDocument(listed)).not.toThrow();
    expect(() => checkDocument(failed)).not.toThrow();
  });

  test.each<[string, object]>([
    ['a member that is not named', { ...listed, more: 1 }],
    ['a member that is not named, further in', { ...listed, items: [{ ...listed.items[0], more: 1 }] }],
    ['a member less', { ...listed, items: [{ name: 'a' }] }],
    ['another type', { ...listed, items: [{ ...listed.items[0], current: 'yes' }] }],
    ['another word', { ...failed, error: { ...failed.error, code: 'none' } }],
    ['another command', { ...listed, command: 'runs list' }],
  ])('when a document has %s then it does not', (_, document) => {
    expect(() => checkDocument(document)).toThrow('is not as its schema says');
  });

  test.each(names)('when a result of %s has an exit code then it has a status, too', (name) => {
    const { anyOf } = documentSchema(name) as { readonly anyOf: readonly object[] };
    for (const form of anyOf) {
      const members = Object.keys((form as { readonly properties?: object }).properties ?? {});
      if (members.includes('exitCode')) expect(members).toContain('status');
    }
  });

  test.each<[string[], string]>([
    [['profile', 'list', '-o', 'json'], JSON.stringify({ ...listed, more: 1 })],
    [['-o=json', 'profile', 'list'], JSON.stringify({ ...listed, more: 1 })],
    [['profile', 'list', '-o', 'yaml'], `${JSON.stringify({ ...listed, more: 1 })}\n`],
    [['profile', 'list', '-o', 'ndjson'], '{"name":"a"}\n'],
    [['force-resync', '-o', 'ndjson'], '{"type":"request","index":"0"}\n'],
  ])('when %j prints something else then the test that ran it fails', (args, stdout) => {
    expect(() => checkOutput(args, stdout)).toThrow('is not as its schema says');
  });
});

describe.concurrent('help output', () => {
  test('when it is asked for then it tells each form, and how to get at the schemas', async () => {
    const { exitCode, stdout } = await runHere(['help', 'output']);
    expect(exitCode).toBe(0);
    for (const form of ['table', 'json', 'ndjson', 'csv', 'yaml', 'ids']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${form} +\\w`, 'm'));
    }
    expect(stdout).toContain('erpsync help output connections list');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  test('when a command is named then its schema is printed, to be written to a file as it is', async () => {
    const { exitCode, stdout } = await runHere(['help', 'output', 'connections', 'list']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(documentSchema('connections list'));
  });

  test('when it is for machines then the schema is a member', async () => {
    const one = documentOf(await runHere(['help', 'output', 'doctor', '-o', 'json']));
    expect(one['schema']).toEqual(documentSchema('doctor'));
    const all = documentOf(await runHere(['help', 'output', '-o', 'json']));
    expect(Object.keys(all['schemas'] as object).toSorted()).toEqual(names.toSorted());
  });

  test.each<[string[], string[]]>([
    [
      ['connections'],
      ['there is no schema of "connections": it is a group of commands', 'erpsync connections --help'],
    ],
    [
      ['conections', 'list'],
      ['there is no help about', 'did you mean "connections'],
    ],
    [
      ['profile', 'lst'],
      ['there is no help about', '"profile list"'],
    ],
    [['__proto__'], ['there is no help about']],
  ])('when %j is no command then it is told', async (words, told) => {
    expectRefusal(await runHere(['help', 'output', ...words]), 2, told);
  });
});
