import { readLiveConnector } from '../../agent/connectors.ts';
import { connectionFlags } from '../../cli/connection-flags.ts';
import { defineCommand } from '../../cli/define.ts';
import { optional, optionalArgument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { withSession } from '../../cli/with-session.ts';
import { excluding, missing } from '../../error-words.ts';
import { ErpsyncError, errorValue, exitCodes } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { connectorId } from './shown-connector.ts';

export default defineCommand({
  path: ['connectors', 'test'],
  summary: 'test whether a sync connector answers the server',
  effect: 'read',
  arguments: { id: optionalArgument(connectorId, 'the id of the connector') },
  flags: {
    connectorUrl: optional(text('url'), 'an address instead of an id, before a connector is made of it'),
    ...connectionFlags,
  },
  examples: [
    { run: 'erpsync connectors test 17', why: 'exit code 0 if it answers, 6 if it does not' },
    {
      run: 'erpsync connectors test --connector-url https://connector.example.com/new',
      why: 'whether a connector answers there',
    },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run({ id, connectorUrl, ...flags }, context) {
    if (id !== undefined && connectorUrl !== undefined)
      throw excluding(['<id>', '--connector-url'], 'one thing is tested at a time');
    if (id === undefined && connectorUrl === undefined)
      throw missing('<id>', 'what to test is not said', 'give the id of a connector, or --connector-url');
    return await withSession(context, flags, 'read', async ({ client }) => {
      const url = connectorUrl ?? (await readLiveConnector(client, id ?? 0)).URL ?? '';
      const code = await client.read('TestConnectorUrl', { Url: url });
      const works = code === 'NoError';
      const facts = { id: id ?? null, url, works, code };
      const look =
        id === undefined
          ? 'see those that there are: erpsync connectors list'
          : `see: erpsync connectors get ${id}`;
      if (works) return { ...facts, exitCode: exitCodes.ok, error: null };
      const error = new ErpsyncError('rejected', {
        what: `no connector answers the server at ${url}`,
        why: `the server says ${code}`,
        next: `check ${id === undefined ? 'the address' : 'its address'}, and whether the server reaches it; ${look}`,
      });
      return { ...facts, exitCode: error.exitCode, error: errorValue(error) };
    });
  },
  render: ({ url, works }) => (works ? printable(`The connector at ${url} answers.`) : ''),
});
