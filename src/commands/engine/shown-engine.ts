/** The sync engine as commands show it. */
import type { EngineStatus } from '../../agent/engine.ts';
import { formatClock } from '../../agent/timespan.ts';
import { inEnglish } from '../../resync/names.ts';

/** A status as the body of `-o json`. */
export function engineBody({ running, message, intervalMs }: EngineStatus) {
  return {
    running,
    message: message === null ? null : inEnglish(message),
    interval: intervalMs === null ? null : formatClock(intervalMs),
    intervalSeconds: intervalMs === null ? null : intervalMs / 1_000,
  };
}

/** A duration for people: `15m`, `1h 30m`, `2d`. */
export function durationInWords(ms: number): string {
  const seconds = ms / 1_000;
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [Math.round((seconds % 60) * 1_000) / 1_000, 's'],
  ] as const;
  const shown = parts.filter(([value]) => value !== 0).map(([value, unit]) => `${value}${unit}`);
  return shown.length === 0 ? '0s' : shown.join(' ');
}
