/**
 * XML as the sandbox takes it from a request: a tree of elements by namespace and name. Prefixes mean nothing
 * here, but a namespace does: it tells a key from an element that a real server would skip.
 */
import { SaxesParser } from 'saxes';

/** An element with what matters of it. */
export interface XmlElement {
  /** Empty for none. */
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All text directly inside it, in one piece. */
  readonly text: string;
}

/** An attribute; declarations of namespaces are none. */
export interface XmlAttribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** The root of a document, or what is wrong with it; the document itself is never quoted. */
export type XmlDocument =
  | { readonly kind: 'root'; readonly root: XmlElement }
  | { readonly kind: 'problem'; readonly problem: string };

/** No envelope of the contract nests deeper than this by far. */
const depthLimit = 64;
/** An element takes more room in memory than in a body, which could be made of them alone. */
const elementLimit = 2_000_000;
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** What ends the reading; it never leaves this file. */
class Unreadable extends Error {}

type Open = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { readonly children: XmlElement[] };

/** Reads a document in UTF-8. One with a DTD, and so with entities of its own, is refused. */
export function readXmlDocument(bytes: Uint8Array): XmlDocument {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'problem', problem: 'the body is not UTF-8' };
  }
  try {
    return { kind: 'root', root: parse(text) };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'problem', problem: error.message };
    throw error;
  }
}

function parse(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const refuse = (problem: string): never => {
    throw new Unreadable(problem);
  };
  parser.on('error', () => refuse('the body is not well-formed XML'));
  parser.on('doctype', () => refuse('the body has a DTD'));
  parser.on('processinginstruction', () => refuse('the body has a processing instruction'));
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') refuse('the body is not UTF-8');
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    if (open.length >= depthLimit) refuse(`the body nests deeper than ${depthLimit} levels`);
    count++;
    if (count > elementLimit) refuse(`the body holds more than ${elementLimit} elements`);
    const own = Object.values(attributes).filter((attribute) => attribute.uri !== xmlnsNamespace);
    const element: Open = {
      namespace: uri,
      name: local,
      attributes: own.map((attribute) => ({
        namespace: attribute.uri,
        name: attribute.local,
        value: attribute.value,
      })),
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    root = open.pop();
  });
  const takeText = (text: string) => {
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += text;
  };
  parser.on('text', takeText);
  parser.on('cdata', takeText);
  parser.write(text).close();
  return root ?? refuse('the body holds no element');
}
