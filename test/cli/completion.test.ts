/** What the program answers the scripts of shells. The scripts themselves: test/system/completion.test.ts. */
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { erpSync } from '../../src/agent/contract.ts';
import { commands } from '../../src/commands/index.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';

interface Answer {
  readonly how: string;
  /** Texts to what stands beside them. */
  readonly notes: ReadonlyMap<string, string>;
  readonly texts: readonly string[];
}

async function answer(
  user: Pick<MachineHere, 'run'>,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const finished = await user.run(['__complete', ...words], { env });
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  const [how = '', ...lines] = finished.stdout.trimEnd().split('\n');
  const notes = new Map(lines.map((line) => line.split('\t', 2) as [string, string]));
  return { how, notes, texts: [...notes.keys()] };
}

const zsh = (user: Pick<MachineHere, 'run'>, ...words: string[]) => answer(user, ['zsh', ...words]);

/** A user whose config.json holds profiles of these names. */
function withProfiles(names: readonly string[], directory?: string): MachineHere {
  const user = machineHere();
  const place = directory ?? user.configDirectory;
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const profiles = Object.fromEntries(
    names.map((name) => [name, { url: `https://crm.example.com/${encodeURIComponent(name)}`, auth: 'none' }]),
  );
  const file = path.join(place, 'config.json');
  writeFileSync(file, JSON.stringify({ schemaVersion: 1, profiles }), { mode: 0o600 });
  return user;
}

