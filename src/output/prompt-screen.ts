/** What questions are drawn on: a terminal that may have no colour, or know no characters beyond ASCII. */
import { Writable } from 'node:stream';

/** What a terminal can show. */
export interface Drawable {
  readonly colour: boolean;
  /** Whether it shows the characters of Unicode; see {@link showsUnicode}. */
  readonly unicode: boolean;
}

/** The signs that questions are drawn with, and as wide ones in ASCII. */
const signs: Readonly<Record<string, string>> = {
  '◆': '*',
  '◇': 'o',
  '■': 'x',
  '▲': '!',
  '│': '|',
  '┌': '+',
  '└': '+',
  '─': '-',
  '●': '>',
  '○': ' ',
  '▪': '*',
  '•': '-',
  '↑': '^',
  '↓': 'v',
  '…': '.',
  '█': '_',
};
const anySign = new RegExp(`[${Object.keys(signs).join('')}]`, 'g');

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour is set by control characters
const colourChange = /\u001b\[[\d;]*m/g;

/** The stream of a terminal for the library that draws questions: the same one where it can show all of it. */
export function promptScreen(terminal: Writable, { colour, unicode }: Drawable): Writable {
  if (colour && unicode) return terminal;
  const screen = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const whole = String(chunk);
      const painted = colour ? whole : whole.replace(colourChange, '');
      terminal.write(unicode ? painted : painted.replace(anySign, (sign) => signs[sign] ?? sign), done);
    },
  });
  // Its size is asked for at each drawing, and a change of it is an event.
  for (const side of ['columns', 'rows'] as const) {
    Object.defineProperty(screen, side, { get: () => Reflect.get(terminal, side) });
  }
  const resized = (): void => void screen.emit('resize');
  screen.on('newListener', (event) => {
    if (event === 'resize' && screen.listenerCount('resize') === 0) terminal.on('resize', resized);
  });
  screen.on('removeListener', (event) => {
    if (event === 'resize' && screen.listenerCount('resize') === 0) terminal.off('resize', resized);
  });
  return screen;
}
