/** What nine digits of seconds come to (ms), some 31 years: what lies beyond no clock need show. */
const longestMs = 999_999_999_000;

/**
 * The wait that a Retry-After header asks for, in ms: whole seconds, or an HTTP date against the
 * answer's own Date (the clocks of client and server may differ). Undefined when it cannot be read.
 */
export function parseRetryAfter(header: string | undefined, date: string | undefined): number | undefined {
  const text = header?.trim() ?? '';
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000;
  const until = parseHttpDate(text);
  const from = date === undefined ? Date.now() : parseHttpDate(date.trim());
  return until === undefined || from === undefined
    ? undefined
    : Math.min(longestMs, Math.max(0, until - from));
}

/** The three forms of an HTTP date begin with a weekday; Date.parse alone also takes "1.5" for one. */
function parseHttpDate(text: string): number | undefined {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  // The oldest form, asctime, has no zone and means GMT like the others.
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
