/** The bare connections of a server, which is all that a TLS server's own sockets cannot reach. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections that are open at this moment. */
interface OpenSockets {
  /** Resets the connection that a request came over, also below TLS. */
  reset(socket: Socket): void;
  /** Ends all of them at once, those too that have not spoken TLS yet. */
  destroyAll(): void;
}

/** Watches a server; from before it listens, so that no connection is missed. */
export function watchSockets(server: Server): OpenSockets {
  const open = new Map<string, Socket>();
  // Of a TLS server these are the connections below TLS.
  server.on('connection', (connection: Socket) => {
    const name = peerOf(connection);
    open.set(name, connection);
    connection.once('close', () => {
      if (open.get(name) === connection) open.delete(name);
    });
  });
  return {
    // What speaks TLS above it ends by itself; ending it here too would confuse Node's HTTP parser.
    reset: (socket) => (open.get(peerOf(socket)) ?? socket).resetAndDestroy(),
    destroyAll() {
      server.closeAllConnections();
      for (const connection of open.values()) connection.destroy();
    },
  };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
