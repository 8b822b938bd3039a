/** The present, in milliseconds since 1970 UTC; handed in, so that tests can move it. */
export type Clock = () => number;

/**
 * A point in time as NetServer writes it in JSON: ISO 8601, whole seconds, no zone
 * (`2023-10-05T14:17:57`). The sandbox's base time zone is UTC.
 */
export function serverTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19);
}

/** What .NET writes for a time that was never set. */
export const neverTime = '0001-01-01T00:00:00';

/** A point in time as the state keeps it: ISO 8601 with milliseconds, in UTC. */
export function storedTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** {@link neverTime} as the state keeps it. */
export const storedNever = `${neverTime}.000Z`;

/** The milliseconds since 1970 of a time that the state keeps. */
export function millisecondsOf(stored: string): number {
  return Date.parse(stored);
}
