import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';
import { systemErrorCode } from '../errors.ts';

/** The content of a lock file: which process holds it. */
export interface LockOwner {
  readonly host: string;
  /** Tells two machines of one name apart, where the system has an id for it (Linux); else null. */
  readonly machine: string | null;
  /** The start of the system that the process runs in (Linux); another one after a restart; else null. */
  readonly boot: string | null;
  /** The space that the pid is unique within (Linux): a container has its own; else null. */
  readonly pidSpace: string | null;
  readonly pid: number;
  /** Start of that process in clock ticks since boot (Linux), so that a recycled pid is recognised; else null. */
  readonly startedAt: number | null;
  /** Tells one acquisition from every other one, also of the same process. */
  readonly token: string;
}

/** A new owner record for this process; each acquisition takes its own. */
export function thisProcess(): LockOwner {
  const startedAt = processStatus(pid)?.startedAt ?? null;
  return { ...thisSystem(), pid, startedAt, token: randomUUID() };
}

/** The owner that a lock file names, or undefined where the text is none (cut off, or not ours). */
export function parseLockOwner(text: string): LockOwner | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('host' in value && 'pid' in value && 'startedAt' in value && 'token' in value)) return undefined;
  const { host, pid: owner, startedAt, token } = value;
  if (typeof host !== 'string' || typeof token !== 'string') return undefined;
  // 0 and negative numbers would ask for process groups.
  if (typeof owner !== 'number' || !Number.isSafeInteger(owner) || owner <= 0) return undefined;
  if (startedAt !== null && typeof startedAt !== 'number') return undefined;
  const known = (name: string): string | null => {
    const member: unknown = Reflect.get(value, name);
    return typeof member === 'string' ? member : null;
  };
  const [machine, boot, pidSpace] = [known('machine'), known('boot'), known('pidSpace')];
  return { host, machine, boot, pidSpace, pid: owner, startedAt, token };
}

/**
 * Whether the owner can be told to have ended: on this host, and the host was started anew since, or its
 * process is dead, a zombie, or another one that got the same pid. False in every doubt: another host,
 * another container, or a system without /proc where the pid is in use again.
 */
export function hasEnded(owner: LockOwner): boolean {
  const here = thisSystem();
  if (!onThisMachine(owner, here)) return false;
  if (differ(owner.boot, here.boot)) return true;
  if (differ(owner.pidSpace, here.pidSpace)) return false;
  try {
    kill(owner.pid, 0);
  } catch (error) {
    if (systemErrorCode(error) === 'ESRCH') return true;
    // EPERM: a living process of another user.
  }
  const status = processStatus(owner.pid);
  if (status === undefined) return false;
  const recycled = owner.startedAt !== null && owner.startedAt !== status.startedAt;
  return recycled || isDead(status);
}

/**
 * Whether the owner is known to live: {@link hasEnded} looked and saw its very process. Otherwise only a
 * sign of life tells.
 */
export function isAlive(owner: LockOwner): boolean {
  const here = thisSystem();
  if (!onThisMachine(owner, here) || differ(owner.pidSpace, here.pidSpace)) return false;
  const status = processStatus(owner.pid);
  return owner.startedAt !== null && owner.startedAt === status?.startedAt && !isDead(status);
}

type System = Pick<LockOwner, 'host' | 'machine' | 'boot' | 'pidSpace'>;

function onThisMachine(owner: LockOwner, here: System): boolean {
  return owner.host === here.host && !differ(owner.machine, here.machine);
}

/** What is not known differs from nothing. */
function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

let system: System | undefined;

function thisSystem(): System {
  system ??= { host: hostname(), machine: machineId(), boot: bootId(), pidSpace: pidSpaceId() };
  return system;
}

/** Of /etc/machine-id, whose own text should not be shown around. */
function machineId(): string | null {
  const id = textIn('/etc/machine-id');
  return id === null ? null : createHash('sha256').update(id).digest('hex').slice(0, 16);
}

function bootId(): string | null {
  return textIn('/proc/sys/kernel/random/boot_id');
}

function pidSpaceId(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, 'latin1').trim() || null;
  } catch {
    return null;
  }
}

/** A zombie has ended, and waits for its parent to notice; X is on its way out. */
function isDead({ state }: { readonly state: string }): boolean {
  return state === 'Z' || state === 'X';
}

/** State (field 3) and start time (field 22) of /proc/PID/stat; undefined where the system has none. */
function processStatus(id: number): { readonly state: string; readonly startedAt: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    // Field 2 is the program's name in parentheses and may itself hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], Number(fields[19])];
    return state === undefined || !Number.isSafeInteger(startedAt) ? undefined : { state, startedAt };
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
