/** The forms of output: -o csv, -o yaml, -o ids and --query, for lists and for everything else. */
import { createServer } from 'node:net';
import { parse as parseCsv } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { commands } from '../../src/commands/index.ts';
import { itemMembers } from '../../src/commands/results/index.ts';
import { documentOf, expectRefusal, steering } from '../support/expectations.ts';
import { runHere } from '../support/in-process.ts';
import { listening } from '../support/listening.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';
import { type Received, type Reply, tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

const connections = [
  {
    ErpConnectionId: 124,
    ErpConnectorId: 17,
    DisplayName: 'Visma "Net", Oslo',
    DisplayDescription: 'two\nlines \u202eand a turn',
    Active: true,
    Deleted: false,
    ConnectionId: 'no',
    MostRecentTimestamp: '0777',
    AllAccess: true,
  },
  { ErpConnectionId: 125, ErpConnectorId: 18, DisplayName: '=1+1', Active: false },
];

function answered(): { readonly url: string; readonly requests: readonly Received[] } {
  return tenant((): Reply => ({ status: 200, body: connections }));
}

async function list(...args: string[]) {
  const { url, requests } = answered();
  const finished = await runHere(['connections', 'list', '--url', url, '--auth', 'none', ...args]);
  return { ...finished, requests };
}

describe.concurrent('csv', () => {
  test('when a list is asked for as CSV then there is a header, and a line for each item', async () => {
    const { exitCode, stdout, stderr } = await list('-o', 'csv');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\r\n')[0]).toBe(
      'id,name,description,connectorId,active,deleted,guid,mostRecentTimestamp,allAccess',
    );
    const rows = parseCsv(stdout, { columns: true }) as Record<string, string>[];
    expect(rows).toMatchObject([
      {
        id: '124',
        name: 'Visma "Net", Oslo',
        description: 'two\nlines \u202eand a turn',
        active: 'true',
        guid: 'no',
      },
      { id: '125', name: '=1+1', description: '', active: 'false', guid: '', allAccess: '' },
    ]);
  });

  test('when the list is empty then there is the header alone', async () => {
    const { stdout } = await runHere(['profile', 'list', '-o', 'csv']);
    expect(stdout).toBe('name,current,extends,url,tenant,auth,username,secrets,credentialCommand\r\n');
  });

  test('when it fails then the error is a line on stderr, and stdout is empty', async () => {
    const { url } = tenant((): Reply => ({ status: 403, body: '' }));
    const finished = await runHere(['connections', 'list', '--url', url, '--auth', 'none', '-o', 'csv']);
    expectRefusal(finished, 5, []);
  });

  test.each(['csv', 'ids'])(
    'when something that is no list is asked for as %s then nothing is sent',
    async (form) => {
      const { url, requests } = answered();
      const finished = await runHere(['engine', 'status', '--url', url, '--auth', 'none', '-o', form]);
      expectRefusal(finished, 2, [`-o ${form} cannot be used: engine status is no list of things with ids`]);
      expect(requests).toEqual([]);
    },
  );
});

describe.concurrent('yaml', () => {
  test('when a list is asked for as YAML then it is one document with what JSON has', async () => {
    const [yaml, json] = await Promise.all([list('-o', 'yaml'), list('-o', 'json')]);
    expect(parseYaml(yaml.stdout)).toEqual(documentOf(json));
    expect(yaml.stdout).toContain('guid: "no"\n');
    expect(yaml.stdout).toContain('mostRecentTimestamp: "0777"\n');
    expect(yaml.stdout).not.toMatch(steering);
  });

  test.each<[string, string[], number]>([
    ['a usage error', ['connections', 'get', 'x'], 2],
    ['an unknown command', ['conections', 'list'], 2],
    [
      'no connection',
      ['connections', 'list', '--url', 'http://127.0.0.1:1', '--auth', 'none', '--retries', '0'],
      7,
    ],
  ])('when there is %s then the document tells it', async (_, args, exitCode) => {
    const finished = await runHere([...args, '-o', 'yaml']);
    expect(finished).toMatchObject({ exitCode, stderr: '' });
    expect(parseYaml(finished.stdout)).toMatchObject({
      schemaVersion: 1,
      status: 'failed',
      error: { exitCode },
    });
  });

  test('when a request takes too long then the document tells it', async () => {
    const port = await listening(createServer());
    const url = `http://127.0.0.1:${port}`;
    const limits = ['--timeout', '200ms', '--retries', '0'];
    const finished = await runHere([
      'connections',
      'list',
      '--url',
      url,
      '--auth',
      'none',
      ...limits,
      '-o',
      'yaml',
    ]);
    expect(parseYaml(finished.stdout)).toMatchObject({ status: 'failed', exitCode: finished.exitCode });
    expect(finished.exitCode).not.toBe(0);
  });

  test('when it is quiet then the document is printed all the same', async () => {
    const { stdout } = await list('-q', '-o', 'yaml');
    expect(parseYaml(stdout)).toMatchObject({ command: 'connections list' });
  });
});

