/** Points in time as the server writes them. */

/** The text as it came; null for none, and for the first of January of the year 1, with which .NET says "never". */
export function pointInTime(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.startsWith('0001-01-01') ? null : text;
}
