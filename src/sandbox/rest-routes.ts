/** The REST paths that the sandbox knows. */
import type { OperationName } from '../agent/contract.ts';
import { restPath } from '../agent/wire-json.ts';
import { operationNames } from './operations.ts';

/** Where a path leads. */
type Route =
  | { readonly kind: 'version'; readonly methods: readonly string[] }
  | { readonly kind: 'principal'; readonly methods: readonly string[] }
  | { readonly kind: 'operation'; readonly methods: readonly string[]; readonly name: OperationName }
  | EntityRoute;

/** A path of the REST endpoints beside the agents. */
export interface EntityRoute {
  readonly kind: 'entity';
  readonly methods: readonly string[];
  readonly entity: EntityName;
  /** What the path names: an archive, a list, a task or a state; empty where it names nothing. */
  readonly name: string;
}
type EntityName =
  | 'archives'
  | 'archive'
  | 'archive columns'
  | 'lists'
  | 'list'
  | 'tasks'
  | 'task'
  | 'stop task';

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/api', { kind: 'version', methods: ['GET'] }],
  ['/api/v1/user/currentprincipal', { kind: 'principal', methods: ['GET'] }],
  ...operationNames.map((name): [string, Route] => [
    restPath(name).toLowerCase(),
    { kind: 'operation', methods: ['GET', 'POST'], name },
  ]),
]);

const entities: readonly (readonly [path: RegExp, entity: EntityName, methods: readonly string[]])[] = [
  [/^\/api\/v1\/archive$/i, 'archives', ['GET']],
  [/^\/api\/v1\/archive\/([^/$]+)$/i, 'archive', ['GET', 'POST']],
  // The documentation spells it in both ways.
  [/^\/api\/v1\/archive\/([^/$]+)\/?\$metadata$/i, 'archive columns', ['GET']],
  [/^\/api\/v1\/mdolist$/i, 'lists', ['GET']],
  [/^\/api\/v1\/mdolist\/([^/]+)$/i, 'list', ['GET']],
  [/^\/api\/v1\/batchtask$/i, 'tasks', ['GET', 'POST']],
  [/^\/api\/v1\/batchtask\/(\w+)$/i, 'task', ['GET', 'PUT', 'DELETE']],
  [/^\/api\/v1\/batchtask\/(\d+)\/stop$/i, 'stop task', ['POST']],
];

/** Finds the route of a path as sent; like ASP.NET it is blind to case and to one slash at the end. */
export function routeOf(path: string): Route | undefined {
  const decoded = percentDecoded(path);
  if (decoded === undefined) return undefined;
  const trimmed = decoded.replace(/(?<=.)\/$/, '');
  return routes.get(trimmed.toLowerCase()) ?? entityRoute(trimmed);
}

function entityRoute(path: string): EntityRoute | undefined {
  for (const [form, entity, methods] of entities) {
    const match = form.exec(path);
    if (match !== null) return { kind: 'entity', methods, entity, name: match[1] ?? '' };
  }
  return undefined;
}

function percentDecoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
