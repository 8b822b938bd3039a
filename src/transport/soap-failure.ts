/**
 * What a SOAP answer says of a failure: NetServer's header blocks (`Succeeded` false with `ExceptionInfo`), or a
 * fault of SOAP 1.1 or 1.2 where a site leaves exceptions to its carrier.
 */
import type { XmlElement } from '../agent/xml-reader.ts';
import { shortened } from './error-object.ts';
import type { RefusalReason } from './outcome.ts';

/** An element of a header block or a fault; these are small, and what they nest matters. */
export interface Told {
  readonly local: string;
  readonly language: string | undefined;
  readonly children: readonly Told[];
  readonly text: string;
}

/** A failure in the server's words, and what it is about if its type's name says so. */
export interface SoapFailure {
  readonly message: string;
  readonly reason: RefusalReason | undefined;
}

interface Growing extends Told {
  readonly children: Growing[];
  text: string;
}

/** Keeps elements as they nest; it is fed the parser's events. */
export class ToldElements {
  readonly #all: Growing[] = [];
  readonly #open: Growing[] = [];

  /** The outermost ones, in their order. */
  get all(): readonly Told[] {
    return this.#all;
  }

  open({ local, attributes }: XmlElement): void {
    const language = attributes.find((each) => each.local === 'lang')?.value;
    const told: Growing = { local, language, children: [], text: '' };
    (this.#open.at(-1)?.children ?? this.#all).push(told);
    this.#open.push(told);
  }

  text(text: string): void {
    const innermost = this.#open.at(-1);
    if (innermost) innermost.text += text;
  }

  close(): void {
    this.#open.pop();
  }
}

/**
 * The failure that header blocks tell of. Where `Succeeded` is absent an exception alone is one: the clients that
 * the vendor documents look at nothing else.
 */
export function failureInHeader(blocks: readonly Told[]): SoapFailure | undefined {
  const chain = exceptionChain(blocks.find(({ local }) => local === 'ExceptionInfo'));
  const succeeded = textOf(blocks, 'Succeeded');
  const failed = succeeded === undefined ? chain.length > 0 : /^(?:false|0)$/i.test(succeeded);
  if (!failed) return undefined;
  return failureOf(
    chain.map(({ words }) => words),
    chain.map(({ type }) => type),
    [],
  );
}

/** The failure that a fault is. */
export function failureInFault({ children }: Told): SoapFailure {
  const detail = children.find(({ local }) => local.toLowerCase() === 'detail');
  const chain = exceptionChain(detail?.children.find((each) => exceptionChain(each).length > 0));
  const reason = textOf(children, 'faultstring') ?? reasonText(children);
  return failureOf(
    [reason, ...chain.map(({ words }) => words)],
    chain.map(({ type }) => type),
    [textOf(children, 'faultcode'), ...codes(children.find(({ local }) => local === 'Code'))],
  );
}

interface Exception {
  /** Meant for people if there are such words, else the exception's own. */
  readonly words: string | undefined;
  readonly type: string | undefined;
}

/** An exception and those inside it, outermost first: NetServer's `SoExceptionInfo` or WCF's `ExceptionDetail`. */
function exceptionChain(told: Told | undefined): readonly Exception[] {
  if (told === undefined) return [];
  const { children } = told;
  const words = textOf(children, 'FriendlyText') ?? textOf(children, 'Message');
  const type = textOf(children, 'ExceptionType') ?? textOf(children, 'Type');
  const inner = exceptionChain(children.find(({ local }) => local === 'InnerException'));
  return words === undefined && type === undefined ? inner : [{ words, type }, ...inner];
}

/** The code of a fault of SOAP 1.2 and its subcodes. */
function codes(told: Told | undefined): readonly (string | undefined)[] {
  if (told === undefined) return [];
  const subcode = told.children.find(({ local }) => local === 'Subcode');
  return [textOf(told.children, 'Value'), ...codes(subcode)];
}

/** SOAP 1.2 gives the reason in any number of languages. */
function reasonText(children: readonly Told[]): string | undefined {
  const texts = children.find(({ local }) => local === 'Reason')?.children ?? [];
  const english = texts.filter(({ language }) => language?.toLowerCase().startsWith('en'));
  return textOf(english, 'Text') ?? textOf(texts, 'Text');
}

function textOf(among: readonly Told[], name: string): string | undefined {
  const text = among.find(({ local }) => local === name)?.text.trim();
  return text === '' ? undefined : text;
}

type Maybe = string | undefined;

function failureOf(
  words: readonly Maybe[],
  types: readonly Maybe[],
  faultCodes: readonly Maybe[],
): SoapFailure {
  const said = words.filter((each) => each !== undefined);
  const [outermost] = said;
  const innermost = said.at(-1) ?? '';
  const known = types.filter((each) => each !== undefined);
  const message = outermost?.includes(innermost)
    ? outermost
    : said.length > 0
      ? `${outermost}: ${innermost}`
      : undefined;
  return {
    message: shortened(message ?? known[0] ?? 'it does not say why'),
    reason: reasonOf(
      known.map(bareName),
      faultCodes.map((code) => bareName(code ?? '')),
    ),
  };
}

/** `soexception` of `SuperOffice.Exceptions.SoException, SoCore, Version=1.0`, and `client` of `s:Client`. */
function bareName(name: string): string {
  const [qualified = ''] = name.split(',', 1);
  return qualified.split(/[.:+]/).at(-1)?.trim().toLowerCase() ?? '';
}

function reasonOf(types: readonly string[], faultCodes: readonly string[]): RefusalReason | undefined {
  const [outermost = ''] = types;
  const found = [
    ...types.map((type) => ownTypes.get(type)),
    outerTypes.get(outermost),
    ...faultCodes.map((code) => codeReasons.get(code)),
  ];
  return found.find((reason) => reason !== undefined);
}

/*
 * Which exceptions and fault codes are about the login, about a right, or about an operation that is not there.
 * NetServer documents none of these names: they are inferred from what it, WCF and SOAP call such errors. Types of
 * .NET that a failing call of a connector or of a file has as well (AuthenticationException, of TLS;
 * UnauthorizedAccessException) are left out: they say nothing of the caller, and work may have been done.
 */

/** NetServer's own types: they count wherever they are wrapped. */
const ownTypes: ReadonlyMap<string, RefusalReason> = new Map([
  ['sosessionexception', 'credential'],
  ['soauthenticationexception', 'credential'],
  ['soinvalidticketexception', 'credential'],
  ['soticketexception', 'credential'],
  ['soaccessdeniedexception', 'right'],
  ['sosecurityexception', 'right'],
]);

/** Types of WCF: inside another exception they would be about a connector's answer. */
const outerTypes: ReadonlyMap<string, RefusalReason> = new Map([
  ['securitytokenexception', 'credential'],
  ['messagesecurityexception', 'credential'],
  ['securityaccessdeniedexception', 'right'],
]);

/** Codes of faults, those of WS-Security and of WCF among them. */
const codeReasons: ReadonlyMap<string, RefusalReason> = new Map([
  ['failedauthentication', 'credential'],
  ['invalidsecurity', 'credential'],
  ['invalidsecuritytoken', 'credential'],
  ['accessdenied', 'right'],
  ['actionnotsupported', 'operation'],
  ['destinationunreachable', 'operation'],
  ['versionmismatch', 'operation'],
  ['mustunderstand', 'operation'],
]);