describe.concurrent('--query', () => {
  test.each<[string[], string]>([
    [['--query', 'items[].id'], '[\n  124,\n  125\n]\n'],
    [['--query=items[0].name'], '"Visma \\"Net\\", Oslo"\n'],
    [['--query', 'items[?active].{id: id}', '-o', 'yaml'], '- id: 124\n'],
    [['--query', 'nothing', '-o', 'json'], 'null\n'],
  ])('when it is %j then that part is printed', async (args, expected) => {
    expect(await list(...args)).toMatchObject({ exitCode: 0, stdout: expected, stderr: '' });
  });

  test('when it cannot be read then the place is named, and nothing is sent', async () => {
    const finished = await list('--query', 'items[?id == 124]');
    expect(finished).toMatchObject({ exitCode: 2, requests: [] });
    expect(documentOf(finished)['error']).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('at character 14'),
    });
  });

  test.each(['table', 'ndjson', 'csv', 'ids'])(
    'when it is to be queried as %s then nothing is sent',
    async (form) => {
      const finished = await list('--query', 'items', '-o', form);
      expect(finished).toMatchObject({ exitCode: 2, requests: [] });
      expect(finished.stdout + finished.stderr).toContain(`--query does not go with -o ${form}`);
    },
  );

  test('when the command fails then the error is printed whole', async () => {
    const finished = await runHere(['connections', 'get', 'x', '--query', 'items']);
    expect(documentOf(finished)).toMatchObject({ status: 'failed', exitCode: 2 });
  });

  test('when it does not fit the result then that is printed whole, and the code tells', async () => {
    const finished = await list('--query', 'length(items[0].id)');
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)['items']).toHaveLength(2);
    expect(finished.stderr).toContain('--query does not fit the result');
  });

  test('when a result has an error then it is queried, and the error stands on stderr', async () => {
    const finished = await runHere(['runs', 'check', '--query', 'last']);
    expect(finished).toMatchObject({ exitCode: 6, stdout: 'null\n' });
    expect(finished.stderr).toContain('there is no run');
  });
});

