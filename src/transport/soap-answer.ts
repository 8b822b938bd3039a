/** What a SOAP answer says: the result of its operation, or a failure. */
import type { OperationName } from '../agent/contract.ts';
import { WireValueError } from '../agent/wire-json.ts';
import { isNillable, responseLayout, type ServicesVersion, serviceNamespace } from '../agent/wire-xml.ts';
import { readXml, XmlError } from '../agent/xml-document.ts';
import { type XmlElement, XmlValueReader } from '../agent/xml-reader.ts';
import { type Reading, withVerdict } from './outcome.ts';
import { isEnvelopeNamespace } from './soap-envelope.ts';
import { failureInFault, failureInHeader, ToldElements } from './soap-failure.ts';

/** Reads the body of an answer. An absent `Succeeded` is fine, and so is an answer in either version of SOAP. */
export function readSoapAnswer(name: OperationName, body: Uint8Array, services: ServicesVersion): Reading {
  if (isBlank(body)) return { kind: 'empty' };
  const answer = new AnswerReader(name, services);
  try {
    readXml(body, answer);
    return answer.reading();
  } catch (error) {
    if (error instanceof XmlError) return { kind: 'unreadable', problem: `it is not XML: ${error.message}` };
    if (error instanceof WireValueError) return { kind: 'unreadable', problem: error.message };
    throw error;
  }
}

/** Nothing but blanks, behind a byte order mark perhaps. */
function isBlank(body: Uint8Array): boolean {
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  return body.subarray(start).every((byte) => byte <= 0x20);
}

/** Who is told of what stands in an element. */
interface Listener {
  open(element: XmlElement): void;
  text(text: string): void;
  close(): void;
}

/** Sorts the parts of an envelope: header blocks, a fault, the response element, and what is none of these. */
class AnswerReader {
  readonly #name: OperationName;
  readonly #services: ServicesVersion;
  readonly #blocks = new ToldElements();
  readonly #faults = new ToldElements();
  /** The elements of the envelope itself that are open: at most Envelope, then Header or Body. */
  readonly #outer: string[] = [];
  /** Who is told of the element below Header or Body that is open, and how deep it is by now. */
  #inner: { readonly listener: Listener | undefined; depth: number } | undefined;
  #result: XmlValueReader | undefined;
  #isEnvelope = false;
  /** What else stands in the body. */
  #strange: string | undefined;

  constructor(name: OperationName, services: ServicesVersion) {
    this.#name = name;
    this.#services = services;
  }

  open(element: XmlElement): void {
    if (this.#inner) {
      this.#inner.depth++;
      this.#inner.listener?.open(element);
      return;
    }
    const { local, uri } = element;
    const place = this.#outer.join('/');
    const isEnvelopes = isEnvelopeNamespace(uri);
    if (place === '' && isEnvelopes && local === 'Envelope') this.#isEnvelope = true;
    const goesOn = place === '' || (place === 'Envelope' && isEnvelopes && /^(?:Header|Body)$/.test(local));
    if (goesOn) this.#outer.push(local);
    else this.#inner = { listener: this.#listenerFor(place, element), depth: 0 };
  }

  text(text: string): void {
    this.#inner?.listener?.text(text);
  }

  close(): void {
    if (this.#inner === undefined) {
      this.#outer.pop();
      return;
    }
    const { listener, depth } = this.#inner;
    // The response element is closed with the document; whoever reads its members knows nothing of it.
    if (depth > 0 || listener !== this.#result) listener?.close();
    if (depth === 0) this.#inner = undefined;
    else this.#inner.depth--;
  }

  reading(): Reading {
    if (!this.#isEnvelope) return { kind: 'unreadable', problem: 'it is no SOAP envelope' };
    const [fault] = this.#faults.all;
    const failure = fault === undefined ? failureInHeader(this.#blocks.all) : failureInFault(fault);
    if (failure !== undefined) return { kind: 'refusal', ...failure };
    if (this.#result === undefined) {
      const what = this.#strange === undefined ? 'nothing' : `"${this.#strange}"`;
      const problem = `its body holds ${what} where the answer of ${this.#name} is due`;
      return { kind: 'unreadable', problem };
    }
    return this.#readingOf(this.#result.values);
  }

  #readingOf(values: Readonly<Record<string, unknown>>): Reading {
    const { members, result } = responseLayout(this.#name, this.#services);
    const [first] = members;
    if (first === undefined) return { kind: 'empty' };
    if (result === undefined) return { kind: 'value', value: values };
    const value = values[result];
    if (value === undefined) return { kind: 'empty', whole: true };
    if (value !== null) return withVerdict(this.#name, value);
    if (isNillable(first[1])) return { kind: 'null' };
    return { kind: 'unreadable', problem: `answer.${result} is nil` };
  }

  #listenerFor(place: string, element: XmlElement): Listener | undefined {
    if (place === 'Envelope/Header') {
      this.#blocks.open(element);
      return this.#blocks;
    }
    if (place !== 'Envelope/Body') return undefined;
    const { local, uri } = element;
    if (isEnvelopeNamespace(uri) && local === 'Fault') {
      this.#faults.open(element);
      return this.#faults;
    }
    const { element: expected, members } = responseLayout(this.#name, this.#services);
    const isResponse = local === expected && uri === serviceNamespace(this.#services);
    if (!isResponse || this.#result !== undefined) {
      this.#strange ??= local;
      return undefined;
    }
    this.#result = new XmlValueReader('answer', members, { version: this.#services, how: 'lenient' });
    return this.#result;
  }
}
