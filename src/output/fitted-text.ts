/** Text that has to fit into a number of columns of a terminal. */
import stringWidth from 'fast-string-width';

/**
 * The text, or as much of its beginning as fits before an ellipsis. What is seen as one character stays one: letters
 * with their accents, flags, families.
 *
 * @param width in columns of the terminal: wide characters take two
 */
export function shortened(text: string, width: number, ellipsis: string): string {
  if (stringWidth(text) <= width) return text;
  const room = width - stringWidth(ellipsis);
  if (room <= 0) return ellipsis.slice(0, Math.max(0, width));
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    used += stringWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return kept.trimEnd() + ellipsis;
}

/**
 * Lines of at most so many columns of a terminal. Text that fits stays as it is; a word that is longer than a line has
 * one of its own, so that it can be copied.
 */
export function wrapped(text: string, room: number): string[] {
  if (stringWidth(text) <= room) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.trim().split(/\s+/)) {
    const width = stringWidth(word);
    if (line !== '' && used + 1 + width <= room) {
      line += ` ${word}`;
      used += 1 + width;
    } else {
      if (line !== '') lines.push(line);
      [line, used] = [word, width];
    }
  }
  return [...lines, line];
}
