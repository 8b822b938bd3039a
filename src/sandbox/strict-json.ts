/** JSON as the sandbox takes it from a request: no property twice, no absurd depth. */

/** No carrier of the contract nests deeper than this by far. */
const depthLimit = 64;

/** A value, or what is wrong with the text; the text itself is never quoted. */
type StrictJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: string };

/**
 * Reads JSON text. `JSON.parse` keeps the last of two equal properties, so a second, empty key list
 * would silently replace the first; such a text is refused here.
 */
export function readStrictJson(bytes: Uint8Array): StrictJson {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'problem', problem: 'the body is not UTF-8' };
  }
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'problem', problem: 'the body is not JSON' };
  }
  const problem = structuralProblem(text);
  return problem === undefined ? { kind: 'value', value } : { kind: 'problem', problem };
}

/** Walks over text that is known to be JSON: a text before a colon is a property name. */
function structuralProblem(text: string): string | undefined {
  const open: Set<string>[] = [];
  const colonNext = /\s*:/y;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      open.push(new Set());
      if (open.length > depthLimit) return `the body nests deeper than ${depthLimit} levels`;
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfText(text, at);
      colonNext.lastIndex = end + 1;
      if (colonNext.test(text)) {
        const name: unknown = JSON.parse(text.slice(at, end + 1));
        const names = open.at(-1);
        if (typeof name === 'string' && names !== undefined) {
          if (names.has(name)) return `the body has the property "${name.slice(0, 40)}" twice`;
          names.add(name);
        }
      }
      at = end;
    }
  }
  return undefined;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
