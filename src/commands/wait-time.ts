/** How long a command waits that does so only with `--wait`. */
import { unusable } from '../error-words.ts';

const hour = 60 * 60_000;

/**
 * In ms; undefined without `--wait`.
 *
 * @throws ErpsyncError (usage) for a time without `--wait`
 */
export function waitTime(wait: boolean, timeout: number | undefined): number | undefined {
  if (wait) return timeout ?? hour;
  if (timeout === undefined) return undefined;
  throw unusable('--wait-timeout', 'it is how long --wait waits, and that is not given', 'add --wait');
}
