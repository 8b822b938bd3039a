import { closestMatch } from 'leven';

/** The known name that a typo most likely meant, or undefined when none is close. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  const maxDistance = Math.max(1, Math.min(4, Math.floor(typed.length / 2)));
  return closestMatch(typed, known, { maxDistance });
}
