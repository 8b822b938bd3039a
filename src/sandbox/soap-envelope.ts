/** The envelope of a request: which SOAP it is, its header blocks and what stands in its body. */
import { envelopeNamespaces, type FaultCode, type SoapVersion } from './soap-answers.ts';
import type { XmlElement } from './xml-document.ts';

/** An envelope, or why it is none. */
export type Envelope =
  | {
      readonly kind: 'envelope';
      readonly soap: SoapVersion;
      /** The header blocks of the service's namespace, by name. */
      readonly blocks: ReadonlyMap<string, XmlElement>;
      /** The one element of the body. */
      readonly content: XmlElement;
    }
  | {
      readonly kind: 'problem';
      /** Undefined where the root is no envelope. */
      readonly soap: SoapVersion | undefined;
      readonly code: FaultCode;
      readonly problem: string;
    };

/** The header blocks that requests have, outside a `Header` too: the documentation's samples put them before the body. */
const serviceBlocks = ['ApplicationToken', 'Credentials', 'TimeZone'];

/**
 * Reads an envelope: at most one header, one body with one element, nothing behind it. Header blocks that are not
 * known are passed over, as SOAP has it, unless they must be understood.
 *
 * @param namespace That of the service, for its header blocks.
 * @param blockNames The header blocks that are known; those of NetServer's services if absent.
 */
export function readEnvelope(
  root: XmlElement,
  namespace: string,
  blockNames: readonly string[] = serviceBlocks,
): Envelope {
  const soap = soapVersionOf(root);
  const problem = (text: string, code: FaultCode = 'Sender'): Envelope => ({
    kind: 'problem',
    soap,
    code,
    problem: text,
  });
  if (soap === undefined) return problem('the root element is no SOAP envelope');
  const isPart = (element: XmlElement, name: string) =>
    element.namespace === root.namespace && element.name === name;
  const isBlock = (element: XmlElement) =>
    element.namespace === namespace && blockNames.includes(element.name);

  const parts = root.children.filter((element) => !isBlock(element));
  const body = parts.at(-1);
  const header = parts.length > 1 ? parts[0] : undefined;
  if (body === undefined || body !== root.children.at(-1) || !isPart(body, 'Body'))
    return problem('the envelope does not end with its body');
  if (parts.length > 2 || (header !== undefined && !isPart(header, 'Header')))
    return problem('the envelope holds more than a header and a body');

  const headerBlocks = header?.children ?? [];
  const unknown = headerBlocks.find((block) => !isBlock(block) && mustUnderstand(block, root.namespace));
  if (unknown !== undefined)
    return problem(`the header block ${unknown.name.slice(0, 40)} is not understood`, 'MustUnderstand');
  const blocks = new Map<string, XmlElement>();
  for (const block of [...root.children, ...headerBlocks].filter(isBlock)) {
    if (blocks.has(block.name)) return problem(`the header block ${block.name} is given twice`);
    blocks.set(block.name, block);
  }

  const [content, second] = body.children;
  if (content === undefined || second !== undefined || body.text.trim() !== '')
    return problem('the body does not hold one element and nothing else');
  return { kind: 'envelope', soap, blocks, content };
}

function soapVersionOf({ name, namespace }: XmlElement): SoapVersion | undefined {
  if (name !== 'Envelope') return undefined;
  return (['1.1', '1.2'] as const).find((version) => envelopeNamespaces[version] === namespace);
}

function mustUnderstand({ attributes }: XmlElement, envelopeNamespace: string): boolean {
  return attributes.some(
    ({ namespace, name, value }) =>
      namespace === envelopeNamespace && name === 'mustUnderstand' && ['1', 'true'].includes(value.trim()),
  );
}
