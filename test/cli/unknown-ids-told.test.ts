/** Ids of ERP connections that the sandbox does not know: the same line over REST and SOAP, whatever reads them. */
import { expect, test } from 'vitest';
import { runHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';

const commandLines = [
  'connections get 999',
  'connections config-fields 999',
  'links values --connection 999 --actor-type Customer --erp-key C-10959',
  'mappings get --connection 999 --actor-type Customer',
  'mappings check --connection 999',
  'mappings lists --connection 999',
];

test('when an ERP connection is not known then each command says so in the same words', async () => {
  const { url, username, password } = await startSandbox(machine());
  const login = ['--url', url, '--username', username];
  for (const transport of ['rest', 'soap']) {
    for (const line of commandLines) {
      const { exitCode, stderr } = await runHere([...line.split(' '), ...login, '--transport', transport], {
        env: { ERPSYNC_PASSWORD: password },
      });
      expect([line, transport, exitCode, stderr]).toEqual([
        line,
        transport,
        6,
        'erpsync: there is no ERP connection 999: the server knows none with this id; see which there are: erpsync connections list\n',
      ]);
    }
  }
});
