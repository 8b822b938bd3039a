/** Every form in which keys can be given, and what of it reaches the server. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { machineHere } from '../support/in-process.ts';
import { noContent, wireServer } from '../support/wire-server.ts';

const source = ['force-resync', '--connection', '124', '--no-check', '--auth', 'none'];

interface Given {
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly input?: string | Uint8Array;
}

/** Runs force-resync against a server that accepts everything, and returns the bodies that came. */
async function resync({ args, files = {}, input }: Given) {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"IsOk":true}';
  const server = await wireServer((request) => (request.includes('BatchTask') ? noContent : ok));
  const user = machineHere();
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(user.home, name), content);
  const whole = (arg: string): string => {
    const name = arg.replace(/^@/, '');
    return Object.hasOwn(files, name) ? arg.replace(name, path.join(user.home, name)) : arg;
  };
  const line = [...source, '--url', server.url, ...args.map(whole)];
  const finished = await user.run(line, input === undefined ? {} : { input });
  return {
    ...finished,
    operations: server.requests.map((request) => request.split(' ')[1]?.split('/').at(-1)),
    bodies: server.requests.map((request) => JSON.parse(request.split('\r\n\r\n')[1] ?? '')),
  };
}

const two = [{ ErpConnectionId: 124, InternalKeyIds: [100, 959] }];
const utf16 = Buffer.from('\uFEFFKey;Name\r\n100;Ola\r\n959;Kari\r\n', 'utf16le');

describe('internal keys', () => {
  test.each<[string, Given]>([
    ['a list on standard input', { args: ['--ids', '-'], input: '100\n\n# both\n959,100\n' }],
    ['a list in a file', { args: ['--ids', '@list'], files: { list: '100, 959\r\n' } }],
    ['several lists', { args: ['--ids', '100', '--ids', '@list'], files: { list: '959' } }],
    ['lines on standard input', { args: ['--ids-file', '-'], input: '100\n959\n' }],
    [
      'a named column',
      {
        args: ['--ids-file', 'k.csv', '--column', 'Key'],
        files: { 'k.csv': 'Name,Key\nOla,100\n"A, B",959\n' },
      },
    ],
    [
      'semicolons',
      {
        args: ['--ids-file', 'k.csv', '--column', 'Key'],
        files: { 'k.csv': 'Name;Key\n"a,b,c";100\nKari;959\n' },
      },
    ],
    [
      'a numbered column',
      { args: ['--ids-file', 'k.csv', '--column', '2'], files: { 'k.csv': '# export\nOla,100\n\nKari,959' } },
    ],
    ['one column without a name', { args: ['--ids-file', 'k.csv'], files: { 'k.csv': '100\n959\n' } }],
    [
      'TSV',
      {
        args: ['--ids-file', 'k.tsv', '--column', 'Key'],
        files: { 'k.tsv': 'Name\tKey\nOla, Co\t100\nKari\t959\n' },
      },
    ],
    [
      'NDJSON',
      {
        args: ['--ids-file', 'k.ndjson', '--column', 'id'],
        files: { 'k.ndjson': '{"id":100,"n":"x"}\n\n{"n":"y","id":"959"}\n' },
      },
    ],
    ['NDJSON of numbers', { args: ['--ids-file', 'k.jsonl'], files: { 'k.jsonl': '100\n"959"\n' } }],
    ['UTF-16', { args: ['--ids-file', 'k.csv', '--column', 'Key'], files: { 'k.csv': utf16 } }],
    [
      'a format that the name does not tell',
      { args: ['--ids-file', '-', '--format', 'csv', '--column', '1'], input: '100;a\n959;b\n' },
    ],
  ])('when %s is given then its keys are sent', async (_, given) => {
    const { exitCode, stderr, bodies } = await resync(given);
    expect({ exitCode, bodies }, stderr).toEqual({ exitCode: 0, bodies: two });
  });

  test.each<[string, Given, string[]]>([
    [
      'has no such column',
      { args: ['--ids-file', 'k.csv', '--column', 'Keys'], files: { 'k.csv': 'Name,Key\nOla,1\n' } },
      ['k.csv, line 1', '"Keys"', 'did you mean "Key"?'],
    ],
    [
      'has the column twice',
      { args: ['--ids-file', 'k.csv', '--column', 'Key'], files: { 'k.csv': 'Key,Key\n1,2\n' } },
      ['two columns "Key"', '--column <n>'],
    ],
    [
      'has several cells and no column is named',
      { args: ['--ids-file', 'k.csv'], files: { 'k.csv': '1,2\n' } },
      ['k.csv, line 1', '2 cells', '--column'],
    ],
    [
      'has a short line',
      { args: ['--ids-file', 'k.csv', '--column', '2'], files: { 'k.csv': 'a,1\nb\n' } },
      ['k.csv, line 2', 'only 1 cell'],
    ],
    [
      'has an open quote',
      { args: ['--ids-file', 'k.csv', '--column', '1'], files: { 'k.csv': '1,a\n2,"b\n' } },
      ['k.csv, line', 'not valid csv', 'quotes'],
    ],
    [
      'has a wrong key in its column',
      { args: ['--ids-file', 'k.csv', '--column', 'Key'], files: { 'k.csv': 'Key\n1\n\nx\n' } },
      ['k.csv, line 4', '"x"'],
    ],
    [
      'is lines with several cells',
      { args: ['--ids-file', 'k.txt'], files: { 'k.txt': '1;2\n' } },
      ['k.txt, line 1', 'more than one cell', '--column'],
    ],
    [
      'is lines and has no columns',
      { args: ['--ids-file', 'k.txt', '--column', 'Key'], files: { 'k.txt': '1\n' } },
      ['k.txt', '--format'],
    ],
    [
      'is NDJSON without the field',
      { args: ['--ids-file', 'k.ndjson', '--column', 'id'], files: { 'k.ndjson': '{"Id":1}\n' } },
      ['k.ndjson, line 1', '"id"', 'did you mean "Id"?'],
    ],
    [
      'is NDJSON with several fields',
      { args: ['--ids-file', 'k.ndjson'], files: { 'k.ndjson': '{"a":1,"b":2}\n' } },
      ['k.ndjson, line 1', '2 fields', '--column <field>'],
    ],
    [
      'is no JSON',
      { args: ['--ids-file', 'k.ndjson'], files: { 'k.ndjson': '1\n{\n' } },
      ['k.ndjson, line 2', 'not JSON'],
    ],
    [
      'has a fraction',
      { args: ['--ids-file', 'k.ndjson'], files: { 'k.ndjson': '1.5\n' } },
      ['k.ndjson, line 1', '1.5'],
    ],
    ['is not a file but a list', { args: ['--ids', '1', '--column', 'Key'] }, ['--column', '--ids-file']],
  ])('when the source %s then place and remedy are told and nothing is sent', async (_, given, words) => {
    const { exitCode, stdout, stderr, bodies } = await resync(given);
    expect({ exitCode, stdout, bodies }).toEqual({ exitCode: 2, stdout: '', bodies: [] });
    expect(stderr).toMatch(/^erpsync: [^\n]+\n$/);
    for (const word of words) expect(stderr).toContain(word);
  });

  test('when the list is empty and that is allowed then it is a success without a request', async () => {
    const { exitCode, stdout, bodies } = await resync({
      args: ['--ids-file', '-', '--if-empty', 'ok', '-o', 'json'],
      input: '\n# none today\n',
    });
    expect({ exitCode, bodies }).toEqual({ exitCode: 0, bodies: [] });
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'ok',
      exitCode: 0,
      keys: { given: 0 },
      requests: { planned: 0 },
    });
  });
});

