/**
 * Faults: the ways in which servers fail, asked for on the command line as a comma-separated list of
 * `name` and `name=value`, for example `status=503,retry-after=2,every=3,path=ForceResync`.
 */
import { unusable } from '../error-words.ts';
import { didYouMean } from '../nearest-name.ts';

/** What a fault does. Of all but the last four the work asked for is not done. */
export type FaultAction =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'html'; readonly status: number; readonly retryAfter: string | undefined }
  /** The last two are SOAP's; REST has its own form of each: see fault-answers.ts. */
  | { readonly kind: 'reset-before-body' | 'null' | 'hang' | 'soap-fault' | 'succeeded-false' }
  | { readonly kind: 'poison'; readonly key: string }
  /** The work is done, its answer is lost or cut. */
  | { readonly kind: 'reset-after-body' | 'half-response' }
  /** The work is done; after the `count`-th resync its source becomes inactive. */
  | { readonly kind: 'inactive-after'; readonly count: number }
  /** The tenant moves to another path before the request is looked at, so that it is misdirected. */
  | { readonly kind: 'moved' }
  /** Nothing but a delay. */
  | { readonly kind: 'delay' };

/** A fault and the requests that it strikes. */
export interface Fault {
  /** As it was given; for the log. */
  readonly spec: string;
  readonly action: FaultAction;
  /** Milliseconds before the answer; the work, where it is done, is done before. */
  readonly delayMs: number;
  /** Strikes each n-th matching request. */
  readonly every: number;
  /** Strikes this part of the matching requests, 0 to 1. */
  readonly rate: number;
  /** Strikes no more often than this. */
  readonly times: number;
  /** Matches requests whose path contains this, lower-cased. */
  readonly path: string;
}

const flags = [
  'reset-before-body',
  'reset-after-body',
  'half-response',
  'html',
  'null',
  'soap-fault',
  'succeeded-false',
  'hang',
  'moved',
] as const;
const settings = {
  status: '<200-599>',
  'retry-after': '<seconds or HTTP date>',
  delay: '<duration, such as 500ms or 2s>',
  poison: '<key>',
  'inactive-after': '<n>',
  every: '<n>',
  rate: '<0..1>',
  times: '<n>',
  path: '<part of a path>',
} as const;
type Flag = (typeof flags)[number];
type Setting = keyof typeof settings;
const allowed = [...flags, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(', ');

/**
 * Reads a fault specification.
 *
 * @throws ErpsyncError (usage) that names the wrong part and what is allowed.
 */
export function parseFault(spec: string): Fault {
  const values = new Map<Setting, string>();
  const acts = new Set<Flag>();
  const seen = new Set<string>();
  // The comma of an HTTP date ("Wed, 21 Oct 2026 ...") divides nothing.
  for (const part of spec.split(/,(?!\s*\d{2} [A-Z][a-z]{2} \d{4} )/)) {
    const [, name = '', value] = /^\s*([^=]*?)\s*(?:=\s*(.*?)\s*)?$/s.exec(part) ?? [];
    if (seen.has(name)) throw wrong(spec, part, `"${name}" is given twice`);
    seen.add(name);
    if (isFlag(name)) {
      if (value !== undefined) throw wrong(spec, part, `${name} takes no value`);
      acts.add(name);
    } else if (isSetting(name)) {
      if (value === undefined || value === '') throw wrong(spec, part, `it needs ${name}=${settings[name]}`);
      values.set(name, value);
    } else {
      const nearest = didYouMean(name, [...flags, ...Object.keys(settings)]);
      throw wrong(spec, part, `there is no such fault${nearest === undefined ? '' : `, ${nearest}`}`);
    }
  }
  const read = <T>(name: Setting, reader: (text: string) => T | undefined, fallback: T): T => {
    const text = values.get(name);
    if (text === undefined) return fallback;
    const value = reader(text);
    if (value === undefined) throw wrong(spec, `${name}=${text}`, `allowed is ${name}=${settings[name]}`);
    return value;
  };
  const retryAfter = read('retry-after', readRetryAfter, undefined);
  const status = read('status', (text) => readCount(text, 200, 599), undefined);
  if (retryAfter !== undefined && status === undefined)
    throw wrong(spec, `retry-after=${retryAfter}`, 'it needs a status as well, such as status=503');
  const actions: FaultAction[] = [...acts].map((kind) =>
    kind === 'html' ? { kind, status: status ?? 200, retryAfter } : { kind },
  );
  if (status !== undefined && !acts.has('html')) actions.push({ kind: 'status', status, retryAfter });
  const key = values.get('poison');
  if (key !== undefined) actions.push({ kind: 'poison', key });
  const count = read('inactive-after', readPositive, undefined);
  if (count !== undefined) actions.push({ kind: 'inactive-after', count });
  const delayMs = read('delay', readDuration, undefined);
  const [action = delayMs === undefined ? undefined : { kind: 'delay' as const }, second] = actions;
  if (action === undefined) throw wrong(spec, spec, 'it says when to fail, but not how');
  if (second !== undefined) throw wrong(spec, second.kind, `it cannot go together with ${action.kind}`);
  return {
    spec,
    action,
    delayMs: delayMs ?? 0,
    every: read('every', readPositive, 1),
    rate: read('rate', readRate, 1),
    times: read('times', readPositive, Number.POSITIVE_INFINITY),
    path: (values.get('path') ?? '').toLowerCase(),
  };
}

function isFlag(name: string): name is Flag {
  return flags.some((flag) => flag === name);
}

function isSetting(name: string): name is Setting {
  return Object.hasOwn(settings, name);
}

function wrong(spec: string, part: string, problem: string) {
  const named = part.trim() === spec.trim() ? '' : ` in "${spec}"`;
  return unusable(
    `--fault "${part.trim()}"${named}`,
    problem,
    `write it as a comma-separated list of ${allowed}`,
  );
}

function readCount(text: string, least: number, most: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
}

function readPositive(text: string): number | undefined {
  return readCount(text, 1, Number.MAX_SAFE_INTEGER);
}

function readRate(text: string): number | undefined {
  const value = Number(text);
  return /^\d*\.?\d+$/.test(text) && value <= 1 ? value : undefined;
}

function readRetryAfter(text: string): string | undefined {
  const date = new Date(text);
  const isDate = !Number.isNaN(date.getTime()) && date.toUTCString() === text;
  return isDate || /^\d{1,9}$/.test(text) ? text : undefined;
}

/** A duration in milliseconds, at most a day, since a timer takes no more than 24 days. */
function readDuration(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d*\.?\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const value = Number(amount) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? Number.NaN);
  return value <= 86_400_000 && amount !== '' ? value : undefined;
}
