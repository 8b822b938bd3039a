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

/**
 * A line in the place of what stands there. The cursor is left at its beginning: a window that is made smaller may
 * break the line into several rows, and what is behind the cursor goes then, too. Wiped is behind the line and
 * not before it, since some terminals keep all that they wipe from their first row on.
 */
const inPlace = (line: string): string => `\r${line}\u001b[J\r`;

/** A meter for one command; with `quiet` it shows nothing. */
export function progressMeter(host: Host, quiet: boolean): ProgressMeter {
  const { stderrIsTerminal, environment } = host;
  const draws = stderrIsTerminal && environment['TERM'] !== 'dumb' && !isSet(environment['CI']);
  let drawn = false;
  let last = 0;
  const clear = (): void => {
    if (drawn) host.writeStderr(inPlace(' '));
    drawn = false;
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
      host.writeStderr(inPlace(progressLine(progress, host.stderrColumns ?? 80)));
      drawn = true;
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
