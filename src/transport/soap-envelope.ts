/** Envelopes: what a request is put into, and what an answer is taken out of. */
import type { OperationName } from '../agent/contract.ts';
import { WireValueError } from '../agent/wire-json.ts';
import {
  arraysNamespace,
  instanceNamespace,
  isNillable,
  responseLayout,
  type ServicesVersion,
  serviceNamespace,
} from '../agent/wire-xml.ts';
import { readXml, XmlError } from '../agent/xml-document.ts';
import { type XmlElement, XmlValueReader } from '../agent/xml-reader.ts';
import { escapeXml } from '../agent/xml-writer.ts';
import { missingVerdict, type Reading, type RefusalReason } from './outcome.ts';
import type { SoapLogin } from './transport.ts';

/** The versions of SOAP. Every published WSDL says 1.1; a site can be configured for 1.2. */
export type SoapVersion = '1.1' | '1.2';

const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** The header blocks of a request. */
export interface SoapHeader extends SoapLogin {
  /** The zone of points in time: an id or a name that the server knows. */
  readonly timeZone: string | undefined;
}

/** A request's document around its operation element. Header blocks stand inside Header, in the service's namespace. */
export function soapEnvelope(
  operation: string,
  { ticket, applicationToken, timeZone }: SoapHeader,
  services: ServicesVersion,
  version: SoapVersion,
): string {
  const blocks = [
    ...(applicationToken === undefined ? [] : [block('ApplicationToken', escapeXml(applicationToken))]),
    ...(ticket === undefined ? [] : [block('Credentials', block('Ticket', escapeXml(ticket)))]),
    ...(timeZone === undefined ? [] : [block('TimeZone', timeZoneBlock(timeZone))]),
  ];
  const namespaces = [
    `xmlns:s="${envelopeNamespaces[version]}"`,
    `xmlns:n="${serviceNamespace(services)}"`,
    `xmlns:a="${arraysNamespace}"`,
    `xmlns:i="${instanceNamespace}"`,
  ];
  const header = blocks.length === 0 ? '' : `<s:Header>${blocks.join('')}</s:Header>`;
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope ${namespaces.join(' ')}>${header}<s:Body>${operation}</s:Body></s:Envelope>`;
}

function block(name: string, content: string): string {
  return `<n:${name}>${content}</n:${name}>`;
}

function timeZoneBlock(timeZone: string): string {
  const isId = /^\d{1,9}$/.test(timeZone);
  return block(isId ? 'SoTimeZoneId' : 'SoTimeZoneLocationCode', escapeXml(timeZone));
}

/**
 * What an answer's body says. An error comes in the header (`Succeeded` false with `ExceptionInfo`), or as a
 * fault where a site lets its carrier make one; an absent `Succeeded` is fine.
 */
export function readEnvelope(name: OperationName, body: Uint8Array, services: ServicesVersion): Reading {
  if (body.every((byte) => byte <= 0x20)) return { kind: 'empty' };
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

/** Where the reader is in a document. */
type Place = 'outside' | 'envelope' | 'header' | 'block' | 'body' | 'result' | 'fault' | 'other';

class AnswerReader {
  readonly #name: OperationName;
  readonly #services: ServicesVersion;
  readonly #places: Place[] = ['outside'];
  readonly #told = new Told();
  #result: XmlValueReader | undefined;
  #isEnvelope = false;
  #isFault = false;
  #strange: string | undefined;
  #depth = 0;

  constructor(name: OperationName, services: ServicesVersion) {
    this.#name = name;
    this.#services = services;
  }

  open(element: XmlElement): void {
    const place = this.#places.at(-1) ?? 'outside';
    if (place === 'result') {
      this.#depth++;
      this.#result?.open(element);
      return;
    }
    if (place === 'block' || place === 'fault') this.#told.open(element);
    this.#places.push(this.#next(place, element));
  }

  text(text: string): void {
    const place = this.#places.at(-1);
    if (place === 'result') this.#result?.text(text);
    else if (place === 'block' || place === 'fault') this.#told.text(text);
  }

  close(): void {
    const place = this.#places.at(-1);
    if (place === 'result' && this.#depth > 0) {
      this.#depth--;
      this.#result?.close();
      return;
    }
    if (place === 'block' || place === 'fault') this.#told.close();
    this.#places.pop();
  }

  reading(): Reading {
    if (!this.#isEnvelope) return { kind: 'unreadable', problem: 'it is no SOAP envelope' };
    if (this.#isFault || this.#told.failed) {
      const message = this.#told.message ?? 'an error without a message';
      return { kind: 'refusal', message, reason: refusalReason(this.#told.types) };
    }
    if (this.#result === undefined) {
      const what = this.#strange === undefined ? 'nothing' : `"${this.#strange}"`;
      return {
        kind: 'unreadable',
        problem: `its body holds ${what} where the answer of ${this.#name} is due`,
      };
    }
    const { members, result } = responseLayout(this.#name, this.#services);
    const { values } = this.#result;
    if (members.length === 0) return { kind: 'empty' };
    if (result === undefined) return { kind: 'value', value: values };
    const value = values[result];
    if (value !== undefined && value !== null) {
      const problem = missingVerdict(this.#name, value);
      return problem === undefined ? { kind: 'value', value } : { kind: 'unreadable', problem };
    }
    const type = members[0]?.[1];
    if (type !== undefined && isNillable(type)) return { kind: 'null' };
    return { kind: 'unreadable', problem: `${this.#name} answers no ${result}` };
  }

  #next(place: Place, element: XmlElement): Place {
    const { local, uri } = element;
    const inEnvelope = uri === envelopeNamespaces['1.1'] || uri === envelopeNamespaces['1.2'];
    switch (place) {
      case 'outside':
        this.#isEnvelope = inEnvelope && local === 'Envelope';
        return this.#isEnvelope ? 'envelope' : 'other';
      case 'envelope':
        if (inEnvelope && local === 'Header') return 'header';
        return inEnvelope && local === 'Body' ? 'body' : 'other';
      case 'header':
        this.#told.open(element);
        return 'block';
      case 'block':
        return 'block';
      case 'body': {
        if (inEnvelope && local === 'Fault') {
          this.#isFault = true;
          this.#told.open(element);
          return 'fault';
        }
        const { element: expected, members } = responseLayout(this.#name, this.#services);
        if (local !== expected || uri !== serviceNamespace(this.#services)) {
          this.#strange = local;
          return 'other';
        }
        this.#result = new XmlValueReader('answer', members, { version: this.#services, how: 'lenient' });
        return 'result';
      }
      case 'fault':
        return 'fault';
      default:
        return 'other';
    }
  }
}

/** What header blocks and faults tell of a failure: the texts of their elements, by local name. */
class Told {
  readonly #texts = new Map<string, string[]>();
  readonly #open: { readonly name: string; text: string }[] = [];

  open({ local }: XmlElement): void {
    this.#open.push({ name: local, text: '' });
  }

  text(text: string): void {
    const top = this.#open.at(-1);
    if (top) top.text += text;
  }

  close(): void {
    const done = this.#open.pop();
    const text = done?.text.trim() ?? '';
    if (done === undefined || text === '') return;
    this.#texts.set(done.name, [...(this.#texts.get(done.name) ?? []), text]);
  }

  /** Whether the header says that the call failed. */
  get failed(): boolean {
    const [succeeded] = this.#texts.get('Succeeded') ?? [];
    if (succeeded !== undefined) return /^(?:false|0)$/i.test(succeeded);
    return this.#texts.has('ExceptionType');
  }

  /** In the words that are meant for people, else in others; inner ones come first in a document. */
  get message(): string | undefined {
    for (const name of ['FriendlyText', 'Message', 'faultstring', 'Text', 'ExceptionType']) {
      const texts = this.#texts.get(name);
      const outermost = texts?.at(-1);
      if (texts && outermost !== undefined) {
        const [innermost] = texts;
        const more = innermost !== undefined && innermost !== outermost ? `: ${innermost}` : '';
        return outermost + more;
      }
    }
    return undefined;
  }

  /** The names of exceptions and faults. */
  get types(): readonly string[] {
    return ['ExceptionType', 'Type', 'faultcode', 'Value'].flatMap((name) => this.#texts.get(name) ?? []);
  }
}

/**
 * Whether an exception is about the login, by its type's name. NetServer documents none of these names; they are
 * what its sessions, WCF and .NET call such errors.
 */
function refusalReason(types: readonly string[]): RefusalReason | undefined {
  const last = types.map((type) => type.split(/[.:]/).at(-1)?.toLowerCase() ?? '');
  if (last.some((type) => credentialTypes.has(type))) return 'credential';
  return last.some((type) => rightTypes.has(type)) ? 'right' : undefined;
}

const credentialTypes: ReadonlySet<string> = new Set([
  'sosessionexception',
  'soauthenticationexception',
  'soinvalidticketexception',
  'soticketexception',
  'authenticationexception',
  'invalidcredentialexception',
  'securitytokenexception',
  'messagesecurityexception',
  'failedauthentication',
  'invalidsecurity',
  'invalidsecuritytoken',
]);
const rightTypes: ReadonlySet<string> = new Set([
  'soaccessdeniedexception',
  'sosecurityexception',
  'securityaccessdeniedexception',
  'unauthorizedaccessexception',
  'accessdenied',
]);
