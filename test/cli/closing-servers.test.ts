/** Servers that close connections nobody uses: no request may end as unknown for that. */
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runHere } from '../support/in-process.ts';
import { runLine } from '../support/resync-server.ts';

const keptAlive = 'HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n';

/** Answers each request, and closes the connection after so many milliseconds more. */
async function closingServer(closeAfterMs: () => number): Promise<{ url: string; requests(): number }> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const end = text.indexOf('\r\n\r\n');
      if (end === -1 || text.length < end + 4 + length) return;
      text = '';
      requests++;
      socket.write(keptAlive);
      const wait = closeAfterMs();
      if (wait === 0) socket.end();
      else setTimeout(() => socket.destroy(), wait);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests: () => requests };
}

describe('a server that closes connections', () => {
  test.each([
    ['at once', () => 0],
    ['after a moment', () => 1],
    ['at random', () => Math.floor(Math.random() * 6)],
    ['after a second', () => 1_000],
  ])('when it does so %s then every request is accepted, and sent once', async (_, closeAfterMs) => {
    const server = await closingServer(closeAfterMs);
    const { exitCode, stdout } = await runHere([...runLine(server.url, 200, '--retries', '0'), '-o', 'json']);
    expect([exitCode, JSON.parse(stdout).requests]).toMatchObject([
      0,
      { accepted: 200, unknown: 0, retries: 0 },
    ]);
    expect(server.requests()).toBe(200);
  });
});
