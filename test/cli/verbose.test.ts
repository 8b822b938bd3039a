/** -v and -vv: what travels, on stderr, for who asks for it. */
import { expect, test } from 'vitest';
import { runHere } from '../support/in-process.ts';
import { resyncServer, runLine } from '../support/resync-server.ts';
import { answer, noContent } from '../support/wire-server.ts';

test('when -v is given then each request is a line on stderr, retries too, and stdout is the result alone', async () => {
  const server = await resyncServer((_, index) =>
    index === 0 ? answer(503, '', { 'Retry-After': '0' }) : noContent,
  );
  const { exitCode, stdout, stderr } = await runHere([...runLine(server.url, 1), '-v', '-q', '-o', 'json']);
  expect([exitCode, JSON.parse(stdout).status]).toEqual([0, 'ok']);
  expect(stderr.split('\n').map((line) => line.replace(/\d+ ms/, '? ms').replace(server.url, ''))).toEqual([
    '#1 POST /api/v1/Agents/ErpSync/ForceResyncBatchTask: HTTP 503 in ? ms',
    '#2 POST /api/v1/Agents/ErpSync/ForceResyncBatchTask: HTTP 204 in ? ms',
    '',
  ]);
});

test('when -vv is given then head and body of request and answer are shown, without what would steer a terminal', async () => {
  const server = await resyncServer(() => answer(400, '{"Message":"no \u001b[31m"}'));
  const { stderr } = await runHere([...runLine(server.url, 1), '-vv']);
  expect(stderr).toContain('#1 > POST ');
  expect(stderr).toContain('#1 > {"ErpConnectionId":0,"InternalKeyIds":[1]}\n');
  expect(stderr).toContain('#1 < HTTP 400 in ');
  expect(stderr).toContain('#1 < {"Message":"no \\u001b[31m"}\n');
  expect(stderr).not.toContain('\u001b');
});

test('when no answer comes then that is shown, too', async () => {
  const server = await resyncServer(() => (socket) => socket.destroy());
  const { stderr } = await runHere([...runLine(server.url, 1, '--retries', '0'), '-vv']);
  expect(stderr).toMatch(/#1 < no answer in \d+ ms: the connection was/);
});
