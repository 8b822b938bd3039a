/** How mappings are shown and given: the members of the wire under camelCase names. */
import type { Change } from '../../agent/member-merge.ts';
import { givenObject } from '../../agent/member-merge.ts';
import type { Context } from '../../cli/context.ts';
import { parseGivenJson, readGivenText } from '../../cli/given-text.ts';
import { usageError } from '../../errors.ts';

/** `ErpFieldId` as `erpFieldId`, all the way down. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      camelCased(member),
    ]),
  );
}

const envelope = ['schemaVersion', 'command', 'status', 'exitCode'];

/** What `--data` holds, without what `-o json` puts around it. @throws ErpsyncError (usage) */
export async function readGivenMapping(
  data: string,
  { host }: Context,
): Promise<Readonly<Record<string, unknown>>> {
  const file = data === '-' ? '-' : data.startsWith('@') ? data.slice(1) : undefined;
  if (file === '' || data === '@-') throw usageError('--data @ names no file', 'standard input is --data -');
  const text = file === undefined ? data : await readGivenText(file, () => host.stdin);
  const given = givenObject(parseGivenJson(text, '--data'), '--data');
  return Object.fromEntries(Object.entries(given).filter(([name]) => !envelope.includes(name)));
}

/** Changes as lines. */
export function changesInWords(changes: readonly Change[]): string {
  return changes
    .map(({ path, from, to }) => `${path}: ${JSON.stringify(from)} becomes ${JSON.stringify(to)}`)
    .join('\n');
}
