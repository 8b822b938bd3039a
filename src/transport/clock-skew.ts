/** How far the clock of this machine is off, as the answers of servers tell. */
import type { Answer } from './http.ts';

/** A difference that matters to nobody (ms): answers tell whole seconds, and take their time. */
const negligibleMs = 90_000;

/**
 * How far the server's clock is ahead of ours when the answer came, in ms; undefined where it does not say.
 *
 * @param now our clock then, in milliseconds since the epoch
 */
export function clockSkewMs({ headers }: Pick<Answer, 'headers'>, now: number): number | undefined {
  const date = headers.get('date');
  const instant = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(instant) ? undefined : instant - now;
}

/** `the clock of this machine is 7 min behind`; undefined for a difference that does not matter. */
export function clockSkewInWords(skewMs: number | undefined): string | undefined {
  if (skewMs === undefined || Math.abs(skewMs) < negligibleMs) return undefined;
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  const amount = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `the clock of this machine is ${amount} ${skewMs > 0 ? 'behind' : 'ahead'}`;
}
