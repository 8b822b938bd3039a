/** Properties of one object that a server may take for the same one. */

/** Two of them, and where they stand. */
export interface Twins {
  /** The later one with its path: `Connection.active`. */
  readonly path: string;
  /** The name of the earlier one. */
  readonly first: string;
}

interface Open {
  readonly path: string;
  /** By lower case. Undefined for a list. */
  readonly names: Map<string, string> | undefined;
  /** Position in a list. */
  index: number;
  /** Name of the property whose value is read. */
  name: string;
}

/**
 * The first two properties of one object that are equal or differ only in case; `JSON.parse` keeps the
 * last of equal ones, and a server binds names in any case, so that a second, empty key list would
 * silently replace the first.
 *
 * @param text JSON: what JSON.parse takes
 */
export function twinProperties(text: string): Twins | undefined {
  const open: Open[] = [];
  const colonNext = /\s*:/y;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const inside = open.at(-1);
    if (character === '{' || character === '[') {
      const names = character === '{' ? new Map<string, string>() : undefined;
      open.push({ path: pathWithin(inside), names, index: 0, name: '' });
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ',' && inside) {
      inside.index++;
    } else if (character === '"') {
      const end = endOfText(text, at);
      colonNext.lastIndex = end + 1;
      if (inside?.names && colonNext.test(text)) {
        inside.name = String(JSON.parse(text.slice(at, end + 1)));
        const first = inside.names.get(inside.name.toLowerCase());
        if (first !== undefined) return { path: pathWithin(inside), first };
        inside.names.set(inside.name.toLowerCase(), inside.name);
      }
      at = end;
    }
  }
  return undefined;
}

function pathWithin(inside: Open | undefined): string {
  if (inside === undefined) return '';
  if (inside.names === undefined) return `${inside.path}[${inside.index}]`;
  return inside.path === '' ? inside.name : `${inside.path}.${inside.name}`;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
