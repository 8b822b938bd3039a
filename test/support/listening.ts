/** Servers of one test. */
import type { Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Has a server listen on a free port of loopback until the test ends; every connection ends with it.
 *
 * @returns the port
 */
export async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
