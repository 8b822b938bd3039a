/** The summary that GitHub shows beside a step: Markdown, in which no text from outside means anything. */

/** A table of two columns with a heading, and what is to be said below it. */
export interface StepSummary {
  readonly heading: string;
  readonly rows: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
}

export function stepSummary({ heading, rows, notes }: StepSummary): string {
  return [
    `### ${plain(heading)}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([label, value]) => `| ${plain(label)} | ${plain(value)} |`),
    '',
    ...notes.flatMap((note) => [plain(note), '']),
  ].join('\n');
}

/** Every character that Markdown or HTML could take for its own, as itself; a line break would end a row. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ')
    .replace(/[\\`*_{}[\]()#+!|<>&~@:$-]/g, (character) => `&#${character.charCodeAt(0)};`);
}
