/** What a command gets to see, made from the machine and the options of every command. */
import { isAbsolute, join, resolve } from 'node:path';
import { configError } from '../errors.ts';
import { jsonLine, printable } from '../output/json.ts';
import { colourLevel, showsUnicode } from '../output/style.ts';
import { version } from '../version.ts';
import type { Context, Host } from './context.ts';
import type { Globals } from './globals.ts';
import type { Printer } from './printer.ts';
import { progressMeter } from './progress-meter.ts';
import { terminalPrompts } from './prompts.ts';

/** The context of one command. */
export function contextFor(
  globals: Globals,
  host: Host,
  services: Pick<Context, 'conceal' | 'reveal' | 'redact' | 'helpPage' | 'loadSchemas' | 'perform'>,
  printer: Printer,
): Context {
  // A dumb terminal cannot draw the questions.
  const canDraw = host.environment['TERM'] !== 'dumb';
  const mayAsk = host.stdinIsTerminal && host.stderrIsTerminal && canDraw && !globals.noInput;
  const meter = progressMeter(host, globals.quiet);
  return {
    ...services,
    host,
    globals,
    configDirectory: configDirectory(globals, host),
    prompts: terminalPrompts(mayAsk, host, {
      colour: colourLevel(host.environment, host.stderrIsTerminal, globals.noColor) > 0,
      unicode: showsUnicode(host.environment, host.platform),
    }),
    userAgent: `erpsync/${version} (node ${host.nodeVersion}; ${host.platform})`,
    note(text) {
      if (!globals.quiet) meter.aside(() => host.writeStderr(`${printable(text)}\n`));
    },
    warn: (text) => meter.aside(() => writeWarning(text, host)),
    trace: (text) => meter.aside(() => host.writeStderr(`${printable(text)}\n`)),
    progress: (progress) => meter.update(progress),
    progressEnd: () => meter.end(),
    event(event) {
      if (globals.output === 'ndjson') host.writeStdout(jsonLine(event));
    },
    async items(items) {
      if (printer.lines === undefined) return { streamed: false, wanted: true };
      host.writeStdout(printer.lines(items));
      return { streamed: true, wanted: await host.stdoutTaken() };
    },
    announce: (line) => host.writeStdout(line),
  };
}

function writeWarning(text: string, host: Host): void {
  const message = text.replace(/^warning: /, '');
  if (host.annotate) host.annotate({ level: 'warning', title: 'erpsync', message });
  else host.writeStderr(`erpsync: ${printable(text)}\n`);
}

/** --config-dir, else ERPSYNC_CONFIG_DIR, else the platform's own place. */
export function configDirectory(
  { configDir }: Pick<Globals, 'configDir'>,
  { environment, homeDirectory, platform }: Host,
): string {
  const chosen = configDir ?? environment['ERPSYNC_CONFIG_DIR'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (!isAbsolute(homeDirectory)) {
    throw configError({
      what: 'the home directory is not known',
      why: 'HOME is no absolute path',
      next: 'set HOME, or give --config-dir',
    });
  }
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(homeDirectory, 'AppData', 'Roaming'), 'erpsync');
  }
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Preferences', 'erpsync');
  const xdg = environment['XDG_CONFIG_HOME'];
  // The XDG specification has relative paths ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDirectory, '.config'), 'erpsync');
}
