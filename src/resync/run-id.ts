/** Ids of runs, which sort by time. */

/** What ids of runs of a second begin with. */
export function runIdTime(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** A name for a run that sorts by time: `20261121T221146Z-4f0c9a`. */
export function runId(now: number, random: number): string {
  return `${runIdTime(now)}-${Math.floor(random * 0x1000000)
    .toString(16)
    .padStart(6, '0')}`;
}
