/** Where runs and locks are kept. */
import { posix, win32 } from 'node:path';
import { configError } from '../errors.ts';

/** What of a host decides where state is kept. */
export interface StatePlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly platform: string;
  /** What a relative ERPSYNC_STATE_DIR is relative to. */
  readonly workingDirectory: string;
}

/**
 * The state directory: ERPSYNC_STATE_DIR, else the platform's own place (`XDG_STATE_HOME/erpsync` or
 * `~/.local/state/erpsync`, `~/Library/Application Support/erpsync` on macOS, `%LOCALAPPDATA%\erpsync` on
 * Windows). It may not exist yet.
 *
 * @throws ErpsyncError (config) when the home directory is needed and not known
 */
export function stateDirectory(place: StatePlace): string {
  const { environment, homeDirectory, platform, workingDirectory } = place;
  const { isAbsolute, join, resolve } = platform === 'win32' ? win32 : posix;
  const chosen = environment['ERPSYNC_STATE_DIR'];
  if (chosen !== undefined && chosen !== '') return resolve(workingDirectory, chosen);
  if (!isAbsolute(homeDirectory)) {
    throw configError({
      what: 'the directory of the runs is not known',
      why: 'HOME is no absolute path',
      next: 'set HOME or ERPSYNC_STATE_DIR, and run the same command again',
    });
  }
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homeDirectory, 'AppData', 'Local'), 'erpsync');
  }
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support', 'erpsync');
  const xdg = environment['XDG_STATE_HOME'];
  // The XDG specification has relative paths ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDirectory, '.local', 'state');
  return join(base, 'erpsync');
}
