/** What a command gets to see, made from the machine and the options of every command. */
import { isAbsolute, join, resolve } from 'node:path';
import { configError } from '../errors.ts';
import { idLine, jsonLine, printable } from '../output/json.ts';
import { version } from '../version.ts';
import type { Context, Host } from './context.ts';
import type { Globals, OutputForm } from './globals.ts';
import { progressMeter } from './progress-meter.ts';
import { terminalPrompts } from './prompts.ts';

/** The context of one command. */
export function contextFor(
  globals: Globals,
  host: Host,
  services: Pick<Context, 'conceal' | 'helpPage' | 'perform'>,
  idColumn: string | undefined,
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
    prompts: terminalPrompts(mayAsk, host),
    userAgent: `erpsync/${version} (node ${host.nodeVersion}; ${host.platform})`,
    note(text) {
      if (!globals.quiet) meter.aside(() => host.writeStderr(`${printable(text)}\n`));
    },
    warn: (text) => meter.aside(() => host.writeStderr(`erpsync: ${printable(text)}\n`)),
    trace: (text) => meter.aside(() => host.writeStderr(`${printable(text)}\n`)),
    progress: (progress) => meter.update(progress),
    progressEnd: () => meter.end(),
    event(event) {
      if (globals.output === 'ndjson') host.writeStdout(jsonLine(event));
    },
    async items(items) {
      const text = streamedItems(items, globals.output, idColumn, host.stdoutIsTerminal);
      if (text === undefined) return { streamed: false, wanted: true };
      host.writeStdout(text);
      return { streamed: true, wanted: await host.stdoutTaken() };
    },
    announce: (line) => host.writeStdout(line),
  };
}

/** Items as lines; undefined for the forms that need the whole list. */
function streamedItems(
  items: readonly object[],
  form: OutputForm,
  idColumn: string | undefined,
  isTerminal: boolean,
): string | undefined {
  if (form === 'ndjson') return items.map(jsonLine).join('');
  if (form !== 'ids' || idColumn === undefined) return undefined;
  return items.map((item) => idLine(item, idColumn, isTerminal)).join('');
}

/** The machine, with secrets masked in all that it writes. */
export function redactingHost(host: Host, redact: (text: string) => string): Host {
  const redacted = (text: string | Uint8Array): string | Uint8Array =>
    typeof text === 'string' ? redact(text) : text;
  // Not spread: standard input is opened when it is asked for.
  return Object.create(host, {
    writeStdout: { value: (text: string | Uint8Array) => host.writeStdout(redacted(text)) },
    writeStderr: { value: (text: string) => host.writeStderr(redact(text)) },
  }) as Host;
}

/** --config-dir, else ERPSYNC_CONFIG_DIR, else the platform's own place. */
function configDirectory({ configDir }: Globals, { environment, homeDirectory, platform }: Host): string {
  const chosen = configDir ?? environment['ERPSYNC_CONFIG_DIR'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (!isAbsolute(homeDirectory)) {
    throw configError(
      'the home directory is not known: HOME is no absolute path',
      'set it, or give --config-dir',
    );
  }
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(homeDirectory, 'AppData', 'Roaming'), 'erpsync');
  }
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Preferences', 'erpsync');
  const xdg = environment['XDG_CONFIG_HOME'];
  // The XDG specification has relative paths ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDirectory, '.config'), 'erpsync');
}
