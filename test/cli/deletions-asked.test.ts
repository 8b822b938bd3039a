/** What is deleted at a terminal is deleted only if its id is typed. */
import { describe, expect, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import type { AnyCommand } from '../../src/cli/define.ts';
import type { Flag } from '../../src/cli/flags.ts';
import { globalFlags } from '../../src/cli/globals.ts';
import deleteConnection from '../../src/commands/connections/delete.ts';
import deleteConnector from '../../src/commands/connectors/delete.ts';
import { active, answering, ok } from '../support/connections-runner.ts';
import { temporaryDirectory } from '../support/program.ts';
import { tenantServer } from '../support/tenant-server.ts';

const tenant = tenantServer();

const replies = {
  GetConnection: [active, ok(null)],
  DeleteConnection: { status: 204 },
  GetErpSyncConnectorEntity: [ok({ ErpConnectorId: 17, DisplayName: 'Visma', URL: 'plugin://x' }), ok(null)],
  CanDeleteErpSyncConnectorEntity: ok('NoError'),
  DeleteErpSyncConnectorEntity: { status: 204 },
};

function withoutFlags(flags: Readonly<Record<string, Flag<unknown>>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, flag.read([], key)]));
}

/** Runs a command for a person at a terminal who types this. */
async function typing(command: AnyCommand, id: number, typed: string) {
  const { url, requests } = tenant(answering(replies));
  const told: string[] = [];
  const context = {
    host: {
      environment: {},
      stdinIsTerminal: true,
      stderrIsTerminal: true,
      stopped: new AbortController().signal,
      clock: { now: Date.now, random: Math.random, sleep: () => Promise.resolve() },
      uid: process.getuid?.(),
    },
    globals: withoutFlags(globalFlags),
    configDirectory: temporaryDirectory(),
    userAgent: 'test',
    prompts: { available: true, text: () => Promise.resolve(typed) },
    warn: (text: string) => void told.push(text),
    note: () => undefined,
    conceal: () => undefined,
  } as unknown as Context;
  const given = { ...withoutFlags(command.flags), id, url, auth: 'none' };
  const ended = await command.run(given as never, context).then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
  return { ended, told, operations: requests.map(({ operation }) => operation) };
}

describe.each([
  [
    'connection',
    deleteConnection,
    124,
    'DeleteConnection',
    'ERP connection 124 "Visma Net" of connector 17, which is active',
  ],
  ['connector', deleteConnector, 17, 'DeleteErpSyncConnectorEntity', 'connector 17 "Visma" at plugin://x'],
] as const)('a %s', (_, command, id, operation, words) => {
  test('when its id is typed then it is deleted, after it was told what it is', async () => {
    const { ended, told, operations } = await typing(command, id, String(id));
    expect(ended).toBe('done');
    expect(told[0]).toContain(words);
    expect(operations.filter((name) => name === operation)).toHaveLength(1);
  });

  test.each(['', 'y', 'yes', '12', 'Visma'])('when %j is typed then it is not', async (typed) => {
    const { ended, operations } = await typing(command, id, typed);
    expect(ended).toBe('usage');
    expect(operations).not.toContain(operation);
  });
});
