/** What was typed wrongly ends with exit code 2 and one line that helps; the server hears nothing of it. */
import { describe, expect, test } from 'vitest';
import { documentOf, expectRefusal, steering } from '../support/expectations.ts';
import { machineHere } from '../support/in-process.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

/** Runs force-resync against a server that would take everything. */
async function resync(args: readonly string[]) {
  const { url, requests } = tenant();
  const finished = await machineHere().run(['force-resync', '--url', url, '--auth', 'none', ...args]);
  return { finished, requests };
}

async function expectRefused(args: readonly string[], words: readonly string[]) {
  const { finished, requests } = await resync(args);
  expectRefusal(finished, 2, words);
  expect(requests).toEqual([]);
}

describe.concurrent('the source', () => {
  test.each<[string, string[], string[]]>([
    ['none', [], ['the source is missing: ', '--connection <id>', '--from-crm']],
    [
      'two',
      ['--connection', '124', '--from-crm'],
      ['--connection and --from-crm exclude each other', 'one source', 'give the'],
    ],
    ['one twice', ['--connection', '1', '--connection', '2'], ['--connection is given twice', 'once']],
  ])('when there is %s then it is told', async (_, args, words) => {
    await expectRefused([...args, '--ids', '1'], words);
  });

  test.each(['0', '-5', '1.5', '99999999999', 'abc', '', '１２４'])(
    'when the connection is %j then place, text and range are named',
    async (given) => {
      const words = ['--connection', JSON.stringify(given), 'from 1 to 2147483647'];
      await expectRefused(['--connection', given, '--ids', '1'], words);
    },
  );
});

describe.concurrent('the keys', () => {
  test.each<[string, string, string[]]>([
    ['letters', '12a', ['item 1', '"12a"', '1 to 2147483647']],
    ['zero', '0', ['item 1', '"0"', '1 to 2147483647']],
    ['a negative number', '-5', ['item 1', '"-5"', '1 to 2147483647']],
    ['a range without end', '7,1-', ['item 2', '"1-"', 'no end']],
    ['a dash alone', '1,-', ['item 2', '"-"']],
    ['a range backwards', '5-3', ['item 1', '"5-3"', 'backwards', '3-5']],
    ['more than an int32', '2147483648', ['item 1', '"2147483648"', '2147483647']],
    ['a range beyond an int32', '1-2147483648', ['item 1', '"2147483648"']],
    ['full-width digits', '１００', ['item 1', '"１００"']],
    ['nothing', '', ['--ids is empty', '<list>']],
    ['blanks', '  ', ['--ids is empty', '<list>']],
    ['an empty item', '100,,200', ['--ids, item 2 cannot be used: it is empty']],
    ['an exponent', '1e3', ['item 1', '"1e3"']],
    ['three ends', '1-2-3', ['item 1', '1-2-3']],
    ['more than --max-keys', '1-2147483647', ['more than 1000000 keys', '--max-keys']],
  ])('when --ids holds %s then place, text and rule are named', async (_, ids, words) => {
    await expectRefused(['--connection', '124', '--ids', ids], ['--ids', ...words]);
  });

  test.each<[string, string[], string[]]>([
    [
      'no keys at all',
      [],
      ['no keys are given: nothing says which', '--ids <list>', '--ids-file <path>', '--all'],
    ],
    ['--ids and --ids-file', ['--ids', '1', '--ids-file', 'x'], ['--ids and --ids-file exclude', 'give one']],
    ['--ids and --all', ['--ids', '1', '--all', '--yes'], ['--ids and --all exclude', 'give one']],
    ['--ids-file and --all', ['--ids-file', 'x', '--all', '--yes'], ['--ids-file and --all exclude']],
    ['a wrong key in the second --ids', ['--ids', '1', '--ids', '2,x'], ['--ids', 'no. 2', 'item 2', '"x"']],
    ['too many over several --ids', ['--ids', '1-3', '--ids', '4', '--max-keys', '3'], ['more than 3 keys']],
  ])('when there are %s then it is told', async (_, args, words) => {
    await expectRefused(['--from-crm', ...args], words);
  });

  test.each<[string, string[], number[]]>([
    ['blanks around keys', ['--ids', ' 100 , 200 '], [100, 200]],
    ['blanks in a range', ['--ids', '4 - 6'], [4, 5, 6]],
    ['--ids twice', ['--ids', '3', '--ids', '1-2'], [3, 1, 2]],
    ['the largest key', ['--ids=2147483647'], [2147483647]],
    ['as many as --max-keys', ['--ids', '1-3,2', '--max-keys', '3'], [1, 2, 3]],
  ])('when there are %s then they are sent', async (_, args, keys) => {
    const { url, bodiesOf } = tenant();
    const { exitCode } = await machineHere().run([
      'force-resync',
      '--from-crm',
      ...args,
      '--url',
      url,
      '--auth',
      'none',
    ]);
    expect(exitCode).toBe(0);
    expect(bodiesOf('ForceResyncBatchTask')).toEqual([{ ErpConnectionId: 0, InternalKeyIds: keys }]);
  });
});

describe.concurrent('other values', () => {
  test.each<[string, string, string]>([
    ['--chunk-size', '0', '1 to 1000000'],
    ['--chunk-size', '', '1 to 1000000'],
    ['--timeout', '5', '500ms, 30s, 5m, 1h or 2d'],
    ['--retries', '-1', '0 to 100'],
    ['--output', 'xml', 'table, json, ndjson'],
  ])('when %s is %j then flag, text and rule are named', async (flag, given, rule) => {
    await expectRefused(['--from-crm', '--ids', '1', flag, given], [flag, JSON.stringify(given), rule]);
  });

  test('when --auth is unknown then the schemes are named', async () => {
    const unknown = await machineHere().run(['force-resync', '--from-crm', '--ids', '1', '--auth', 'ntlm']);
    expectRefusal(unknown, 2, ['--auth', '"ntlm"', 'basic, ticket, bearer, oidc, system-user, xsrf, none']);
  });
});

describe.concurrent('control characters', () => {
  const evil = '1\u001b[31m\u009b\u202e\u0007\r\u007f2';
  test.each<[string, string[]]>([
    ['--ids', ['--from-crm', '--ids', evil]],
    ['--connection', ['--connection', evil, '--ids', '1']],
    ['--chunk-size', ['--from-crm', '--ids', '1', '--chunk-size', evil]],
    ['--ids-file', ['--from-crm', '--ids-file', evil]],
    ['--auth', ['--auth', evil]],
    ['an unknown option', [`--${evil}`]],
    ['an excess argument', ['--from-crm', '--ids', '1', evil]],
  ])('when a bad value of %s holds them then they never come out raw', async (_, args) => {
    const finished = await machineHere().run(['force-resync', ...args]);
    expectRefusal(finished, 2, []);
  });

  test('when an unknown command holds them then they never come out raw', async () => {
    expectRefusal(await machineHere().run([evil]), 2, ['unknown command', '\\u001b']);
  });

  test('when a profile name holds them then they never come out raw', async () => {
    const args = ['force-resync', '--from-crm', '--ids', '1', '--profile', evil];
    expectRefusal(await machineHere().run(args), 3, ['there is no profile', '\\u001b']);
  });

  test('when the error is JSON then they are \\u escapes there', async () => {
    const args = ['force-resync', '--from-crm', '--ids', evil, '-o', 'json'];
    const finished = await machineHere().run(args);
    expect(finished.stdout).not.toMatch(steering);
    expect(documentOf(finished)).toMatchObject({ error: { code: 'usage', exitCode: 2 } });
  });
});
