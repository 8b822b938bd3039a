/** Paths that stay below the base URL, however they are written. */
import { unusable } from '../error-words.ts';

/** A path that was checked. */
export interface RelativePath {
  /** As it is sent: begins with a slash, the query included. */
  readonly target: string;
  /** What a server may see in the path: its parts decoded, in lower case, without empty ones. */
  readonly segments: readonly string[];
}

/**
 * Checks a path. Blanks and letters beyond ASCII are encoded, everything else stays as it is.
 *
 * @throws ErpsyncError (usage) for an address of its own, for a path that climbs out of the base URL, also
 *   when that is encoded, and for characters that no path has
 */
export function relativePath(given: string): RelativePath {
  const shown = JSON.stringify(given.length > 80 ? `${given.slice(0, 80)}...` : given);
  const refuse = (problem: string, next: string): never => {
    throw unusable(`the path ${shown}`, `it ${problem}`, next);
  };
  const below = 'give a path below the url of the profile, such as /api/v1/User/currentPrincipal';
  if (/^\s*[a-z][a-z0-9+.-]*:/i.test(given)) refuse('is an address of its own', below);
  if (/^\s*[/\\]{2}/.test(given)) refuse('names a host', below);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these would end the request line
  if (/[\u0000-\u001f\u007f]/.test(given)) refuse('holds control characters', below);
  if (given.includes('#')) refuse('has a fragment', 'write # in it as %23');
  const [path = '', ...query] = given.split('?');
  if (path.includes('\\')) refuse('holds a backslash', 'write it with slashes');
  const encoded = encodeRest(path.startsWith('/') ? path : `/${path}`);
  const decoded = encoded === undefined ? undefined : fullyDecoded(encoded);
  if (encoded === undefined || decoded === undefined) {
    return refuse('is not encoded as a path is', 'write % in it as %25');
  }
  const parts = decoded.split(/[/\\]/).map((part) => (part.split(';', 1)[0] ?? '').trim());
  if (parts.some((part) => part === '.' || part === '..')) refuse('leaves the base URL', below);
  const tail = query.length === 0 ? '' : `?${query.join('?')}`;
  return {
    target: `${encoded}${encodeRest(tail) ?? refuse('is not well-formed text', below)}`,
    segments: parts.map(canonical).filter((part) => part !== ''),
  };
}

/** What is no part of a request line, percent-encoded; undefined for text that is not well-formed. */
function encodeRest(text: string): string | undefined {
  try {
    return text.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, (character) => encodeURIComponent(character));
  } catch {
    return undefined;
  }
}

/** Decoded until nothing is left to decode: proxies and servers decode more than once. */
function fullyDecoded(text: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  for (;;) {
    const next = decoded.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === decoded) return decoded;
    decoded = next;
  }
}

/** One form for what servers take for the same name. */
function canonical(part: string): string {
  return part
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[.\s]+$/, '');
}
