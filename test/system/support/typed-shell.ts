/** A shell at a terminal, in which a test types; `script` of util-linux makes the terminal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inject, onTestFinished, vi } from 'vitest';

/** The shells that `erpsync completion` knows. */
export const shells = ['bash', 'zsh', 'fish'] as const;
/** One of {@link shells}. */
export type Shell = (typeof shells)[number];

/** A person's machine. */
export interface ShellUser {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

const prompt = 'READY> ';
/** What a person has in the start-up file of the shell; the script is where `erpsync completion --help` has it put. */
const startUp: Readonly<
  Record<Shell, { readonly file: string; readonly lines: readonly string[]; readonly script: string }>
> = {
  bash: {
    file: '.bashrc',
    lines: [`PS1='${prompt}'`, '. /usr/share/bash-completion/bash_completion'],
    script: '.local/share/bash-completion/completions/erpsync',
  },
  zsh: {
    file: '.zshrc',
    lines: ['fpath=(~/functions $fpath)', 'autoload -U compinit', 'compinit -u', `PS1='${prompt}'`],
    script: 'functions/_erpsync',
  },
  fish: {
    file: '.config/fish/config.fish',
    lines: [`function fish_prompt; printf '${prompt}'; end`, 'set -g fish_greeting'],
    script: '.config/fish/completions/erpsync.fish',
  },
};

/**
 * Sets up a home directory for all three shells. The `erpsync` there completes as the program under test does; called in
 * another way it notes its arguments.
 */
export function shellUser(home: string): ShellUser {
  const bin = path.join(home, 'bin');
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(home, file), text, { mode: 0o600 });
  };
  const environment = {
    PATH: `${bin}${path.delimiter}${process.env['PATH']}`,
    HOME: home,
    ZDOTDIR: home,
    TERM: 'xterm',
    LANG: 'C.UTF-8',
  };
  const program = `"${process.execPath}" "${inject('program')}"`;
  put(
    'bin/erpsync',
    `#!/bin/sh
case $1 in __complete | completion) exec ${program} "$@" ;; esac
printf '%s\\0' "$@" > ~/called.new
mv ~/called.new ~/called
`,
  );
  chmodSync(path.join(bin, 'erpsync'), 0o755);
  // Without it fish begins to read all man pages of the machine.
  mkdirSync(path.join(home, '.local/share/fish/generated_completions'), { recursive: true });
  for (const { file, lines } of Object.values(startUp)) put(file, `${lines.join('\n')}\n`);
  return { home, environment };
}

/** Where a shell loads the script from. */
export function scriptFile({ home }: ShellUser, shell: Shell): string {
  const file = path.join(home, startUp[shell].script);
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

/** A shell that waits at its prompt. */
export interface TypedShell {
  type(keys: string): void;
  /** All that was shown so far, with what steers the terminal taken out. */
  shown(): string;
  /** Waits until this is shown. */
  until(text: string | RegExp): Promise<void>;
  /** The arguments that `erpsync` is called with next. */
  called(): Promise<readonly string[]>;
}

/** Starts a shell; it ends with the test. */
export async function startShell({ home, environment }: ShellUser, shell: Shell): Promise<TypedShell> {
  const child: ChildProcess = spawn(
    'script',
    ['-qfec', `stty rows 60 cols 150; exec ${shell} -i`, '/dev/null'],
    {
      cwd: home,
      env: { ...environment, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  const shown = (): string => stripVTControlCharacters(output);
  const until = async (text: string | RegExp): Promise<void> => {
    await vi.waitFor(
      () => {
        const found = typeof text === 'string' ? shown().includes(text) : text.test(shown());
        if (!found) throw new Error(`${JSON.stringify(String(text))} is not shown: ${shown()}`);
      },
      { timeout: 20_000, interval: 20 },
    );
  };
  const file = path.join(home, 'called');
  await until(prompt);
  return {
    type: (keys) => void child.stdin?.write(keys),
    shown,
    until,
    async called() {
      await vi.waitFor(
        () => {
          if (!existsSync(file)) throw new Error(`erpsync was not called: ${shown()}`);
        },
        { timeout: 20_000, interval: 20 },
      );
      const words = readFileSync(file, 'utf8').split('\0').slice(0, -1);
      rmSync(file);
      return words;
    },
  };
}
