/** The query string of an operation. */
import { type OperationName, operationNamed } from '../agent/contract.ts';
import { readSelection, type Selection } from './json-result.ts';

/** What a query says, or why it is refused. */
export type Query =
  | {
      readonly kind: 'query';
      readonly selection: Selection;
      /** The parameters that travel in the query, by contract name: the id of the two such operations. */
      readonly given: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'problem'; readonly problem: string };

/** The operations whose REST form has no `$select`. */
const withoutSelect: ReadonlySet<OperationName> = new Set<OperationName>([
  'CreateDefaultErpSyncConnectorEntity',
  'SaveErpSyncConnectorEntity',
  'DeleteErpSyncConnectorEntity',
]);

/** Reads a query strictly: nothing that the contract does not name, nothing twice. Names bind whatever their case. */
export function readQuery(name: OperationName, query: string | undefined): Query {
  const { parameters, rest } = operationNamed(name);
  const known = new Map(
    rest === 'query' ? Object.keys(parameters).map((parameter) => [parameter.toLowerCase(), parameter]) : [],
  );
  if (!withoutSelect.has(name)) known.set('$select', '$select');
  const found = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query ?? '')) {
    const parameter = known.get(key.toLowerCase());
    if (parameter === undefined)
      return problem(`${name}: the query parameter "${key.slice(0, 40)}" is not known`);
    if (found.has(parameter)) return problem(`${name}: the query parameter "${parameter}" is given twice`);
    found.set(parameter, value);
  }
  const selection = readSelection(found.get('$select'));
  found.delete('$select');
  const given = [...found].map(([parameter, text]) => [
    parameter,
    /^-?\d+$/.test(text) ? Number(text) : text,
  ]);
  return { kind: 'query', selection, given: Object.fromEntries(given) };
}

function problem(text: string): Query {
  return { kind: 'problem', problem: text };
}
