/** Questions to a person at a terminal. Asked on stderr, so that stdout carries the result alone. */
import type { Readable, Writable } from 'node:stream';
import { ErpsyncError } from '../errors.ts';
import { printable } from '../output/json.ts';
import { type Drawable, promptScreen } from '../output/prompt-screen.ts';

/** Questions; each throws `interrupted` when the person gives up. */
export interface Prompts {
  /** Whether a person is there to be asked and may be asked. */
  readonly available: boolean;
  text(
    question: string,
    options?: { readonly initial?: string; check?(given: string): string | undefined },
  ): Promise<string>;
  secret(question: string): Promise<string>;
  select<const V extends string>(question: string, choices: readonly V[]): Promise<V>;
}

/** The terminal that questions are asked at. */
export interface PromptTerminal {
  readonly stdin: Readable;
  readonly stderr: Writable;
  /** Gives a question up. */
  readonly stopped: AbortSignal;
}

type Clack = typeof import('@clack/prompts');
type Streams = { readonly input: Readable; readonly output: Writable; readonly signal: AbortSignal };

/**
 * Prompts at the given terminal; the library behind them is loaded at the first question. Ctrl-C, Ctrl-D and
 * a signal give a question up.
 */
export function terminalPrompts(available: boolean, terminal: PromptTerminal, shows: Drawable): Prompts {
  async function ask(
    question: (clack: Clack, streams: Streams) => Promise<string | symbol>,
  ): Promise<string> {
    const clack = await import('@clack/prompts');
    const { stdin: input, stderr, stopped } = terminal;
    const output = promptScreen(stderr, shows);
    const ended = new AbortController();
    const onKey = (_text: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }): void => {
      if (key?.ctrl && key.name === 'd') ended.abort();
    };
    input.on('keypress', onKey);
    try {
      const given = await question(clack, {
        input,
        output,
        signal: AbortSignal.any([ended.signal, stopped]),
      });
      if (typeof given !== 'symbol') return given;
      throw new ErpsyncError('interrupted', {
        what: 'nothing was done',
        why: 'the question was given up',
        next: 'run the same command again to be asked again',
      });
    } finally {
      input.off('keypress', onKey);
    }
  }
  const needed = (given: string | undefined): string | undefined =>
    given === undefined || given.trim() === '' ? 'An answer is needed' : undefined;
  return {
    available,
    text: (question, { initial, check } = {}) =>
      ask((clack, streams) =>
        clack.text({
          message: printable(question),
          validate(given) {
            const problem = needed(given) ?? check?.(given ?? '');
            return problem && printable(problem);
          },
          ...(initial !== undefined && { initialValue: initial }),
          ...streams,
        }),
      ),
    secret: (question) =>
      ask((clack, streams) => clack.password({ message: printable(question), validate: needed, ...streams })),
    async select<const V extends string>(question: string, choices: readonly V[]): Promise<V> {
      const message = printable(question);
      const options = choices.map((value) => ({ value: value as string, label: printable(value) }));
      return (await ask((clack, streams) => clack.select({ message, options, ...streams }))) as V;
    },
  };
}
