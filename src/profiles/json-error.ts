type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end';

const blanks = /[\t\n\r ]*/y;
const token =
  /[{}[\],:]|"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where a text stops being JSON: line and column (both from 1) of the first token that does not fit,
 * or of the end of the text where something is missing there. Undefined for valid JSON.
 *
 * The position that JSON.parse puts in its message is not used: there is not always one, and the
 * message quotes the text, which may be a secret.
 */
export function jsonErrorPosition(
  text: string,
): { readonly line: number; readonly column: number } | undefined {
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return undefined;
  const before = text.slice(0, Math.min(offset, text.trimEnd().length));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function jsonErrorOffset(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    offset += match(blanks, text, offset).length;
    const found: string = match(token, text, offset);
    const complete: boolean = expected === 'comma or end' && open.length === 0;
    if (complete && offset === text.length) return undefined;
    const next: Expected | undefined = complete ? undefined : following(found, expected, open);
    if (next === undefined) return offset;
    expected = next;
    offset += found.length;
  }
}

/** What may follow once `found` stands where `expected` may stand; undefined where it may not. */
function following(found: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const container = open.at(-1);
  const first = found.charAt(0);
  if (first === '}' || first === ']') {
    const empty = first === '}' ? 'name or end' : 'value or end';
    if (container !== (first === '}' ? '{' : '[')) return undefined;
    if (expected !== 'comma or end' && expected !== empty) return undefined;
    open.pop();
    return 'comma or end';
  }
  if (first === ',') {
    if (expected !== 'comma or end') return undefined;
    return container === '{' ? 'name' : 'value';
  }
  if (first === ':') return expected === 'colon' ? 'value' : undefined;
  if (expected === 'name' || expected === 'name or end') return first === '"' ? 'colon' : undefined;
  if (first === '' || (expected !== 'value' && expected !== 'value or end')) return undefined;
  if (first !== '{' && first !== '[') return 'comma or end';
  open.push(first);
  return first === '{' ? 'name or end' : 'value or end';
}

function match(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}
