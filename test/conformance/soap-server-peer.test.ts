/** An independent SOAP server, made from the same WSDLs, reads from our requests what was meant. */
import { createServer } from 'node:http';
import { listen } from 'soap';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AgentName, type ArgumentsOf, agentOf, operationNamed } from '../../src/agent/contract.ts';
import { isIn, soapPath } from '../../src/agent/wire-xml.ts';
import { serviceAt } from '../../src/sandbox/soap-routes.ts';
import { wsdlOf } from '../../src/sandbox/wsdl.ts';
import { operationArguments } from '../unit/sandbox/operation-arguments.ts';
import { meant } from '../unit/sandbox/soap-values-of-node.ts';
import { agentFor } from './agent.ts';

type Called = keyof typeof operationArguments;

const called = (Object.keys(operationArguments) as Called[]).filter((name) => agentOf(name) !== 'Archive');
const calls = ([86, 88] as const).flatMap((version) =>
  called.filter((name) => isIn(name, version)).map((name) => [name, version] as const),
);

/** A server of the npm library `soap` for one service; it keeps the arguments of the calls that it understood. */
async function peer(agent: AgentName, path: string) {
  const received: { readonly name: string; readonly given: Readonly<Record<string, unknown>> | null }[] = [];
  const service = serviceAt(path);
  if (service === undefined) throw new Error('no service');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const operations = service.operations.map((name) => [
    name,
    (given: Readonly<Record<string, unknown>> | null) => {
      received.push({ name, given });
      return {};
    },
  ]);
  const ports = { [`BasicHttpBinding_${agent}`]: Object.fromEntries(operations) };
  listen(server, path, { [`Wcf${agent}Service`]: ports }, wsdlOf(service, url + path));
  return { url, received };
}

describe('a server made from the WSDL', () => {
  test.each(calls)(
    'when %s of Services%i is called then it understands what was meant',
    async (name, version) => {
      const server = await peer(agentOf(name), soapPath(name, version));
      const values: Readonly<Record<string, unknown>> = operationArguments[name];
      const { client } = agentFor(server.url, { services: version });
      // Its answers hold no results; what they are taken for is no matter here.
      await client.transport.call(name, values as ArgumentsOf<typeof name>);
      const [call] = server.received;
      expect(call?.name).toBe(name);
      for (const [parameter, type] of Object.entries(operationNamed(name).parameters)) {
        const understood = meant(type, call?.given?.[parameter], 'soap', version);
        expect([parameter, understood]).toEqual([parameter, meant(type, values[parameter], 'json', version)]);
      }
    },
  );
});
