/** XML as text, element by element. */

/** An element whose children are markup already; attribute values are escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** Text as it stands in an element or attribute; a character that XML does not know becomes U+FFFD. */
export function escaped(text: string): string {
  return text.replace(unknownToXml, '\uFFFD').replace(/[&<>"\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const unknownToXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
