import { describe, expect, test } from 'vitest';
import { machine } from '../support/program.ts';
import { activeConnection, noContent, wireServer } from '../support/wire-server.ts';

const basic = ['--auth', 'basic', '--username', 'tje0'];
const password = { ERPSYNC_PASSWORD: 'Tje0' };

describe('the main job', () => {
  test('when two ids are given then one request goes out, byte for byte as documented', async () => {
    const server = await wireServer((request) =>
      request.includes('GetConnection') ? activeConnection : noContent,
    );
    const { run } = machine();
    const { exitCode, stdout } = await run(
      ['force-resync', '--connection', '124', '--ids', '100,959', '--url', server.url, ...basic],
      { env: password },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'Queued on the server, not yet synced: 2 keys in 1 request, from ERP connection 124 "Visma Net" to all other connections and SuperOffice.\n',
    );
    const sent = server.requests.filter((request) => request.includes('ForceResyncBatchTask'));
    expect(sent).toEqual([
      [
        'POST /api/v1/Agents/ErpSync/ForceResyncBatchTask HTTP/1.1',
        `host: 127.0.0.1:${server.port}`,
        'connection: keep-alive',
        'Authorization: Basic dGplMDpUamUw',
        'Accept: application/json',
        'Accept-Language: en',
        'Content-Type: application/json; charset=utf-8',
        `User-Agent: erpsync/0.1.0 (node ${process.versions.node}; ${process.platform})`,
        'content-length: 50',
        '',
        '{"ErpConnectionId":124,"InternalKeyIds":[100,959]}',
      ].join('\r\n'),
    ]);
  });
});
