/** How fast requests may leave: at most so many in any second, whoever sends them. */

/** Time as a pace sees it: `now` never goes back, whatever is done to the machine's clock (ms). */
export interface SteadyClock {
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A limit that requests wait for. */
export interface Pace {
  /** Resolves when the next request may leave, in the order of the calls; at once when the signal aborts. */
  take(signal?: AbortSignal): Promise<void>;
}

/**
 * At most `rate` requests in any stretch of a second, the first ones at once; below one a second, one in each
 * `1 / rate` seconds. The documented limit of SuperOffice is 10 calls a second.
 *
 * @param rate requests a second, fractions allowed; 0 is no limit
 */
export function paceOf(rate: number, clock: SteadyClock): Pace {
  if (rate === 0) return { take: () => Promise.resolve() };
  const burst = Math.max(1, Math.floor(rate));
  const stretchMs = (burst / rate) * 1_000;
  /** When the last requests left or will leave, the oldest first: as many as a stretch holds. */
  const left: number[] = [];
  return {
    async take(signal) {
      const now = clock.now();
      const first = left.length < burst ? undefined : left.shift();
      const earliest = first === undefined ? now : first + stretchMs;
      const time = Math.max(now, earliest, left.at(-1) ?? now);
      left.push(time);
      if (time > now) await clock.sleep(time - now, signal);
    },
  };
}
