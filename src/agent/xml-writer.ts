/**
 * Values of the contract as XML. Prefixes are declared where a document begins: `n` for the service, `a` for arrays,
 * `i` for `nil`.
 */
import { type ArgumentsOf, type OperationName, operationNamed } from './contract.ts';
import { formatIso, parseTimeSpan } from './timespan.ts';
import { readJson, WireValueError } from './wire-json.ts';
import type { AnyWireType, WireType } from './wire-types.ts';
import { elementName, isPlain, membersIn, type ServicesVersion, stringPair } from './wire-xml.ts';

/** What XML 1.0 cannot carry, not even escaped: control characters, halves of pairs, U+FFFE and U+FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML names them
const uncarriable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** A text that XML cannot carry, so that nothing was sent; its path says where it stands. */
export class UncarriableTextError extends WireValueError {}

/** Text as it stands between tags. A carriage return would come out as a line feed otherwise. */
function escaped(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/**
 * An operation's request element: every parameter, in the order of the contract.
 *
 * @throws WireValueError when an argument is missing or is not what the contract says; UncarriableTextError for
 *   one that XML cannot carry
 */
export function writeRequest<N extends OperationName>(
  name: N,
  given: ArgumentsOf<N>,
  version: ServicesVersion,
): string {
  const values = new Map<string, unknown>(Object.entries(given));
  const parameters = Object.entries(operationNamed(name).parameters).map(([parameter, type]) => {
    const path = `${name}.${parameter}`;
    const value = values.get(parameter);
    if (value === undefined) throw new WireValueError(path, 'is missing');
    return member(parameter, type, readJson(type, value, path, 'strict'), { path, version });
  });
  return `<n:${name}>${parameters.join('')}</n:${name}>`;
}

interface Place {
  readonly path: string;
  readonly version: ServicesVersion;
}

/** A member under its name, in the namespace of the service. */
function member(name: string, type: WireType, value: unknown, place: Place): string {
  return element(`n:${name}`, type, value, place);
}

function element(tag: string, wireType: WireType, value: unknown, place: Place): string {
  if (value === null || value === undefined) return `<${tag} i:nil="true"/>`;
  const content = contentOf(wireType as AnyWireType, value, place);
  return content === '' ? `<${tag}/>` : `<${tag}>${content}</${tag}>`;
}

function contentOf(type: AnyWireType, value: unknown, { path, version }: Place): string {
  switch (type.kind) {
    case 'list': {
      const tag = `${isPlain(type.element) ? 'a' : 'n'}:${elementName(type.element)}`;
      return (value as readonly unknown[])
        .map((each, index) => element(tag, type.element, each, { path: `${path}[${index}]`, version }))
        .join('');
    }
    case 'stringMap':
      return pairs(stringPair, textType, value, { path, version });
    case 'dictionary':
      return pairs(type.pair, type.value, value, { path, version });
    case 'carrier': {
      const values = value as Readonly<Record<string, unknown>>;
      return membersIn(type, version)
        .flatMap(([name, each]) => {
          const given = values[name];
          // What is not given stands for null: a value type has none, and is left out.
          if (given === undefined) return [];
          return [member(name, each, given, { path: `${path}.${name}`, version })];
        })
        .join('');
    }
    case 'lazy':
      return contentOf(type.resolve(), value, { path, version });
    case 'duration': {
      const ms = parseTimeSpan(String(value));
      if (ms === undefined) throw new WireValueError(path, 'is no duration, such as 00:15:00 or PT15M');
      return formatIso(ms);
    }
    default:
      return xmlText(String(value), path);
  }
}

const textType = { kind: 'string' } as const;

function pairs(tag: string, type: WireType, value: unknown, { path, version }: Place): string {
  return Object.entries(value as object)
    .map(([key, each]) => {
      const content = member('Value', type, each, { path: `${path}.${key}`, version });
      return `<n:${tag}><n:Key>${xmlText(key, path)}</n:Key>${content}</n:${tag}>`;
    })
    .join('');
}

/**
 * Text as it stands between tags.
 *
 * @throws UncarriableTextError with the path of a text that XML cannot carry
 */
export function xmlText(value: string, path: string): string {
  const bad = uncarriable.exec(value)?.[0];
  if (bad === undefined) return escaped(value);
  const code = bad.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new UncarriableTextError(path, `the character U+${code} cannot be carried by SOAP`);
}
