/** An independent SOAP client, made from the sandbox's own WSDLs, gets from every operation what REST answers. */
import { type Client, createClientAsync } from 'soap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AgentName,
  agentOf,
  agents,
  type OperationName,
  operationNamed,
} from '../../../src/agent/contract.ts';
import { encodeJsonRequest } from '../../../src/agent/wire-json.ts';
import { operationNames } from '../../../src/sandbox/operations.ts';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { operationArguments } from './operation-arguments.ts';
import { admin, open } from './sandbox-fixture.ts';
import { credentials, namespaceOf } from './soap-fixture.ts';
import { given, meant } from './soap-values-of-node.ts';

const versions = [86, 87, 88] as const;
type Version = (typeof versions)[number];
type Called = keyof typeof operationArguments;

let published: RunningSandbox;
const clients = new Map<string, Client>();
beforeAll(async () => {
  published = await startSandbox({ host: '127.0.0.1', port: 0 });
  for (const version of versions) {
    for (const agent of Object.keys(agents)) {
      const url = `${published.url}/remote/services${version}/${agent.toLowerCase()}.svc?wsdl`;
      clients.set(`${version}/${agent}`, await createClientAsync(url));
    }
  }
});
afterAll(() => published.close());

/** What the library hands over: the body, its text, the header blocks. */
interface NodeAnswer {
  readonly body: unknown;
  readonly header: Readonly<Record<string, unknown>>;
}

async function ask(
  url: string,
  version: Version,
  agent: AgentName,
  name: string,
  parameters: unknown,
): Promise<NodeAnswer> {
  const client = clients.get(`${version}/${agent}`);
  if (client === undefined) throw new Error('no client');
  client.setEndpoint(`${url}/Remote/Services${version}/${agent}.svc`);
  client.clearSoapHeaders();
  const block = credentials.replaceAll('n:', 'tns:');
  if (agent !== 'SoPrincipal') client.addSoapHeader(block, '', 'tns', namespaceOf(version));
  const method = client[`${name}Async`] as (given: unknown) => Promise<unknown[]>;
  const [body, , header] = await method(parameters);
  return { body, header: header as NodeAnswer['header'] };
}

const calls = versions.flatMap((version) =>
  (Object.keys(operationArguments) as Called[])
    .filter((name) => operationNames.some((answered) => answered === name))
    .filter((name) => version >= (operationNamed(name).since ?? 86))
    .map((name) => [name, version] as const),
);

describe('every operation that the sandbox answers', () => {
  test('when the WSDLs are counted then 86 and 87 have 44 and 11, 88 has 49 and 15', () => {
    const count = (version: Version, agent: AgentName) =>
      calls.filter(([name, one]) => one === version && name in agents[agent]).length;
    expect(versions.map((version) => count(version, 'ErpSync'))).toEqual([44, 44, 49]);
    expect(versions.map((version) => count(version, 'Batch'))).toEqual([11, 11, 15]);
    for (const version of versions) {
      for (const agent of ['ErpSync', 'Batch'] as const) {
        const described = clients.get(`${version}/${agent}`)?.describe() as Record<
          string,
          Record<string, object>
        >;
        const [service] = Object.values(described);
        const [port] = Object.values(service ?? {});
        const known = calls.filter(([name, one]) => one === version && name in agents[agent]);
        expect(Object.keys(port ?? {}).sort()).toEqual(known.map(([name]) => name).sort());
      }
    }
  });

  test.each(calls)(
    'when %s of Services%i is called then the result is that of REST',
    async (name, version) => {
      const { parameters, result } = operationNamed(name);
      const values: Record<string, unknown> = operationArguments[name];
      const [overSoap, overRest] = [await open(), await open()];
      const elements = Object.entries(parameters).map(([key, type]) => [key, given(type, values[key])]);
      const agent = agentOf(name);
      const { body, header } = await ask(overSoap.url, version, agent, name, Object.fromEntries(elements));
      expect(header['Succeeded']).toBe('true');

      const request = encodeJsonRequest(name, values as never);
      const reply = await overRest.send(request.path, {
        method: 'POST',
        headers: { Authorization: admin, 'Content-Type': 'application/json' },
        body: request.body ?? '',
      });
      if (result.kind === 'nothing') {
        expect([body ?? null, reply.status]).toEqual([null, 204]);
      } else {
        expect(reply.status).toBe(200);
        const answered = (body as { Response?: unknown } | null)?.Response;
        expect(meant(result as never, answered, 'soap', version)).toEqual(
          meant(result as never, reply.json, 'json', version),
        );
      }
      expect(
        overSoap.logLines().map(({ operation, keys, outcome }) => ({ operation, keys, outcome })),
      ).toEqual(overRest.logLines().map(({ operation, keys, outcome }) => ({ operation, keys, outcome })));
    },
  );
});

describe('every operation of SoPrincipal', () => {
  const logins: readonly (readonly [OperationName, object, boolean])[] = [
    ['AuthenticateUsernamePassword', { UserName: 'tje0', Password: 'Tje0' }, true],
    ['AuthenticateUsernamePassword', { UserName: 'tje0', Password: 'tje0' }, false],
    ['AuthenticateWithAccessToken', { AccessToken: '8A:Cust00000.sandbox-token' }, true],
    ['AuthenticateImplicit', {}, false],
    [
      'AuthenticateGeneric',
      { AuthenticationData: { AuthenticationGenericDataKeyValuePair: [{ Key: 'a', Value: 'b' }] } },
      false,
    ],
  ];
  const rows = versions.flatMap((version) => logins.map((login) => [version, ...login] as const));

  test.each(rows)(
    'when Services%i is asked %s with %o then its success is %s',
    async (version, name, parameters, succeeds) => {
      const sandbox = await open();
      const { body, header } = await ask(sandbox.url, version, 'SoPrincipal', name, parameters);
      expect(header['Succeeded']).toBe('true');
      const answer = body as {
        AuthenticationSucceeded: boolean;
        Response: unknown;
        Credentials: { Ticket: string };
      };
      expect(answer.AuthenticationSucceeded).toBe(succeeds);
      if (!succeeds) return;
      expect(answer.Response).toMatchObject({ Associate: 'tje0', AssociateId: 5 });
      const headers = { Authorization: `SOTicket ${answer.Credentials.Ticket}` };
      expect((await sandbox.call('ErpSync/GetEngineStatus', null, headers)).status).toBe(200);
    },
  );

  test.each(versions)(
    'when Services%i is asked what it is then it says its version and licence',
    async (version) => {
      const { body } = await ask(published.url, version, 'SoPrincipal', 'GetSystemInfo', {});
      const { SystemInfo } = body as { SystemInfo: object };
      expect(SystemInfo).toMatchObject({
        AssemblyVersion: '12.4.1514.0',
        License: { SerialNr: '1234567890' },
      });
    },
  );
});
