/**
 * The ERP connections of a server as they were last listed, kept for the completion of their ids and names, which asks
 * nobody. They may be long out of date: nothing else may read them.
 */
import { type KeptPlace, keepAnswer, keptAnswer } from './kept-answer.ts';
import { isMembers, own } from './profile.ts';

/** What is kept of a connection. */
export interface KeptConnection {
  readonly id: number;
  readonly name: string;
}

const schemaVersion = 1;

/** Keeps the connections of a server in place of those that were kept. Without effect where that is not possible. */
export function keepConnections(
  place: KeptPlace,
  server: string,
  connections: readonly KeptConnection[],
): void {
  keepAnswer(place, 'connections', server, `${JSON.stringify({ schemaVersion, connections })}\n`);
}

/** The connections that are kept of a server; none where a file is not safe or not of this shape. */
export function keptConnections(place: KeptPlace, server: string): readonly KeptConnection[] {
  const text = keptAnswer(place, 'connections', server)?.text;
  if (text === undefined) return [];
  try {
    const members: unknown = JSON.parse(text);
    if (!isMembers(members) || own(members, 'schemaVersion') !== schemaVersion) return [];
    const connections = own(members, 'connections');
    return Array.isArray(connections) ? connections.filter(isKeptConnection) : [];
  } catch {
    return [];
  }
}

function isKeptConnection(value: unknown): value is KeptConnection {
  if (!isMembers(value)) return false;
  return Number.isInteger(own(value, 'id')) && typeof own(value, 'name') === 'string';
}
