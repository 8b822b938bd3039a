/** How text looks on the streams of this process. */
import { colourLevel, type Style, styleFor } from '../output/style.ts';
import type { Host } from './context.ts';

/** Text in documents and files: no colour, of the usual width. */
export const plainStyle: Style = styleFor(0, undefined);

/** On stdout. */
export function stdoutStyle({ environment, stdoutIsTerminal, columns }: Host, noColor: boolean): Style {
  return styleFor(colourLevel(environment, stdoutIsTerminal, noColor), columns);
}

/** On stderr. */
export function stderrStyle({ environment, stderrIsTerminal, stderrColumns }: Host, noColor: boolean): Style {
  return styleFor(colourLevel(environment, stderrIsTerminal, noColor), stderrColumns);
}
