/**
 * Every command against a server that answers anything: it ends in time, with an exit code that says what happened and
 * is never that of a bug; nothing of the answer steers the terminal; and a resync is accepted only where the server
 * has said so.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSigningKey } from '../../src/sandbox/signing-key.ts';
import { expectSafeOutput } from '../support/expectations.ts';
import { hostileAnswer, hostileBodies, hostileHeads } from '../support/hostile-answers.ts';
import { machineHere } from '../support/in-process.ts';
import { jsonAnswer, type WireServer, wireServer } from '../support/wire-server.ts';

/** Within this time everything ends (ms); the commands' own limit is below it. */
const patience = 30_000;

const batch = 'force-resync --from-crm --ids 100,959';
const commands = [
  batch,
  'force-resync --connection 124 --ids 100,959',
  'force-resync --from-crm --ids 1 --mode direct',
  'force-resync --from-crm --company 12',
  'connections list',
  'connections get 124',
  'connections summary 124',
  'connections test 124',
  'connectors list',
  'mappings get --connection 124 --actor-type Customer',
  'links values --company 959',
  'keys list --connection 124',
  'keys resolve --company 959',
  'tasks list --all',
  'tasks show 70',
  'log --limit 5',
  'engine status',
  'call GetAllConnectors',
  'call GetConnectionsAndDisplayFields -F CrmActorType=Contact -F CrmKey=1',
  'api /api/v1/User/currentPrincipal',
  'api /api/v1/Agents/ErpSync/GetConnection -F ErpConnectionId=124',
  'doctor',
] as const;

const ways = [
  '',
  '-o json',
  '-o ndjson',
  '-vv',
  '--transport soap',
  '--transport soap -vv',
  '--services auto',
] as const;

async function ended<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not end')), patience);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** An answer, whether the connection is closed behind it, and how the command is run. */
const cases = fc.record({
  head: hostileHeads,
  body: hostileBodies,
  closes: fc.constantFrom(true, true, true, false),
  way: fc.constantFrom(...ways),
});
const limits = ['--timeout', '400ms', '--retries', '0'];
const quiet = { NO_COLOR: '1', CI: '1' };

function answered(socket: Socket, bytes: Buffer, closes: boolean): void {
  if (closes) socket.end(bytes);
  else socket.write(bytes);
}

describe.each(commands)('%s', (command) => {
  test('when the answers are anything then it ends truthfully', { timeout: 120_000 }, async () => {
    let [bytes, isLast]: [Buffer, boolean] = [Buffer.alloc(0), true];
    const server = await wireServer(() => (socket) => answered(socket, bytes, isLast));
    const user = machineHere();
    const login = { ERPSYNC_PASSWORD: 'Tje0', ERPSYNC_USERNAME: 'tje0', ERPSYNC_URL: server.url };
    await fc.assert(
      fc.asyncProperty(cases, async ({ head, body, closes, way }) => {
        [bytes, isLast] = [hostileAnswer(head, body), closes];
        const args = [...`${command} ${way}`.trim().split(' '), ...limits];
        const finished = await ended(
          user.run(args, { env: { ...login, ...quiet }, terminal: { columns: 10_000 } }),
        );
        expectSafeOutput(finished);
        if (way === '-o json') JSON.parse(finished.stdout);
        if (finished.exitCode !== 0) return;
        if (!command.startsWith('api')) expect(head.status).toBeLessThan(300);
        // A batch task has no result: over REST anything that says more than nothing is none of its answers.
        if (command === batch && !way.includes('soap')) {
          const told = head.framing === 'short' ? body.subarray(0, -1) : body;
          expect(head.status === 204 || told.toString('utf8').trim() === '').toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('the login of a system user', () => {
  const key = createSigningKey();
  const claim = (name: string): string => `http://schemes.superoffice.net/identity/${name}`;
  const claims = (): Readonly<Record<string, unknown>> => ({
    iss: 'SuperOffice AS',
    aud: 'spn:77',
    [claim('serial')]: '77',
    [claim('ctx')]: 'Cust12345',
    [claim('ticket')]: '7T:fromJwt',
    exp: Math.floor(Date.now() / 1_000) + 300,
  });
  const parts = ['/api/state/', '/PartnerSystemUser', '/jwks', 'GetEngineStatus'] as const;

  test.each(parts)('when %s answers anything then it ends truthfully', { timeout: 120_000 }, async (part) => {
    let [bytes, isLast, token]: [Buffer, boolean, string] = [Buffer.alloc(0), true, ''];
    let isHostile = false;
    const right = (request: string): string => {
      if (request.includes('/api/state/')) {
        const served = { ContextIdentifier: 'Cust12345', Endpoint: server.url, Api: `${server.url}/api` };
        return jsonAnswer(200, { ...served, State: 'Running', IsRunning: true });
      }
      if (request.includes('/PartnerSystemUser'))
        return jsonAnswer(200, { IsSuccessful: true, Token: token });
      return jsonAnswer(200, request.includes('/jwks') ? key.keySet() : { IsRunning: true });
    };
    const server: WireServer = await wireServer((request) => (socket) => {
      const [line = ''] = request.split('\r\n', 1);
      if (isHostile && line.includes(part)) answered(socket, bytes, isLast);
      else socket.write(right(line));
    });
    const { privateKey, publicKey: _ } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const secrets = {
      ERPSYNC_SYSTEM_USER_TOKEN: 'App-abc',
      ERPSYNC_PRIVATE_KEY: privateKey,
      ERPSYNC_APP_TOKEN: 'app-secret',
    };
    const place = ['--tenant', 'Cust12345', '--online-url', server.url, '--auth', 'system-user'];
    const line = ['engine', 'status', ...place, ...limits];
    const options = { env: { ...secrets, ...quiet }, terminal: { columns: 10_000 } };
    token = key.token(claims());
    expect(await machineHere().run(line, options)).toMatchObject({ exitCode: 0, stderr: '' });
    isHostile = true;
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.dictionary(fc.constantFrom(...Object.keys(claims())), fc.jsonValue(), { noNullPrototype: true }),
        async ({ head, body, closes, way }, changed) => {
          [bytes, isLast] = [hostileAnswer(head, body), closes];
          token = key.token({ ...claims(), ...(part === '/jwks' ? changed : {}) });
          const args = [...line, ...(way === '-vv' ? [way] : [])];
          const finished = await ended(machineHere().run(args, options));
          expectSafeOutput(finished);
          expect(finished.stdout + finished.stderr).not.toContain('7T:fromJwt');
          if (finished.exitCode === 0) expect(head.status).toBeLessThan(300);
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('when a proxy answers anything then nothing is taken for an answer of the server', {
  timeout: 120_000,
}, async () => {
  let [bytes, isLast]: [Buffer, boolean] = [Buffer.alloc(0), true];
  const proxy = await wireServer(() => (socket) => answered(socket, bytes, isLast));
  const place = ['--url', 'https://crm.example.com', '--auth', 'none', '--proxy', proxy.url];
  await fc.assert(
    fc.asyncProperty(cases, async ({ head, body, closes }) => {
      [bytes, isLast] = [hostileAnswer(head, body), closes];
      const args = ['engine', 'status', ...place, ...limits, '-vv'];
      const finished = await ended(machineHere().run(args, { env: quiet, terminal: { columns: 10_000 } }));
      expectSafeOutput(finished);
      expect([3, 7, 9]).toContain(finished.exitCode);
    }),
    { numRuns: 60 },
  );
});
