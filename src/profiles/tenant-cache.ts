/** The states of tenants, kept between commands as they were answered: they decide where credentials go. */
import { type KeptPlace, keepAnswer, keptAnswer } from './kept-answer.ts';

/** However long an answer says that it holds, it is asked for again after this time (ms). */
const longestLifeMs = 24 * 60 * 60_000;

/** The state that is kept for a tenant of an environment, or undefined. A file that is not safe keeps none. */
export function keptState(place: KeptPlace, origin: string, now: number): string | undefined {
  const kept = keptAnswer(place, 'tenants', origin);
  return kept === undefined || Math.abs(now - kept.keptAt) > longestLifeMs ? undefined : kept.text;
}

/** Keeps a state. Without effect where that is not possible. */
export function keepState(place: KeptPlace, origin: string, text: string): void {
  keepAnswer(place, 'tenants', origin, text);
}
