/** What is wrong with a command line is looked up in the help of its command. */
import type { ErpsyncError } from '../errors.ts';

/**
 * What to do next, and the help of the command where a wrong command line names no other one.
 *
 * @param command its words; empty where the command line names none
 */
export function nextWithHelp({ code, next }: Pick<ErpsyncError, 'code' | 'next'>, command: string): string {
  if (code !== 'usage' || /\berpsync [a-z-]/.test(next)) return next;
  const help = `erpsync ${command === '' ? '' : `${command} `}--help`;
  return next.endsWith('?') ? `${next} See: ${help}` : `${next}; see: ${help}`;
}
