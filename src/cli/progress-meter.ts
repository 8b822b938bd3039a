/** Shows progress on stderr: at a terminal in one line that is drawn again, elsewhere in a line now and then. */
import { type Progress, progressLine, progressText } from '../output/progress.ts';
import type { Host } from './context.ts';

/** Shows how far some work is. */
export interface ProgressMeter {
  update(progress: Progress): void;
  /** Writes something else: a line that stands there is taken away first. */
  aside(write: () => void): void;
  /** Takes the line away. */
  end(): void;
}

/** Work that is done sooner needs no line (ms). */
const silentMs = 500;
/** At a terminal the line is drawn again after this time at the earliest (ms). */
const drawnMs = 100;
/** In a log there is a line so often (ms). */
const loggedMs = 60_000;

/** A meter for one command; with `quiet` it shows nothing. */
export function progressMeter(host: Host, quiet: boolean): ProgressMeter {
  const { stderrIsTerminal, environment } = host;
  const draws = stderrIsTerminal && environment['TERM'] !== 'dumb' && !isSet(environment['CI']);
  let drawn = '';
  let last = 0;
  const clear = (): void => {
    if (drawn !== '') host.writeStderr(`\r${' '.repeat(drawn.length)}\r`);
    drawn = '';
  };
  return {
    update(progress) {
      const { elapsedMs } = progress;
      if (quiet || elapsedMs < silentMs || elapsedMs - last < (draws ? drawnMs : loggedMs)) return;
      last = elapsedMs;
      if (!draws) {
        host.writeStderr(`${progressText(progress)}\n`);
        return;
      }
      const line = progressLine(progress, host.stderrColumns ?? 80);
      host.writeStderr(`\r${line}${' '.repeat(Math.max(0, drawn.length - line.length))}`);
      drawn = line;
    },
    aside(write) {
      clear();
      write();
    },
    end: clear,
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}
