/** JSON of a server that nobody has checked against the contract. */

/** Deeper than any answer by far; what walks through values calls itself for each level. */
const deepest = 500;

/** What a text is as JSON; `too deep` is JSON as well, but nothing may walk through it. */
export type BoundedJson =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'too deep' }
  | { readonly kind: 'no json' };

/** Reads a text as JSON. */
export function readBoundedJson(text: string): BoundedJson {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(text) ? { kind: 'too deep' } : { kind: 'json', value };
  } catch {
    return { kind: 'no json' };
  }
}

/** Counts the brackets outside of texts. */
function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (isText) {
      if (sign === '\\') at++;
      else if (sign === '"') isText = false;
    } else if (sign === '"') isText = true;
    else if (sign === '[' || sign === '{') {
      if (++depth > deepest) return true;
    } else if (sign === ']' || sign === '}') depth--;
  }
  return false;
}
