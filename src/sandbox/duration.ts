/** .NET's TimeSpan in its two written forms, in whole seconds as the database stores it. */

const clockForm = /^(?:(\d{1,8})\.)?([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/;
const isoForm = /^P(?=\d|T\d)(?:(\d{1,8})D)?(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})S)?)?$/;
const longest = 2 ** 31 - 1;

/**
 * The seconds of `hh:mm:ss`, `d.hh:mm:ss` or an ISO 8601 duration of days, hours, minutes and seconds;
 * undefined for any other text, and for none or more than an int32 of them.
 */
export function readSeconds(text: string): number | undefined {
  const parts = clockForm.exec(text) ?? isoForm.exec(text);
  if (parts === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const total = days * 86_400 + hours * 3600 + minutes * 60 + seconds;
  return total > 0 && total <= longest ? total : undefined;
}

/** .NET's constant form of a TimeSpan: `hh:mm:ss`, with days before a dot above 24 hours. */
export function timeSpan(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `${days > 0 ? `${days}.` : ''}${clock.map(two).join(':')}`;
}
