/** Values as YAML, safe to print at a terminal. */
import { Document, Scalar, visit } from 'yaml';
import { printableText } from './json.ts';
import { redactedCopy } from './redact.ts';

/**
 * A document with a line end. Texts that YAML 1.1 or 1.2 would take for something else (`no`, `0777`, `1e3`,
 * `2026-11-25`) are quoted, and what steers a terminal is written as \u escapes, as in JSON.
 *
 * @param redact masks secrets in a text: a mask that comes into the document later would be read as an alias
 */
export function yamlDocument(value: unknown, redact: (text: string) => string): string {
  // What stands twice is written twice: not every reader follows anchors.
  const document = new Document(redactedCopy(value, redact), {
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && needsEscapes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return printableText(document.toString(quoting));
}

/** Quoted texts stand on one line and are quoted as in JSON: so secrets are found in them, too, and masked. */
const quoting = {
  lineWidth: 0,
  singleQuote: false,
  blockQuote: false,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const;

/** Whether a text steers a terminal, or has several lines. */
function needsEscapes(text: string): boolean {
  return printableText(text) !== text || text.includes('\n');
}