describe.concurrent('tables', () => {
  const long = {
    ...connections[0],
    DisplayDescription: 'a description that is longer than the line of a terminal',
  };

  async function shown(columns: number | undefined, env: Record<string, string>): Promise<string[]> {
    const { url } = tenant((): Reply => ({ status: 200, body: [long] }));
    const options = columns === undefined ? { env } : { env, terminal: { columns } };
    const finished = await runHere(['connections', 'list', '--url', url, '--auth', 'none'], options);
    return finished.stdout.trimEnd().split('\n');
  }

  test('when the terminal is narrow then the widest column is shortened', async () => {
    const lines = await shown(60, { LANG: 'en_GB.UTF-8', NO_COLOR: '1' });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^124 .*\u2026$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });

  test('when the terminal has 40 columns then lists and details fit into them, and nothing is lost', async () => {
    const { url, username, password } = await startSandbox(machine());
    const env = { LANG: 'C.UTF-8', NO_COLOR: '1', ERPSYNC_PASSWORD: password };
    const reading = [
      'connections list',
      'connections get 124',
      'connectors list',
      'mappings get --connection 124 --actor-type Customer',
      'log',
      'doctor',
      'keys list --connection 124',
    ];
    for (const command of reading) {
      const words = [...command.split(' '), '--url', url, '--username', username];
      const at = (columns: number) => runHere(words, { env, terminal: { columns } });
      const [narrow, wide] = [await at(40), await at(200)];
      expect(narrow.exitCode, narrow.stderr).toBe(0);
      // Free bytes and ms are not the same each time.
      const wordsOf = (text: string) => new Set(text.replace(/\d+/g, '0').split(/\s+/));
      const lines = narrow.stdout.split('\n');
      expect(lines.filter((line) => line.length > 40 && /\S \S/.test(line))).toEqual([]);
      if (!narrow.stdout.includes('\u2026'))
        expect([...wordsOf(wide.stdout)].filter((word) => !wordsOf(narrow.stdout).has(word))).toEqual([]);
    }
  });

  test('when the locale is C then it is shortened in ASCII', async () => {
    expect((await shown(60, { LANG: 'C', NO_COLOR: '1' }))[1]).toMatch(/^[ -~]+\.\.\.$/);
  });

  test('when it is no terminal then nothing is shortened, and nothing has colour', async () => {
    const lines = await shown(undefined, {});
    expect(lines[1]).toContain('longer than the line of a terminal');
    expect(lines.join('')).not.toContain('\u001b');
  });
});

describe.concurrent('times', () => {
  test('when a run is shown to people then its times are local with the zone, and in UTC for machines', async () => {
    const { run } = machine();
    const { url } = tenant();
    const plan = ['--from-crm', '--ids', '1', '--url', url, '--auth', 'none', '--no-check'];
    await run(['force-resync', ...plan]);
    const env = { TZ: 'Asia/Kathmandu' };
    const [table, details, json] = await Promise.all([
      run(['runs', 'list'], { env }),
      run(['runs', 'show', '--latest'], { env }),
      run(['runs', 'list', '-o', 'json'], { env }),
    ]);
    const items = documentOf(json)['items'] as readonly { readonly createdAt: string }[];
    const createdAt = items[0]?.createdAt ?? '';
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const local = `${new Date(Date.parse(createdAt) + 345 * 60_000).toISOString().slice(0, 16).replace('T', ' ')} +05:45`;
    expect(table.stdout).toContain(local);
    expect(details.stdout).toContain(local);
  });

  test('when the server tells a time without a zone then none is made up', async () => {
    const task = { Id: 71, Created: '2026-11-01T10:00:07', LastStarted: '2026-11-01T10:00:09+02:00' };
    const { url } = tenant((): Reply => ({ status: 200, body: task }));
    const show = ['tasks', 'show', '71', '--url', url, '--auth', 'none'];
    const { run } = machine();
    const [people, json] = await Promise.all([
      run(show, { env: { TZ: 'America/New_York' } }),
      run([...show, '-o', 'json'], { env: { TZ: 'America/New_York' } }),
    ]);
    expect(people.stdout).toMatch(/^created +2026-11-01 10:00$/m);
    expect(people.stdout).toMatch(/^last started +2026-11-01 03:00 EST$/m);
    expect(documentOf(json)).toMatchObject({
      created: '2026-11-01T10:00:07',
      lastStarted: '2026-11-01T08:00:09Z',
    });
  });
});

test('when a command prints a list then it has every form of lists', async () => {
  const loaded = await Promise.all(commands.map((entry) => entry.load()));
  const forms = loaded.map(({ path, idColumn }) => ({ command: path.join(' '), idColumn }));
  const lists = forms.filter(({ command }) => itemMembers(command).length > 0);
  expect(lists.length).toBeGreaterThan(15);
  for (const { command, idColumn } of lists) {
    expect(itemMembers(command), command).toContain(idColumn);
  }
  expect(forms.filter(({ idColumn }) => idColumn !== undefined)).toEqual(lists);
});
