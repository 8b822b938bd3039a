/** A server that takes resyncs and remembers the keys, for tests of what is sent, left out and sent again. */
import type { Socket } from 'node:net';
import { noContent, type Reaction, wireServer } from './wire-server.ts';

export interface ResyncServer {
  readonly url: string;
  /** The keys of each request that came, in order; null for every record. */
  readonly requests: readonly (readonly number[])[];
  /** All keys that came, each as often as it came. */
  keys(): readonly number[];
  /** The sockets of requests that got no answer yet. */
  readonly waiting: readonly Socket[];
}

/** `react` is asked for each request by its keys and its number from 0; by default all is accepted. */
export async function resyncServer(
  react: (keys: readonly number[], index: number) => Reaction | 'wait' = () => noContent,
): Promise<ResyncServer> {
  const requests: number[][] = [];
  const waiting: Socket[] = [];
  const server = await wireServer((request) => {
    const body: unknown = JSON.parse(request.slice(request.indexOf('\r\n\r\n') + 4) || 'null');
    const given: unknown =
      body !== null && typeof body === 'object' ? Reflect.get(body, 'InternalKeyIds') : [];
    const keys = Array.isArray(given) ? given.map(Number) : [];
    const index = requests.push(keys) - 1;
    const reaction = react(keys, index);
    if (reaction !== 'wait') return reaction;
    return (socket) => void waiting.push(socket);
  });
  return { url: server.url, requests, waiting, keys: () => requests.flat() };
}

/** A run of so many keys, one in each request, against a server. */
export function runLine(url: string, keys: number, ...more: readonly string[]): readonly string[] {
  const flags = ['--no-check', '--auth', 'none', '--chunk-size', '1', '--rate', '0', ...more];
  return ['force-resync', '--from-crm', '--ids', `1-${keys}`, '--url', url, ...flags];
}
