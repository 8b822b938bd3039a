/** Points in time as the server writes them. */

/**
 * The text as it came, in UTC where it names a zone: most servers do not, and none is made up for them. Null for none,
 * and for the first of January of the year 1, with which .NET says "never".
 */
export function pointInTime(text: string | null | undefined): string | null {
  if (text === null || text === undefined || text.startsWith('0001-01-01')) return null;
  const time = /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace('.000Z', 'Z');
}
