/** Connections to a server that may move: it is looked for again where it no longer is. */
import { ErpsyncError } from '../errors.ts';
import type { Exchange, HttpConnections } from './http.ts';

/** A server that may move. */
export interface MovingServer {
  /** Base URL where it was last. */
  readonly baseUrl: string;
  /** Whether that was told just now, so that asking again after a failed connection would tell nothing new. */
  readonly fresh: boolean;
  connect(baseUrl: string): HttpConnections;
  /**
   * Asks where it is now.
   *
   * @throws ErpsyncError: `network` when nobody told, else why the server cannot be used
   */
  find(): Promise<string>;
  /** Milliseconds since some instant. */
  now(): number;
  /** When it aborts, nothing is asked any more. */
  readonly stop?: AbortSignal | undefined;
}

/** So long after it was asked, a failed connection is no reason to ask again where the server is (ms). */
const freshForMs = 30_000;

interface Place {
  readonly baseUrl: string;
  readonly connections: HttpConnections;
}

/**
 * Sends a request once more, at the new address, when the server has moved: it answers 421 (Misdirected Request) at
 * the old one, or is not reached there. Neither has done any of the work. All requests that were under way to the
 * old address ask once together.
 */
export function movingConnections(server: MovingServer): HttpConnections {
  const places: Place[] = [];
  const placeAt = (baseUrl: string): Place => {
    const place = { baseUrl, connections: server.connect(baseUrl) };
    places.push(place);
    return place;
  };
  let current = placeAt(server.baseUrl);
  let askedAt = server.fresh ? server.now() : Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const baseUrl = await server.find();
    askedAt = server.now();
    if (baseUrl !== current.baseUrl) current = placeAt(baseUrl);
  }

  function asked(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  return {
    async exchange(request) {
      const before = current;
      const result = await before.connections.exchange(request);
      const isMisdirected = result.kind === 'answer' && result.status === 421;
      const isUnreached = result.kind === 'failure' && !result.handedOver;
      if ((!isMisdirected && !isUnreached) || server.stop?.aborted) return result;
      if (current === before) {
        if (isUnreached && server.now() - askedAt < freshForMs) return result;
        try {
          await asked();
        } catch (error) {
          if (!(error instanceof ErpsyncError)) throw error;
          return error.code === 'network' ? result : asFailure(error);
        }
      }
      return current === before ? result : await current.connections.exchange(request);
    },
    addressOf: (path) => current.connections.addressOf(path),
    async close() {
      await Promise.all(places.map(({ connections }) => connections.close()));
    },
  };
}

/** What is known of the server is more than that it was not reached. */
function asFailure(error: ErpsyncError): Exchange {
  const { what, why = '', next = '' } = error;
  return { kind: 'failure', handedOver: false, what, why, next, cause: error };
}
