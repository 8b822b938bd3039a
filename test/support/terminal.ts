/**
 * Runs the built program in a pseudo-terminal of its own, as a person sees it: what it writes goes through a
 * terminal emulator, so that tests ask what stands on the screen and not which bytes were sent.
 */
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { inject, onTestFinished } from 'vitest';
import type { Machine } from './program.ts';

export interface TerminalOptions {
  /** Environment besides PATH, HOME, TERM and LANG; nothing else of this process's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** 100 by default. */
  readonly columns?: number;
  /** 30 by default. */
  readonly rows?: number;
  /** A line of a shell in which "$@" is the program: for redirections, and for what is to happen after it. */
  readonly shell?: string;
}

/** A program that runs, or has run, at a terminal. */
export interface AtTerminal {
  /** The lines that a person sees, and has scrolled by; without blanks at their ends. */
  screen(): string;
  /** The colour and weight of a text on the screen: whether any of its cells is not as plain text is. */
  isStyled(text: string): boolean;
  /** Every byte that was written to the terminal, as text. */
  written(): string;
  /** Whether the cursor is shown. */
  cursorVisible(): boolean;
  /** Types characters; `\r` is the Return key, `\u0003` Ctrl-C. */
  type(text: string): void;
  /** Resizes the window, which the program is told by a signal. */
  resize(columns: number, rows?: number): Promise<void>;
  /** Waits until a text, or a screen that fits, is seen. @throws Error with the screen when it never is */
  sees(expected: string | RegExp | ((screen: string) => boolean)): Promise<void>;
  /** The exit code, once the program has ended and all that it wrote is on the screen. */
  readonly ended: Promise<number>;
}

/** So long a test waits for something to be seen (ms). */
const patience = 8_000;

/** Starts a command line at a terminal; it is ended with the test. */
export function atTerminal(
  { home }: Machine,
  args: readonly string[],
  { env = {}, columns = 100, rows = 30, shell }: TerminalOptions = {},
): AtTerminal {
  const line = [process.execPath, inject('program'), ...args];
  const [command = '', ...words] = shell === undefined ? line : ['sh', '-c', shell, 'sh', ...line];
  const pty = spawn(command, words, {
    cwd: home,
    cols: columns,
    rows,
    name: env['TERM'] ?? 'xterm-256color',
    env: { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', ...env },
  });
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
  let written = '';
  let cursorVisible = true;
  const cursor = (shown: boolean) => (parameters: (number | number[])[]) => {
    if (parameters.includes(25)) cursorVisible = shown;
    return false;
  };
  emulator.parser.registerCsiHandler({ prefix: '?', final: 'h' }, cursor(true));
  emulator.parser.registerCsiHandler({ prefix: '?', final: 'l' }, cursor(false));
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const each of waiting) each();
  };
  pty.onData((text) => {
    written += text;
    emulator.write(text, look);
  });
  const screen = (): string => screenOf(emulator);
  const ended = endOf(pty).then(async (code) => {
    await new Promise<void>((resolve) => emulator.write('', resolve));
    return code;
  });
  onTestFinished(async () => {
    pty.kill('SIGKILL');
    await ended;
    emulator.dispose();
  });
  return {
    screen,
    written: () => written,
    cursorVisible: () => cursorVisible,
    isStyled: (text) => isStyled(emulator, text),
    type: (text) => pty.write(text),
    async resize(newColumns, newRows = rows) {
      emulator.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    sees(expected) {
      const fits = fitting(expected);
      return new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(check);
        };
        const check = (): void => {
          if (!fits(screen())) return;
          done();
          resolve();
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`${String(expected)} was not seen, but:\n${screen()}`));
        }, patience);
        waiting.add(check);
        check();
      });
    },
    ended,
  };
}

function fitting(expected: string | RegExp | ((screen: string) => boolean)): (screen: string) => boolean {
  if (typeof expected === 'function') return expected;
  return (screen) => (typeof expected === 'string' ? screen.includes(expected) : expected.test(screen));
}

/** The end of the process, and of what it wrote: the exit may be known before the last bytes are read. */
function endOf(pty: IPty): Promise<number> {
  return new Promise((resolve) =>
    pty.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)),
  );
}

function screenOf({ buffer }: xterm.Terminal): string {
  const { active } = buffer;
  const lines = Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? '',
  );
  return lines.join('\n').trimEnd();
}

function isStyled({ buffer }: xterm.Terminal, text: string): boolean {
  const { active } = buffer;
  for (let row = 0; row < active.length; row += 1) {
    const line = active.getLine(row);
    const from = line?.translateToString(true).indexOf(text) ?? -1;
    if (line === undefined || from === -1) continue;
    return Array.from(text).some((_, index) => line.getCell(from + index)?.isAttributeDefault() === false);
  }
  throw new Error(`${text} is not on the screen:\n${screenOf({ buffer } as xterm.Terminal)}`);
}
