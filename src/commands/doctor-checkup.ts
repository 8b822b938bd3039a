/** Checks one after the other: each needs others, and what builds on something that failed is skipped. */
import { ErpsyncError, type ErrorCode } from '../errors.ts';

/** What came of one check. */
export interface Check {
  readonly name: string;
  /** `info` is something that this profile does not need. */
  readonly status: 'ok' | 'info' | 'warning' | 'failed' | 'skipped';
  /** What was found, or why it failed, or what it needs. */
  readonly detail: string;
  /** What to do; null where there is nothing to do. */
  readonly fix: string | null;
  /** Of a failure. */
  readonly code?: ErrorCode;
}

/** What a check found: a text, or one with something to see to, or one that is no matter. */
export type Finding =
  | string
  | { readonly detail: string; readonly fix: string }
  | { readonly detail: string; readonly info: true };

/** What a check found, and what it made for those that need it. */
export interface Found<T> {
  readonly found: Finding;
  readonly made: T;
}

/** Checks that are being made. */
export interface Checkup {
  /** In the order in which they were made. */
  readonly checks: readonly Check[];
  /** Makes a check unless one that it needs went wrong; what it made is there for the next ones. */
  check<T>(name: string, needs: readonly string[], look: () => Promise<Found<T>>): Promise<T | undefined>;
}

/** Nothing that a check finds wrong is thrown. */
export function checkup(): Checkup {
  const checks: Check[] = [];
  const broken = new Set<string>();
  return {
    checks,
    async check(name, needs, look) {
      const missing = needs.find((each) => broken.has(each));
      if (missing !== undefined) {
        broken.add(name);
        checks.push({ name, status: 'skipped', detail: `needs ${missing}`, fix: null });
        return undefined;
      }
      try {
        const { found, made } = await look();
        checks.push({ name, ...asCheck(found) });
        return made;
      } catch (error) {
        if (!(error instanceof ErpsyncError)) throw error;
        broken.add(name);
        const { message: detail, next: fix = null, code } = error;
        checks.push({ name, status: 'failed', detail, fix, code });
        return undefined;
      }
    },
  };
}

function asCheck(found: Finding): Omit<Check, 'name'> {
  if (typeof found === 'string') return { status: 'ok', detail: found, fix: null };
  return 'info' in found
    ? { status: 'info', detail: found.detail, fix: null }
    : { status: 'warning', ...found };
}

/** A check that makes nothing. */
export function only(found: Finding): Promise<Found<undefined>> {
  return Promise.resolve({ found, made: undefined });
}
