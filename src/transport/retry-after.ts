/**
 * The wait that a Retry-After header asks for, in ms: whole seconds, or an HTTP date against the
 * answer's own Date (the clocks of client and server may differ). Undefined when it cannot be read.
 */
export function parseRetryAfter(header: string | undefined, date: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000;
  const until = Date.parse(header);
  const from = date === undefined ? Date.now() : Date.parse(date);
  return Number.isNaN(until) || Number.isNaN(from) ? undefined : Math.max(0, until - from);
}
