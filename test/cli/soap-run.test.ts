/** A run over SOAP: what the services lack, and keys that XML cannot carry, are told as what they are. */
import { describe, expect, test } from 'vitest';
import { response, soapAnswer } from '../conformance/soap-answers.ts';
import { runHere } from '../support/in-process.ts';
import { wireServer } from '../support/wire-server.ts';

const done = (operation: string): string =>
  soapAnswer(200, response(operation, '<Response><IsOk>true</IsOk></Response>'));

async function resync(args: readonly string[], operation: string, input = '') {
  const server = await wireServer(() => done(operation));
  const line = ['force-resync', '--connection', '124', '--no-check', '-o', 'json', '--chunk-size', '2'];
  const address = ['--transport', 'soap', '--auth', 'none', '--url', server.url];
  const { exitCode, stdout } = await runHere([...line, ...address, ...args], { input });
  return { exitCode, result: JSON.parse(stdout), requests: server.requests };
}

describe('a run over SOAP', () => {
  test('when the services have the operation then its keys are sent', async () => {
    const { exitCode, requests } = await resync(
      ['--ids', '1-3', '--keep-non-blank'],
      'ForceResyncNoBlankValues',
    );
    expect([exitCode, requests.length]).toEqual([0, 2]);
    expect(requests[0]).toContain('<n:InternalKeyIds><a:int>1</a:int><a:int>2</a:int></n:InternalKeyIds>');
  });

  test('when the services lack the operation then nothing is sent, and what to do is told', async () => {
    const { exitCode, result, requests } = await resync(
      ['--ids', '1-3', '--keep-non-blank', '--services', '86'],
      'ForceResyncNoBlankValues',
    );
    expect([exitCode, requests.length]).toEqual([2, 0]);
    expect(result).toMatchObject({
      keys: { accepted: 0, unsent: 3, unknown: 0 },
      error: {
        code: 'usage',
        message:
          'ForceResyncNoBlankValues cannot be called over SOAP with --services 86: Services86 has no such operation',
      },
    });
  });

  test('when XML cannot carry a key then that one alone is rejected, once the rest is split from it', async () => {
    const { exitCode, result, requests } = await resync(
      ['--actor-type', 'Customer', '--external-keys-file', '-', '--split'],
      'ForceResyncExternal',
      'C1\nC\u0001\nC3\n',
    );
    expect([exitCode, requests.length]).toEqual([10, 2]);
    expect(result).toMatchObject({
      keys: { accepted: 2, rejected: 1, unsent: 0, unknown: 0 },
      error: { message: expect.stringContaining('the character U+0001 cannot be carried by SOAP') },
    });
  });
});
