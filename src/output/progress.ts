/** How far some work is, in a line. */

/** Work that is under way. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted: `keys`. */
  readonly noun: string;
  readonly requests: number;
  readonly retries: number;
  /** Since it began, in ms. */
  readonly elapsedMs: number;
}

/** `12000 of 100000 keys (12 %), 12 requests, 8000 keys/s, 11 s left, 1 retry`. */
export function progressText({ done, total, noun, requests, retries, elapsedMs }: Progress): string {
  const seconds = elapsedMs / 1_000;
  const speed = seconds > 0 ? done / seconds : 0;
  const left = speed > 0 && done < total ? [`${timeInWords((total - done) / speed)} left`] : [];
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  return [
    `${done} of ${total} ${noun} (${percent} %)`,
    `${requests} request${requests === 1 ? '' : 's'}`,
    `${speed < 10 ? speed.toFixed(1) : Math.round(speed)} ${noun}/s`,
    ...left,
    ...(retries === 0 ? [] : [`${retries} ${retries === 1 ? 'retry' : 'retries'}`]),
  ].join(', ');
}

/** The same with a bar before it, as far as the terminal has room; never wider than it. */
export function progressLine(progress: Progress, columns: number): string {
  const text = progressText(progress);
  const room = Math.min(30, columns - text.length - 4);
  if (room < 8) return text.slice(0, Math.max(0, columns - 1));
  const { done, total } = progress;
  const filled = total === 0 ? room : Math.floor((room * done) / total);
  return `[${'='.repeat(filled)}${' '.repeat(room - filled)}] ${text}`;
}

/** `45 s`, `3 min`, `1 h 20 min`. */
function timeInWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
