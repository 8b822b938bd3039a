import { closestMatch } from 'leven';

/** The known name that a typo most likely meant, in any case, or undefined when none is close. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  const maxDistance = Math.max(1, Math.min(4, Math.floor(typed.length / 2)));
  const lower = known.map((name) => name.toLowerCase());
  // Letters that have changed places count for two: too many in a short word.
  const swapped = lower.find((name) => lettersOf(name) === lettersOf(typed.toLowerCase()));
  const nearest = swapped ?? closestMatch(typed.toLowerCase(), lower, { maxDistance });
  return nearest === undefined ? undefined : known[lower.indexOf(nearest)];
}

function lettersOf(word: string): string {
  return [...word].toSorted().join('');
}

/** The hint that names it, or undefined when none is close. Quoted as JSON: known names can come from a server. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(typed, known);
  return nearest === undefined ? undefined : `did you mean ${JSON.stringify(nearest)}?`;
}
