/** An id that the server does not know is told in the same words by every command, over REST and over SOAP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionFlags } from '../../src/cli/connection-flags.ts';
import { commands } from '../../src/commands/index.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import { runHere } from '../support/in-process.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
});
afterAll(() => sandbox.close());

const [customer, key] = ['--actor-type Customer', '--erp-key C-10015'];

/** By what the id is of, with the command that lists those that there are, or what else tells an id that there is. */
const lines: Readonly<Record<string, readonly [remedy: string, ...lines: readonly string[]]>> = {
  'ERP connection 999': [
    'erpsync connections list',
    'connections get 999',
    'connections summary 999',
    'connections config-fields 999',
    'connections enable 999',
    'connections enable 999 --dry-run',
    'connections disable 999',
    'connections test 999',
    'connections test 999 --config Company=1',
    'connections save 999 --name Other',
    'connections delete 999 --yes',
    'connections refresh-fields 999',
    'connections priority 999 crm',
    `links values --connection 999 ${customer} ${key}`,
    'links values --connection 999 --company 959 --field Balance',
    `links create --connection 999 --company 15 ${key} ${customer}`,
    `links connect --connection 999 --company 15 ${key} ${customer}`,
    `links create-actor --connection 999 --company 15 ${customer} --field Name=Harbour`,
    'links break --connection 999 --company 12 --yes',
    `mappings get --connection 999 ${customer}`,
    `mappings save --connection 999 ${customer} --data {"isActive":true}`,
    'mappings lists --connection 999',
    'mappings save-lists --connection 999 --data {"erpListItemMappings":[]}',
    'mappings check --connection 999',
    'keys list --connection 999',
    `keys resolve --connection 999 --external-keys C-10015 ${customer}`,
    'force-resync --connection 999 --ids 1',
    'force-resync --connection 999 --ids 1 --dry-run',
    'force-resync --connection 999 --all --yes',
  ],
  'connector 99': [
    'erpsync connectors list',
    'connectors get 99',
    'connectors config-fields 99',
    'connectors test 99',
    'connectors save 99 --name Other',
    'connectors delete 99 --yes',
    'connections save 124 --connector 99',
    'connections save --name Other --connector 99',
  ],
  'batch task 9999': ['erpsync tasks list', 'tasks show 9999', 'tasks watch 9999', 'tasks stop 9999'],
  ...Object.fromEntries(
    ['company', 'person', 'project', 'sale'].map((word) => [
      `${word} 99999`,
      [
        'look its id up in SuperOffice, and run the same command again with that',
        `connections records ${word} 99999`,
        `links values --${word} 99999`,
        `links values --connection 124 --${word} 99999 --field Balance`,
        `links create --connection 124 --${word} 99999 ${key} ${customer}`,
        `links connect --connection 124 --${word} 99999 ${key} ${customer}`,
        `links create-actor --connection 124 --${word} 99999 ${customer} --field Name=H --field CustomerGroup=10`,
        `links break --connection 124 --${word} 99999 --yes`,
      ],
    ]),
  ),
  'ERP field 9999': [
    'erpsync mappings get',
    'mappings default --field 9999',
    'mappings save-default --field 9999 --default-value x',
  ],
};

const table = Object.entries(lines).flatMap(([what, [remedy, ...rest]]) =>
  rest.map((line) => [line, what, remedy] as const),
);

describe.each(['rest', 'soap'])('over %s', (transport) => {
  test.each(table)('when %s is asked for then there is no %s', async (line, what, remedy) => {
    const login = ['--url', sandbox.url, '--username', 'tje0', '--transport', transport, '--retries', '0'];
    const finished = await runHere([...line.split(' '), ...login], { env: { ERPSYNC_PASSWORD: 'Tje0' } });
    const nothingSent = line.startsWith('force-resync') ? ', so nothing was sent' : '';
    const told = `there is no ${what}: the server knows none with this id${nothingSent}; `;
    expect(finished.exitCode).toBe(6);
    expect(finished.stderr).toMatch(new RegExp(`^erpsync: ${told}[^\\n]*${remedy}\\n$`));
  });
});

test('when a command takes an id then it is among them', async () => {
  const others: string[] = [];
  for (const { path, load } of commands) {
    const command = path.join(' ');
    const { arguments: words, flags } = await load();
    const own = Object.entries({ ...flags, ...words }).filter(([name]) => !(name in connectionFlags));
    const takesId = own.some(([, { value }]) => /^ids?$/.test(value?.placeholder ?? ''));
    if (takesId && !table.some(([line]) => line.startsWith(`${command} `))) others.push(command);
  }
  expect(others).toEqual([]);
});
