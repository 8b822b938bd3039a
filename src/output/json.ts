/** Values as JSON, safe to print at a terminal. */

/**
 * Characters that steer a terminal or reorder text, beyond those that JSON.stringify escapes itself:
 * DEL, C1 controls, line and paragraph separators, direction marks and overrides, BOM.
 */
const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A document of several lines, with a line end. */
export function jsonDocument(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replace(steering, escaped)}\n`;
}

/** One line, with a line end. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(steering, escaped)}\n`;
}

/**
 * Text that may have come from a server or a file, as a part of a line: line breaks are blanks, and what else steers a
 * terminal is shown as \u escapes.
 */
export function printable(text: string): string {
  if (!text.includes('\n')) return printableText(text);
  // Not with one expression: on a long row of blanks that would look at each of them again and again.
  const lines = text.split('\n');
  const last = lines.length - 1;
  const parts = lines.map((line, index) => {
    const begun = index === 0 ? line : line.trimStart();
    return index === last ? begun : begun.trimEnd();
  });
  const isBetween = (part: string, index: number): boolean => part !== '' || index === 0 || index === last;
  return printableText(parts.filter(isBetween).join(' '));
}

/** The same for a text of several lines. */
export function printableText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return text.replace(/[\u0000-\u0009\u000b-\u001f]/g, escaped).replace(steering, escaped);
}

/** A painted text for a terminal, in which nothing but colours and line ends is left that steers it. */
export function paintedText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape begins a colour
  const parts = text.split(/(\u001b\[[0-9;]{0,20}m)/);
  return parts.map((part, index) => (index % 2 === 1 ? part : printableText(part))).join('');
}

/**
 * The id of an item on a line of its own; nothing for an item without one. At a terminal it is printable, elsewhere
 * as it is, since it is input for another command: only a line break would make two of it.
 */
export function idLine(item: object, column: string, isTerminal: boolean): string {
  const id: unknown = Reflect.get(item, column);
  if (typeof id !== 'number' && typeof id !== 'string') return '';
  const text = String(id);
  return `${isTerminal ? printable(text) : text.replace(/[\r\n]/g, escaped)}\n`;
}
