/** How text looks on the streams of this process. */
import { colourLevel, type Style, showsUnicode, styleFor } from '../output/style.ts';
import type { Host } from './context.ts';

/** Text in documents and files: no colour, of the usual width. */
export const plainStyle: Style = styleFor(0, undefined);

/** On stdout. */
export function stdoutStyle(host: Host, noColor: boolean): Style {
  const { environment, platform, stdoutIsTerminal, columns } = host;
  const level = colourLevel(environment, stdoutIsTerminal, noColor);
  return styleFor(level, columns, showsUnicode(environment, platform));
}

/** On stderr. */
export function stderrStyle(host: Host, noColor: boolean): Style {
  const { environment, platform, stderrIsTerminal, stderrColumns } = host;
  const level = colourLevel(environment, stderrIsTerminal, noColor);
  return styleFor(level, stderrColumns, showsUnicode(environment, platform));
}
