/** .NET's TimeSpan as text: `00:15:00` and `PT15M` are the same quarter of an hour. */

/** How durations are written: `00:15:00` (.NET's own form) or `PT15M` (ISO 8601, as in SOAP). */
export const timeSpanForms = ['clock', 'iso'] as const;
/** One of {@link timeSpanForms}. */
export type TimeSpanForm = (typeof timeSpanForms)[number];

const clock = /^(-)?(?:(\d{1,8})\.)?(\d{1,10}):(\d{1,2})(?::(\d{1,2}(?:\.\d{1,9})?))?$/;
const iso =
  /^(-)?P(?=\d|T\d)(?:(\d{1,8})D)?(?:T(?=\d)(?:(\d{1,10})H)?(?:(\d{1,12})M)?(?:(\d{1,14}(?:\.\d{1,9})?)S)?)?$/;

/** The largest TimeSpan of .NET, in ms: some 10 675 199 days, to either side of zero. */
const largestMs = 922_337_203_685_477;

/**
 * The duration in whole ms (rounded), or undefined for a text that is none. Read are `h:m`, `hh:mm:ss`,
 * `d.hh:mm:ss` and ISO 8601 in days, hours, minutes and seconds (months and years have no fixed length);
 * seconds may have a fraction, a minus stands first. Hours without days may exceed 23.
 */
export function parseTimeSpan(text: string): number | undefined {
  const [, minus, days, hours, minutes, seconds] = clock.exec(text) ?? iso.exec(text) ?? [];
  if (text.includes(':')) {
    if (Number(minutes) > 59 || Number(seconds ?? 0) >= 60) return undefined;
    if (days !== undefined && Number(hours) > 23) return undefined;
  }
  const parts = [days, hours, minutes, seconds];
  if (parts.every((part) => part === undefined)) return undefined;
  const [d = 0, h = 0, m = 0, s = 0] = parts.map((part) => Number(part ?? 0));
  const ms = Math.round(((d * 24 + h) * 60 + m) * 60_000 + s * 1_000);
  if (ms > largestMs) return undefined;
  return minus === undefined || ms === 0 ? ms : -ms;
}

/** `hh:mm:ss`, from a day on `d.hh:mm:ss`, with a fraction where it is needed. Takes whole ms. */
export function formatClock(ms: number): string {
  const { minus, days, hours, minutes, seconds } = split(ms);
  const [whole = '', fraction] = seconds.split('.');
  const two = (part: number | string): string => String(part).padStart(2, '0');
  const time = `${two(hours)}:${two(minutes)}:${two(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
  return `${minus}${days === 0 ? '' : `${days}.`}${time}`;
}

/** ISO 8601 without parts that are zero: `PT15M`, `P1DT2H`, `PT0S`. Takes whole ms. */
export function formatIso(ms: number): string {
  const { minus, days, hours, minutes, seconds } = split(ms);
  const part = (value: number | string, unit: string): string => (Number(value) === 0 ? '' : value + unit);
  const time = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S');
  const text = part(days, 'D') + (time === '' ? '' : `T${time}`);
  return `${minus}P${text === '' ? 'T0S' : text}`;
}

/** Whole ms in the given form. */
export function formatTimeSpan(ms: number, form: TimeSpanForm): string {
  return form === 'iso' ? formatIso(ms) : formatClock(ms);
}

/** The parts of a duration; the seconds as text, with a fraction only where there is one. */
function split(ms: number) {
  const total = Math.abs(ms);
  const wholeSeconds = Math.floor(total / 1_000);
  const fraction = total % 1_000 === 0 ? '' : `.${String(total % 1_000).padStart(3, '0')}`;
  return {
    minus: ms < 0 ? '-' : '',
    days: Math.floor(wholeSeconds / 86_400),
    hours: Math.floor(wholeSeconds / 3_600) % 24,
    minutes: Math.floor(wholeSeconds / 60) % 60,
    seconds: `${wholeSeconds % 60}${fraction}`,
  };
}
