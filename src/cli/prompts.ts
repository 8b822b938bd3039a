/** Questions to a person at a terminal. Asked on stderr, so that stdout carries the result alone. */
import type { Readable, Writable } from 'node:stream';
import { ErpsyncError } from '../errors.ts';

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

/** Prompts at the given terminal; the library behind them is loaded at the first question. */
export function terminalPrompts(available: boolean, input: Readable, output: Writable): Prompts {
  const streams = { input, output };
  async function answered(answer: Promise<string | symbol>): Promise<string> {
    const given = await answer;
    if (typeof given === 'symbol')
      throw new ErpsyncError('interrupted', 'given up at the prompt; nothing was done');
    return given;
  }
  return {
    available,
    async text(question, { initial, check } = {}) {
      const clack = await import('@clack/prompts');
      const validate = (given: string | undefined): string | undefined =>
        given === undefined || given.trim() === '' ? 'An answer is needed' : check?.(given);
      const asked = { message: question, validate, ...(initial !== undefined && { initialValue: initial }) };
      return await answered(clack.text({ ...asked, ...streams }));
    },
    async secret(question) {
      const clack = await import('@clack/prompts');
      const validate = (given: string | undefined): string | undefined =>
        given === undefined || given === '' ? 'An answer is needed' : undefined;
      return await answered(clack.password({ message: question, validate, ...streams }));
    },
    async select<const V extends string>(question: string, choices: readonly V[]): Promise<V> {
      const clack = await import('@clack/prompts');
      const options = choices.map((value) => ({ value: value as string, label: value as string }));
      const given = await answered(clack.select({ message: question, options, ...streams }));
      return given as V;
    },
  };
}
