/** The REST paths that the sandbox knows. */
import type { OperationName } from '../agent/contract.ts';
import { restPath } from '../agent/wire-json.ts';
import { operationNames } from './operations.ts';

/** Where a path leads. */
type Route =
  | { readonly kind: 'version'; readonly methods: readonly string[] }
  | { readonly kind: 'principal'; readonly methods: readonly string[] }
  | { readonly kind: 'operation'; readonly methods: readonly string[]; readonly name: OperationName };

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/api', { kind: 'version', methods: ['GET'] }],
  ['/api/v1/user/currentprincipal', { kind: 'principal', methods: ['GET'] }],
  ...operationNames.map((name): [string, Route] => [
    restPath(name).toLowerCase(),
    { kind: 'operation', methods: ['GET', 'POST'], name },
  ]),
]);

/** Finds the route of a path as sent; like ASP.NET it is blind to case and to one slash at the end. */
export function routeOf(path: string): Route | undefined {
  const decoded = percentDecoded(path);
  return decoded === undefined ? undefined : routes.get(decoded.toLowerCase().replace(/(?<=.)\/$/, ''));
}

function percentDecoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
