/** ERP connections: deleted on purpose only, and looked at afterwards. */
import { describe, expect, test } from 'vitest';
import { active, answering, connectionsRunner, inactive, ok, visma } from '../support/connections-runner.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import type { Reply } from '../support/tenant-server.ts';

const connections = connectionsRunner();

const [read, remove] = ['GetConnection', 'DeleteConnection'];
const deleted = ok({ ...visma, Active: false, Deleted: true });
const taken: Reply = { status: 204 };
const lost: Reply = { status: 502 };

describe.concurrent('what must not happen', () => {
  test.each([
    ['--yes', []],
    ['an answer, with --no-input', ['--no-input']],
  ])('when nobody confirms with %s then no request leaves', async (_, args) => {
    const { finished, operations } = await connections(
      ['delete', '124', ...args],
      answering({ [read]: active, [remove]: taken }),
    );
    expectRefusal(finished, 2, ['this deletes ERP connection 124', '--yes']);
    expect(operations).toEqual([]);
  });

  test.each<[string, Reply, number, string]>([
    ['is unknown', ok(null), 6, 'no ERP connection 124'],
    ['is deleted already', deleted, 6, 'is deleted already'],
    ['cannot be read', { status: 403 }, 5, 'GetConnection'],
  ])('when it %s then nothing is deleted', async (_, reply, exitCode, words) => {
    const { finished, operations } = await connections(
      ['delete', '124', '--yes'],
      answering({ [read]: reply, [remove]: taken }),
    );
    expectRefusal(finished, exitCode, [words]);
    expect(operations).toEqual([read]);
  });

  test('when it is a dry run then it is shown, and nothing is deleted', async () => {
    const { finished, operations } = await connections(
      ['delete', '124', '--dry-run'],
      answering({ [read]: active, [remove]: taken }),
    );
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
    expect(finished.stdout).toMatch(
      /^Dry run.*"Visma Net", which is active, would be deleted\.\n\nPOST .*DeleteConnection\n\{"ErpConnectionId":124\}\n$/,
    );
    expect(operations).toEqual([read]);
  });
});

describe.concurrent('what became of it', () => {
  test.each<[string, readonly Reply[], Reply, number, string]>([
    ['it is marked as deleted', [active, deleted], taken, 0, 'ERP connection 124 "Visma Net" is deleted.'],
    ['it is not there any more', [active, ok(null)], taken, 0, 'is deleted.'],
    [
      'it cannot be looked at',
      [active, { status: 500, body: { Error: true, Message: 'no' } }],
      taken,
      0,
      'warning',
    ],
    ['it is still there', [inactive, inactive], taken, 6, 'is still there'],
    ['the answer is lost and it is deleted', [active, deleted], lost, 0, 'the answer was lost'],
    ['the answer is lost and it is still there', [active, active], lost, 11, 'DeleteConnection took effect'],
    ['neither can be seen', [active, { status: 401 }], lost, 11, 'could not be read'],
  ])('when %s then the code tells, and it was sent once', async (_, reads, reply, exitCode, words) => {
    const { finished, operations } = await connections(
      ['delete', '124', '--yes'],
      answering({ [read]: reads, [remove]: reply }),
    );
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.stdout + finished.stderr).toContain(words);
    expect(operations).toEqual([read, remove, read]);
  });

  test('when the server refuses then its words are told', async () => {
    const refusal = { status: 500, body: { Error: true, ErrorMessage: 'it is in use' } };
    const { finished, operations } = await connections(
      ['delete', '124', '--yes'],
      answering({ [read]: active, [remove]: refusal }),
    );
    expectRefusal(finished, 6, ['ERP connection 124 was not deleted', 'it is in use']);
    expect(operations).toEqual([read, remove]);
  });

  test('when a script asks then it gets the facts', async () => {
    const { finished } = await connections(
      ['delete', '124', '--yes', '-o', 'json'],
      answering({ [read]: [active, deleted], [remove]: taken }),
    );
    expect(documentOf(finished)).toMatchObject({ status: 'ok', id: 124, name: 'Visma Net', deleted: true });
  });
});
