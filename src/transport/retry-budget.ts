/**
 * How many retries all requests of a run may spend together. A server that refuses nearly everything is not
 * hammered with several tries for each of a thousand requests: what is left over is told as not sent.
 */
export interface RetryBudget {
  /** Takes one retry, if there is one left. */
  spend(): boolean;
  /** A request that went through gives a part of a retry back. */
  earn(): void;
}

/** Each accepted request earns so much of a retry: at the utmost one try in ten is a retry, in the long run. */
const share = 0.1;

/** @param retries what there is at the start, and at most */
export function retryBudget(retries: number): RetryBudget {
  let left = retries;
  return {
    spend() {
      if (left < 1) return false;
      left--;
      return true;
    },
    earn() {
      left = Math.min(retries, left + share);
    },
  };
}
