/** Values as YAML, safe to print at a terminal. */
import { Document, Scalar, visit } from 'yaml';
import { printableText } from './json.ts';

/**
 * A document with a line end. Texts that YAML 1.1 or 1.2 would take for something else (`no`, `0777`, `1e3`,
 * `2026-11-25`) are quoted, and what steers a terminal is written as \u escapes, as in JSON.
 */
export function yamlDocument(value: unknown): string {
  // What stands twice is written twice: not every reader follows anchors.
  const document = new Document(plain(value), { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && needsEscapes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return printableText(
    document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }),
  );
}

/** Whether a text steers a terminal, or has blanks at an end of one of its lines, which other forms of text lose. */
function needsEscapes(text: string): boolean {
  return printableText(text) !== text || /^\s|\s\n|\n\s/.test(text);
}

/** As JSON has it: without members that are not set. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