describe('the command line', () => {
  test('when nothing is typed then the first words of all commands are told, with what they are', async () => {
    const { texts, notes, how } = await zsh(machineHere(), '');
    expect(texts).toEqual([...new Set(commands.map((known) => known.path[0]))]);
    expect(notes.get('doctor')).toContain('what is wrong');
    expect(notes.get('engine')).toBe('status, start, stop, interval, pause');
    expect(how).toBe('words');
  });

  test('when a group is typed then its commands are told, also behind global options', async () => {
    expect((await zsh(machineHere(), '-q', '-p', 'x', 'keys', '')).texts).toEqual(['list', 'resolve']);
  });

  test.each([[['bogus', '']], [['--', '']], [['runs', 'bogus', '']]])(
    'when %j is no beginning of a command then there is nothing to tell, and no error',
    async (words) => {
      const { how, texts } = await zsh(machineHere(), ...words);
      expect({ how, texts }).toEqual({ how: 'words', texts: [] });
    },
  );

  test('when nothing at all is asked then the answer is empty', async () => {
    const finished = await machineHere().run(['__complete']);
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('when a flag is typed then those of the command and of every command are told', async () => {
    const { texts, notes } = await zsh(machineHere(), 'runs', 'prune', '--');
    expect(texts[0]).toBe('--older-than');
    expect(texts).toEqual(expect.arrayContaining(['--profile', '--config-dir', '--help']));
    expect(texts).not.toContain('--ids');
    expect(notes.get('--profile')).toBe('the stored profile to use');
  });

  test('when a flag is given then it is not told again, unless it may be given again', async () => {
    const given = ['force-resync', '--connection', '1', '--ids=1', '-q', '-v', '--wait'];
    const { texts } = await zsh(machineHere(), ...given, '--');
    for (const gone of ['--connection', '--quiet', '--wait']) expect(texts).not.toContain(gone);
    for (const still of ['--ids', '--verbose', '--output']) expect(texts).toContain(still);
  });

  test('when the command takes no argument then its flags are told for an empty word', async () => {
    expect((await zsh(machineHere(), 'sync', '')).texts).toContain('--force');
  });

  test('when -- was typed then words are arguments, and no flag is told', async () => {
    const user = withProfiles(['prod']);
    expect((await zsh(user, 'profile', 'show', '--', '')).texts).toEqual(['prod']);
    expect((await zsh(user, 'profile', 'show', '--', '--')).texts).toEqual(['prod']);
  });

  test.each([
    [
      ['-o', ''],
      ['table', 'json', 'ndjson', 'ids'],
    ],
    [
      ['--output', 'j'],
      ['table', 'json', 'ndjson', 'ids'],
    ],
    [['--output='], ['--output=table', '--output=json', '--output=ndjson', '--output=ids']],
    [['-o='], ['-o=table', '-o=json', '-o=ndjson', '-o=ids']],
    [['-qoj'], ['-qotable', '-qojson', '-qondjson', '-qoids']],
    [['-qo'], ['-qo']],
    [
      ['--mode', ''],
      ['batch', 'direct'],
    ],
    [['--report', ''], ['junit=']],
  ])('when %j stands behind force-resync then the values are told', async (words, texts) => {
    expect((await zsh(machineHere(), 'force-resync', ...words)).texts).toEqual(expect.arrayContaining(texts));
    expect((await zsh(machineHere(), 'force-resync', ...words)).texts).toHaveLength(texts.length);
  });

  test.each([
    [['force-resync', '--ids-file', 'k'], 'files 0'],
    [['force-resync', '--ids-file=k'], 'files 11'],
    [['force-resync', '--ids', '@k'], 'files 1'],
    [['force-resync', '--report', 'junit=k'], 'files 6'],
    [['call', 'SaveConnection', '--data=@'], 'files 8'],
    [['call', 'SaveConnection', '-F', 'Connection=@x'], 'files 12'],
    [['--config-dir', ''], 'directories 0'],
    [['profile', 'add', '--ca-file', ''], 'files 0'],
    [['profile', 'import', ''], 'files 0'],
    [['engine', 'pause', '--', 'nig'], 'files 0'],
    [['force-resync', '--ids', '1'], 'words'],
    [['api', 'x'], 'words'],
  ])('when %j is typed then the shell is told: %s', async (words, how) => {
    expect((await zsh(machineHere(), ...words)).how).toBe(how);
  });
});

describe('operations', () => {
  test('when call is typed then all operations are told, with effect and parameters', async () => {
    const { texts, notes } = await zsh(machineHere(), 'call', '');
    expect(texts).toEqual(Object.keys(erpSync));
    expect(notes.get('BreakActorLink')).toBe('destroy: ErpConnectionId, CrmRecordId, CrmActorType');
  });

  test('when parameters are given then the others are told, and what they can be', async () => {
    const call = ['call', 'breakactorlink', '-F', 'erpconnectionid=1'];
    const { how, texts } = await zsh(machineHere(), ...call, '-F', '');
    expect({ how, texts }).toEqual({ how: 'words nospace', texts: ['CrmRecordId=', 'CrmActorType='] });
    const values = await zsh(machineHere(), ...call, '-F', 'CrmActorType=');
    expect(values.texts).toContain('CrmActorType=Person');
  });

  test.each(['GetEngineStatu', 'constructor'])(
    'when %s is no operation then nothing is told',
    async (name) => {
      expect((await zsh(machineHere(), 'call', name, '-F', '')).texts).toEqual([]);
    },
  );
});

describe('profiles', () => {
  test('when profiles are stored then their names are told, with where they are', async () => {
    const user = withProfiles(['prod', 'test.1']);
    const { notes } = await zsh(user, 'connections', 'list', '-p', '');
    expect([...notes]).toEqual([
      ['prod', 'crm.example.com/prod'],
      ['test.1', 'crm.example.com/test.1'],
    ]);
    expect((await zsh(user, 'profile', 'remove', '')).texts).toEqual(['prod', 'test.1']);
    expect((await zsh(user, '-pp')).texts).toEqual(['-pprod', '-ptest.1']);
  });

  test('when several profiles are listed then those are told that are not there yet', async () => {
    const { how, texts } = await zsh(withProfiles(['a', 'b', 'c']), 'force-resync', '--profiles', 'b,');
    expect({ how, texts }).toEqual({ how: 'words nospace', texts: ['b,a', 'b,c'] });
  });

  test('when another directory is named then the profiles there are told', async () => {
    const place = path.join(machineHere().home, 'my conf');
    const user = withProfiles(['there'], place);
    expect((await zsh(user, '-p', '')).texts).toEqual([]);
    expect((await zsh(user, '--config-dir', `'${place}'`, '-p', '')).texts).toEqual(['there']);
    expect((await answer(user, ['zsh', '-p', ''], { ERPSYNC_CONFIG_DIR: place })).texts).toEqual(['there']);
  });

  test('when a URL of a profile holds a password then it is not told', async () => {
    const user = machineHere();
    mkdirSync(user.configDirectory, { recursive: true, mode: 0o700 });
    const profiles = { prod: { url: 'https://me:pass-word@crm.example.com/x?key=pass-word', auth: 'none' } };
    writeFileSync(
      path.join(user.configDirectory, 'config.json'),
      JSON.stringify({ schemaVersion: 1, profiles }),
      { mode: 0o600 },
    );
    expect([...(await zsh(user, '-p', '')).notes]).toEqual([['prod', 'crm.example.com/x']]);
  });

  test.each([
    ['not JSON', '{', 0o600],
    ['open to others', '{"schemaVersion":1,"profiles":{"prod":{}}}', 0o644],
    ['of a newer erpsync', '{"schemaVersion":9,"profiles":{"prod":{}}}', 0o600],
  ])('when the stored file is %s then nothing is told, and no error', async (_, content, mode) => {
    const user = withProfiles([]);
    const file = path.join(user.configDirectory, 'config.json');
    writeFileSync(file, content);
    chmodSync(file, mode);
    expect((await zsh(user, '-p', '')).texts).toEqual([]);
  });

  test('when candidates are asked for then nothing is written', async () => {
    const user = machineHere();
    for (const words of [
      ['-p', ''],
      ['resume', ''],
      ['connections', 'get', ''],
    ])
      await zsh(user, ...words);
    expect(readdirSync(user.home)).toEqual([]);
  });

  test('when a name would steer the terminal or break the line then it is no candidate', async () => {
    const user = withProfiles(['good', 'a\nb', 'tab\tbed', '\u001b[2Jx', '\u202exe', '$(touch x)']);
    expect((await zsh(user, '-p', '')).texts).toEqual(['good', '$(touch x)']);
  });
});

describe('what bash inserts', () => {
  const names = [
    '$(touch x)',
    '`id`',
    'it\'s "so"',
    'a b',
    'a:b=c',
    'hi!',
    '#x',
    '~',
    'smörgås',
    '-x',
    'a\\b',
  ];
  const user = withProfiles(names);
  const bash = async (part: string, ...words: string[]) =>
    (await answer(user, ['bash', part, ...words])).texts;

  test('when names are special to the shell then they are quoted', async () => {
    expect(await bash('', '-p', '')).toEqual([
      '\\$\\(touch\\ x\\)',
      '\\`id\\`',
      'it\\\'s\\ \\"so\\"',
      'a\\ b',
      'a:b=c',
      'hi\\!',
      '\\#x',
      '\\~',
      'smörgås',
      '-x',
      'a\\\\b',
    ]);
  });

  test.each([
    ['"', '"', ['\\$(touch x)', '\\`id\\`', 'it\'s \\"so\\"', 'a b', 'a:b=c', 'hi"\\!"', '#x', '~']],
    ["'", "'", ['$(touch x)', '`id`', "it'\\''s \"so\"", 'a b', 'a:b=c', 'hi!', '#x', '~']],
  ])('when the quote %s is open then they are quoted for it', async (part, word, texts) => {
    expect((await bash(part, '-p', word)).slice(0, 8)).toEqual(texts);
  });

  test.each([
    ['a\\ ', 'a\\ ', ['a\\ b']],
    ['"a ', '"a ', ['a b']],
    ['b', 'a:b', ['b=c']],
    ['', 'a:b=', ['c']],
    ['', 'a:', ['b=c']],
    ['a', '--profile=a', ['a\\ b', 'a:b=c', 'a\\\\b']],
    ['"a', '--profile="a', ['a b', 'a:b=c', 'a\\\\b']],
    ['x', 'x', []],
  ])('when bash replaces %j of %j then only the rest is told', async (part, word, texts) => {
    const before = word.startsWith('--') ? [] : ['-p'];
    expect(await bash(part, ...before, word)).toEqual(texts);
  });

  test('when a word is begun then only what goes on with it is told, in any case of letters', async () => {
    expect(await bash('getall', 'call', 'getall')).toEqual(['GetAllConnectors', 'GetAllConnections']);
  });
});

describe('connections', () => {
  test('when connections were listed then ids and names are told of that server alone, without asking it', async () => {
    const user = machine();
    const sandbox = await startSandbox(user);
    const login = ['--username', sandbox.username, '--password-stdin'];
    const add = ['profile', 'add', 'sandbox', '--url', sandbox.url, ...login];
    expect(await user.run(add, { input: sandbox.password })).toMatchObject({ exitCode: 0 });
    await user.run(['profile', 'add', 'other', '--url', 'https://other.example.com', '--auth', 'none']);
    const get = ['connections', 'get'];
    expect((await zsh(user, ...get, '-p', 'sandbox', '')).texts).toEqual([]);
    expect(await user.run(['connections', 'list', '-p', 'sandbox', '--deleted'])).toMatchObject({
      exitCode: 0,
    });
    sandbox.started.child.kill();
    await sandbox.started.finished;

    const { notes } = await zsh(user, ...get, '-p', 'sandbox', '');
    expect(notes.get('124')).toBe('Visma Net');
    const byName = await zsh(user, 'force-resync', '-p', 'sandbox', '--connection-name', '');
    expect(byName.notes.get('Visma Net')).toBe('ERP connection 124');
    const priority = await zsh(user, 'connections', 'priority', '-p', 'sandbox', '124,');
    expect(priority.texts).toContain('124,crm');
    expect(priority.texts).not.toContain('124,124');
    const field = ['call', 'GetConnection', '-p', 'sandbox', '-F', 'ErpConnectionId='];
    expect((await zsh(user, ...field)).texts).toContain('ErpConnectionId=124');

    expect((await zsh(user, ...get, '-p', 'other', '')).texts).toEqual([]);
    expect((await zsh(user, ...get, '-p', 'none', '')).texts).toEqual([]);
    expect((await zsh(user, ...get, '--url', sandbox.url, '')).texts).toContain('124');
    const env = { ERPSYNC_PROFILE: 'sandbox' };
    expect((await answer(user, ['zsh', ...get, ''], env)).texts).toContain('124');

    const folder = path.join(user.configDirectory, 'connections');
    const [file = ''] = readdirSync(folder).map((name) => path.join(folder, name));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(file, 0o644);
    expect((await zsh(user, ...get, '-p', 'sandbox', '')).texts).toEqual([]);
  });
});

describe('runs', () => {
  test('when runs are kept then their names and ids are told, the newest first', async () => {
    const user = machine();
    const { url } = await startSandbox(user, ['--fault', 'status=503']);
    const resync = [
      'force-resync',
      '--url',
      url,
      '--auth',
      'none',
      '--from-crm',
      '--no-check',
      '--retries',
      '0',
    ];
    for (const rest of [[], ['--run', "it's $(late)"]]) await user.run([...resync, '--ids', '1', ...rest]);
    const { texts, notes } = await zsh(user, 'runs', 'show', '');
    expect(texts).toEqual([
      "it's $(late)",
      expect.stringMatching(/^\d{8}T/),
      expect.stringMatching(/^\d{8}T/),
    ]);
    expect(notes.get("it's $(late)")).toContain('from SuperOffice CRM to all ERP connections');
    expect((await zsh(user, 'resume', '')).texts).toEqual(texts);
    expect((await zsh(user, 'force-resync', '--run', '')).texts).toEqual(["it's $(late)"]);
    const elsewhere = { ERPSYNC_STATE_DIR: user.configDirectory };
    expect((await answer(user, ['zsh', 'resume', ''], elsewhere)).texts).toEqual([]);
  });
});

describe('erpsync completion', () => {
  test.each([
    ['bash', 'complete -F _erpsync erpsync'],
    ['zsh', '#compdef erpsync'],
    ['fish', 'complete -c erpsync'],
  ])('when the script for %s is asked for then it is printed', async (shell, line) => {
    const { exitCode, stdout, stderr } = await machineHere().run(['completion', shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toContainEqual(expect.stringContaining(line));
  });

  test('when another shell is named then the three are told', async () => {
    const { exitCode, stderr } = await machineHere().run(['completion', 'tcsh']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});
