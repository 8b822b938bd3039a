import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';
import { systemErrorCode } from '../errors.ts';

/** The content of a lock file: which process holds it. */
export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** Start of that process in clock ticks since boot (Linux), so that a recycled pid is recognised; else null. */
  readonly startedAt: number | null;
  /** Tells one acquisition from every other one, also of the same process. */
  readonly token: string;
}

/** A new owner record for this process; each acquisition takes its own. */
export function thisProcess(): LockOwner {
  return { host: hostname(), pid, startedAt: processStatus(pid)?.startedAt ?? null, token: randomUUID() };
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
  return { host, pid: owner, startedAt, token };
}

/**
 * Whether the owner can be told to have ended: on this host, and its process is dead, a zombie, or
 * another one that got the same pid. False in every doubt: another host, or a system without /proc
 * where the pid is in use again.
 */
export function hasEnded(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return false;
  try {
    kill(owner.pid, 0);
  } catch (error) {
    if (systemErrorCode(error) === 'ESRCH') return true;
    // EPERM: a living process of another user.
  }
  const status = processStatus(owner.pid);
  if (status === undefined) return false;
  const recycled = owner.startedAt !== null && owner.startedAt !== status.startedAt;
  return recycled || status.state === 'Z' || status.state === 'X';
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
