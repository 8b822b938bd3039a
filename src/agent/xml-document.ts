/** Reads XML as a stream of events, refusing what can do harm: document types, entities of its own, great depth. */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { XmlElement } from './xml-reader.ts';

/** Text that is no XML, or XML that is not read here. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** What is told of a document, in its order. What these throw ends the reading. */
export interface XmlListener {
  open(element: XmlElement): void;
  /** A piece of the text of an element; it may come in several. */
  text(text: string): void;
  close(): void;
}

/** No message of the contract nests deeper than this by far. */
const deepest = 64;
/** Bytes are decoded and parsed in pieces of this size, so that no second copy of the whole is made. */
const pieceSize = 64 * 1024;

/**
 * Reads a whole document.
 *
 * @throws XmlError for what is not well-formed, for document types and unknown entities, for text that is not in
 *   UTF-8 (or in UTF-16 with a byte order mark), and beyond 64 levels
 */
export function readXml(bytes: Uint8Array, listener: XmlListener): void {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  parser.on('error', (error) => {
    throw new XmlError(error.message);
  });
  parser.on('doctype', () => {
    throw new XmlError('it has a document type');
  });
  parser.on('xmldecl', ({ encoding }) => {
    const known = encoding === undefined || /^(?:utf-8|utf-16|us-ascii)$/i.test(encoding);
    if (!known) throw new XmlError(`its encoding is ${encoding}`);
  });
  parser.on('opentag', (tag) => {
    if (++depth > deepest) throw new XmlError(`it nests deeper than ${deepest} levels`);
    listener.open(elementOf(tag));
  });
  parser.on('text', (text) => {
    if (depth > 0) listener.text(text);
  });
  parser.on('cdata', (text) => listener.text(text));
  parser.on('closetag', () => {
    depth--;
    listener.close();
  });
  const decoder = new TextDecoder(encodingOf(bytes), { fatal: true });
  for (let at = 0; at < bytes.length; at += pieceSize) {
    parser.write(decoded(decoder, bytes.subarray(at, at + pieceSize)));
  }
  parser.write(decoded(decoder)).close();
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece?: Uint8Array): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw new XmlError(`it is not ${decoder.encoding.toUpperCase()}`);
  }
}

/** UTF-16 shows by its byte order mark; everything else has to be UTF-8. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

const none: XmlElement['attributes'] = [];

function elementOf({ local, uri, attributes }: SaxesTagNS): XmlElement {
  const given = Object.values(attributes);
  return { local, uri, attributes: given.length === 0 ? none : given };
}
