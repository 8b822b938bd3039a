/** Points in time as people read them. */

/** Where the short name of a zone is looked for: each language knows those of its own countries. */
const languages = ['en-GB', 'en-US', 'en-CA', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA'];

/**
 * A point in time that says where it is (`2026-11-25T22:17:00Z`) in local time with the zone: `2026-11-25 23:17 CET`,
 * or `+03:00` for a zone that has no short name. One that does not, as servers keep it, without a zone: it would be
 * made up. Anything else as it is.
 *
 * @param timeZone another one than that of this machine (TZ)
 */
export function timeForPeople(text: string, timeZone?: string): string {
  const [, date, minutes, zone] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  if (date === undefined || minutes === undefined) return text;
  if (zone === undefined) return `${date} ${minutes}`;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  const parts = partsOf(time, 'en-GB', 'longOffset', timeZone);
  const { year, month, day, hour, minute, timeZoneName = '' } = parts;
  return `${year}-${month}-${day} ${hour}:${minute} ${zoneName(time, timeZone) ?? offsetIn(timeZoneName)}`;
}

type Parts = Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>>;

/** Making one takes longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(
  time: Date,
  language: string,
  timeZoneName: 'short' | 'longOffset',
  timeZone: string | undefined,
): Parts {
  const name = [language, timeZoneName, timeZone].join(' ');
  const format =
    formats.get(name) ?? new Intl.DateTimeFormat(language, { ...digits, timeZoneName, timeZone });
  formats.set(name, format);
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
}

const digits = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const;

/** `CET`; undefined where no language has more than the offset. */
function zoneName(time: Date, timeZone: string | undefined): string | undefined {
  for (const language of languages) {
    const { timeZoneName } = partsOf(time, language, 'short', timeZone);
    if (timeZoneName !== undefined && /^[A-Z]{2,5}$/.test(timeZoneName)) return timeZoneName;
  }
  return undefined;
}

/** `GMT+05:30` as `+05:30`. */
function offsetIn(name: string): string {
  return name.replace(/^GMT(?=[+-])/, '');
}
