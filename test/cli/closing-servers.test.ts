/** Servers that close connections nobody uses: no request may end as unknown for that. */
import { describe, expect, test } from 'vitest';
import { runHere } from '../support/in-process.ts';
import { runLine } from '../support/resync-server.ts';
import { type Reaction, wireServer } from '../support/wire-server.ts';

const keptAlive = 'HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n';

/** Answers each request, and closes the connection after so many milliseconds more. */
const closing =
  (closeAfterMs: () => number): Reaction =>
  (socket) => {
    socket.write(keptAlive);
    const wait = closeAfterMs();
    if (wait === 0) socket.end();
    else setTimeout(() => socket.destroy(), wait);
  };

describe('a server that closes connections', () => {
  test.each([
    ['at once', () => 0],
    ['after a moment', () => 1],
    ['at random', () => Math.floor(Math.random() * 6)],
    ['after a second', () => 1_000],
  ])('when it does so %s then every request is accepted, and sent once', async (_, closeAfterMs) => {
    const server = await wireServer(() => closing(closeAfterMs));
    const { exitCode, stdout } = await runHere([...runLine(server.url, 200, '--retries', '0'), '-o', 'json']);
    expect([exitCode, JSON.parse(stdout).requests]).toMatchObject([
      0,
      { accepted: 200, unknown: 0, retries: 0 },
    ]);
    expect(server.requests.length).toBe(200);
  });
});