describe('ERP keys', () => {
  const actor = ['--actor-type', 'Customer'];

  test.each<[string, Given, string[]]>([
    ['a list', { args: ['--external-keys', 'C1,"a,b", x ,#7', ...actor] }, ['C1', 'a,b', ' x ', '#7']],
    [
      'a file',
      {
        args: ['--external-keys-file', 'k.txt', ...actor],
        files: { 'k.txt': 'C1\r\n 1-5 \n# no comment\nc1\nC1\n' },
      },
      ['C1', ' 1-5 ', '# no comment', 'c1'],
    ],
    [
      'a column',
      {
        args: ['--external-keys-file', 'k.csv', '--column', 'No', ...actor],
        files: { 'k.csv': 'No,Name\n"A,1", x\n#2,y\n' },
      },
      ['A,1', '#2'],
    ],
  ])('when %s is given then the keys are sent as they are, each once', async (_, given, keys) => {
    const { exitCode, stderr, operations, bodies } = await resync(given);
    expect({ exitCode, operations }, stderr).toEqual({ exitCode: 0, operations: ['ForceResyncExternal'] });
    expect(bodies).toEqual([{ ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: keys }]);
  });

  test.each<[string, Given, string[]]>([
    ['no actor type', { args: ['--external-keys', 'C1'] }, ['--actor-type']],
    [
      'an unknown actor type',
      { args: ['--external-keys', 'C1', '--actor-type', 'Custmer'] },
      ['"Custmer"', 'Customer'],
    ],
    ['an empty key', { args: ['--external-keys', 'C1,,C2', ...actor] }, ['item 2', 'empty']],
    [
      'an empty line',
      { args: ['--external-keys-file', '-', ...actor], input: 'C1\n\nC2\n' },
      ['standard input, line 2', 'empty'],
    ],
    ['a batch mode', { args: ['--external-keys', 'C1', ...actor, '--mode', 'batch'] }, ['no batch form']],
    [
      'internal keys too',
      { args: ['--external-keys', 'C1', ...actor, '--ids', '1'] },
      ['--ids and --external-keys'],
    ],
    ['an actor type and internal keys', { args: ['--ids', '1', ...actor] }, ['--actor-type', 'ERP keys']],
  ])('when there is %s then it is told and nothing is sent', async (_, given, words) => {
    const { exitCode, stderr, bodies } = await resync(given);
    expect({ exitCode, bodies }).toEqual({ exitCode: 2, bodies: [] });
    for (const word of words) expect(stderr).toContain(word);
  });

  test('when they come from SuperOffice then it is told that they cannot', async () => {
    const { run } = machineHere();
    const line = [
      'force-resync',
      '--from-crm',
      '--external-keys',
      'C1',
      ...actor,
      '--url',
      'http://127.0.0.1:1',
    ];
    expect(await run(line)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--connection') });
  });
});
