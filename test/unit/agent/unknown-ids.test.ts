/** Ids that the server does not know: told in the same words, whatever the call itself was answered. */
import { describe, expect, test } from 'vitest';
import type { AgentClient } from '../../../src/agent/client.ts';
import { findTask, knowingIds, type NamedIds } from '../../../src/agent/unknown-ids.ts';
import type { ErpsyncError } from '../../../src/errors.ts';
import { agentFor } from '../../conformance/agent.ts';
import { answer, jsonAnswer, wireServer } from '../../support/wire-server.ts';

const none = jsonAnswer(200, null);
const refused = jsonAnswer(500, { Error: true, ErrorMessage: 'Object reference not set' });

/** A server that answers by operation: null for what is not named. */
async function serverWith(replies: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = await wireServer((request) => {
    const name = /^POST \S*\/(\w+)/.exec(request)?.[1] ?? '';
    asked.push(name);
    return replies[name] ?? none;
  });
  return { client: agentFor(server.url).client, asked };
}

const test999 = (client: AgentClient) => client.read('TestConnectionById', { ErpConnectionId: 999 });

async function errorOf(client: AgentClient, ids: NamedIds): Promise<ErpsyncError> {
  return await knowingIds(client, ids, () => test999(client)).then(
    () => expect.unreachable('it was taken'),
    (error: unknown) => error as ErpsyncError,
  );
}

describe('a call that is refused', () => {
  test.each<[string, NamedIds, string, string]>([
    [
      'an ERP connection',
      { connection: 999 },
      'there is no ERP connection 999: the server knows none with this id',
      'see which there are: erpsync connections list',
    ],
    [
      'a connector',
      { connector: 999 },
      'there is no connector 999: the server knows none with this id',
      'see which there are: erpsync connectors list',
    ],
    [
      'a batch task',
      { task: 999 },
      'there is no batch task 999: the server knows none with this id',
      'see which it has kept: erpsync tasks list',
    ],
    [
      'a record',
      { record: { word: 'company', type: 'Contact', id: 999 } },
      'there is no company 999: the server knows none with this id',
      'look its id up in SuperOffice, and run the same command again with that',
    ],
  ])('when the server does not know %s then the error says so', async (_, ids, message, next) => {
    const { client } = await serverWith({ TestConnectionById: refused });
    expect(await errorOf(client, ids)).toMatchObject({ code: 'rejected', exitCode: 6, message, next });
  });

  test('when the server knows the id then the error is that of the call', async () => {
    const connection = jsonAnswer(200, { ErpConnectionId: 999 });
    const { client } = await serverWith({ TestConnectionById: refused, GetConnection: connection });
    expect(await errorOf(client, { connection: 999 })).toMatchObject({
      what: 'the server refuses TestConnectionById (HTTP 500)',
      why: 'Object reference not set',
    });
  });

  test.each([
    ['forbids the look', answer(403, '')],
    ['refuses the look in words', refused],
  ])('when the server %s then the error is that of the call', async (_, look) => {
    const { client } = await serverWith({ TestConnectionById: refused, GetConnection: look });
    expect(await errorOf(client, { connection: 999 })).toMatchObject({
      what: 'the server refuses TestConnectionById (HTTP 500)',
    });
  });
});

test('when a call is forbidden then nothing is looked for', async () => {
  const { client, asked } = await serverWith({ TestConnectionById: answer(403, '') });
  expect(await errorOf(client, { connection: 999 })).toMatchObject({ code: 'forbidden' });
  expect(asked).toEqual(['TestConnectionById']);
});

test('when a call is taken then its result comes, and nothing is looked for', async () => {
  const { client, asked } = await serverWith({ TestConnectionById: jsonAnswer(200, false) });
  expect(await knowingIds(client, { connection: 999 }, () => test999(client))).toBe(false);
  expect(asked).toEqual(['TestConnectionById']);
});

test('when a batch task is there then it is found', async () => {
  const { client } = await serverWith({ GetBatchTaskInfo: jsonAnswer(200, { Id: 71 }) });
  expect(await findTask(client, 71)).toMatchObject({ Id: 71 });
});
