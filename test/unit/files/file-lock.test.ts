import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFileLock } from '../../../src/files/file-lock.ts';
import { isAlive, thisProcess } from '../../../src/files/lock-owner.ts';
import { startChild, useChildBundle } from '../profiles/child-process.ts';
import { modeOf, tempDirectory } from '../profiles/temp-directory.ts';

const child = useChildBundle();
const atOnce = { timeoutMs: 0 };

function newLock(content?: unknown): string {
  const path = join(tempDirectory(), 'config.lock');
  if (content !== undefined)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function endedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

const inside = () => 'inside';

describe('holding', () => {
  it('when the action returns then its value is returned and the lock is gone', async () => {
    const path = newLock();
    expect(await withFileLock(path, inside)).toBe('inside');
    expect(existsSync(path)).toBe(false);
  });

  it('when the action throws then its error is thrown and the lock is gone', async () => {
    const path = newLock();
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('when the lock is held then its file names host, process and token for the owner only', async () => {
    const path = newLock();
    const [content, mode] = await withFileLock(
      path,
      () => [readFileSync(path, 'utf8'), modeOf(path)] as const,
    );
    const startedAt = existsSync('/proc/self/stat') ? expect.any(Number) : null;
    expect(JSON.parse(content)).toEqual({
      host: hostname(),
      machine: existsSync('/etc/machine-id') ? expect.any(String) : null,
      boot: existsSync('/proc/sys/kernel/random/boot_id') ? expect.any(String) : null,
      pidSpace: existsSync('/proc/self/ns/pid') ? expect.any(String) : null,
      pid: process.pid,
      startedAt,
      token: expect.any(String),
    });
    expect(mode).toBe('600');
  });

  it('when another one took the lock meanwhile then its file stays', async () => {
    const path = newLock();
    const other = JSON.stringify({ host: 'elsewhere', pid: 1, startedAt: null, token: 'other' });
    await withFileLock(path, () => writeFileSync(path, other));
    expect(readFileSync(path, 'utf8')).toBe(other);
  });

  it('when the lock is released while another one waits then the other one gets it', async () => {
    const path = newLock();
    const order: string[] = [];
    let waiter: Promise<unknown> = Promise.resolve();
    await withFileLock(path, () => {
      waiter = withFileLock(path, () => order.push('second'));
      order.push('first');
    });
    await waiter;
    expect(order).toEqual(['first', 'second']);
  });

  it('when the directory is missing then it is a storage error', async () => {
    const path = join(newLock(), 'none', 'config.lock');
    await expect(withFileLock(path, inside)).rejects.toMatchObject({ code: 'storage', exitCode: 14 });
  });
});

describe('waiting', () => {
  it('when a living process holds the lock then the waiter ends with locked and names it', async () => {
    const path = newLock();
    await withFileLock(path, async () => {
      await expect(withFileLock(path, inside, { timeoutMs: 40 })).rejects.toMatchObject({
        code: 'locked',
        exitCode: 12,
        message: `the lock ${path} was not taken: process ${process.pid} on host ${JSON.stringify(hostname())} holds it`,
        next: expect.stringContaining(`rm ${path}`),
      });
    });
  });

  it('when the waiter gave up then the lock of the other one stays', async () => {
    const path = newLock();
    await withFileLock(path, async () => {
      await withFileLock(path, inside, atOnce).catch(() => undefined);
      expect(existsSync(path)).toBe(true);
    });
  });

  it('when a process of another host holds the lock then it counts as living', async () => {
    const path = newLock({ host: 'elsewhere', pid: endedPid(), startedAt: 1, token: 't' });
    await expect(withFileLock(path, inside, atOnce)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('"elsewhere"'),
    });
  });

  it('when a process of another host stays the holder for as long as was said then it has ended', async () => {
    const path = newLock({ host: 'elsewhere', pid: endedPid(), startedAt: 1, token: 't' });
    const patient = { timeoutMs: 60, foreignHolderMs: 10_000 };
    await expect(withFileLock(path, inside, patient)).rejects.toMatchObject({ code: 'locked' });
    expect(await withFileLock(path, inside, { timeoutMs: 10_000, foreignHolderMs: 50 })).toBe('inside');
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['empty', ''],
    ['cut off', '{"host":'],
    ['no object', '1'],
    ['without a token', { host: hostname(), pid: 4_194_305, startedAt: null }],
    ['with pid 0', { host: hostname(), pid: 0, startedAt: null, token: 't' }],
    ['with a negative pid', { host: hostname(), pid: -1, startedAt: null, token: 't' }],
  ])('when the content is %s then it ends with locked and names the file', async (_, content) => {
    const path = newLock(content);
    await expect(withFileLock(path, inside, atOnce)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(path),
      next: expect.stringContaining(`rm ${path}`),
    });
    expect(existsSync(path)).toBe(true);
  });
});

describe('taking over', () => {
  it('when the owner was killed then the lock is taken over at once', async () => {
    const path = newLock();
    const holder = startChild(process.execPath, [child.file, 'hold', path]);
    await once(holder.stdout, 'data');
    await expect(withFileLock(path, inside, atOnce)).rejects.toMatchObject({ code: 'locked' });
    holder.kill('SIGKILL');
    await holder;
    expect(await withFileLock(path, inside, atOnce)).toBe('inside');
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('when the pid of the owner was given to another process then the lock is taken over at once', async () => {
    // Only Linux tells the start of a process; elsewhere such a lock has null and has to be waited for.
    const linux = existsSync('/proc/self/stat');
    const path = newLock({ host: hostname(), pid: process.pid, startedAt: linux ? 1 : null, token: 't' });
    const result = await withFileLock(path, inside, atOnce).catch((error) => error.code);
    expect(result).toBe(linux ? 'inside' : 'locked');
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'when the owner is a zombie then the lock is taken over at once',
    async () => {
      // The shell becomes a program that never asks for the end of its child, and only then the child ends.
      const script = 'exec 3<&0; (read line <&3) & echo $!; exec sleep 60';
      const parent = startChild('sh', ['-c', script]);
      const [pid] = await once(parent.stdout, 'data');
      await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1')).toBe('sleep\n');
      parent.stdin.end('\n');
      const status = () => readFileSync(`/proc/${Number(pid)}/stat`, 'latin1').split(') ')[1] ?? '';
      await expect.poll(status).toMatch(/^Z/);
      const path = newLock({ host: hostname(), pid: Number(pid), startedAt: null, token: 't' });
      expect(await withFileLock(path, inside, atOnce)).toBe('inside');
      const startedAt = Number(
        readFileSync(`/proc/${Number(pid)}/stat`, 'latin1')
          .split(') ')[1]
          ?.split(' ')[19],
      );
      expect(isAlive({ ...thisProcess(), pid: Number(pid), startedAt })).toBe(false);
      parent.kill('SIGKILL');
      await parent;
    },
  );

  it('when a breaker was killed too then the lock is taken over at once', async () => {
    const ended = { host: hostname(), pid: endedPid(), startedAt: 1, token: 't' };
    const path = newLock(ended);
    writeFileSync(`${path}.breaking`, JSON.stringify({ ...ended, token: 'u' }));
    expect(await withFileLock(path, inside, atOnce)).toBe('inside');
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('when a living process is breaking the lock then it is left to it', async () => {
    const path = newLock({ host: hostname(), pid: endedPid(), startedAt: 1, token: 't' });
    await withFileLock(`${path}.breaking`, async () => {
      await expect(withFileLock(path, inside, atOnce)).rejects.toMatchObject({ code: 'locked' });
    });
    rmSync(path);
  });

  it('when another breaker was faster then its lock stays', async () => {
    // The first look at the lock is held up by a pipe: it reads the abandoned lock that meanwhile is a new one.
    const path = newLock();
    spawnSync('mkfifo', [path]);
    const slow = startChild(process.execPath, [child.file, 'try', path]);
    const pipe = await open(path, 'w');
    const taken = JSON.stringify({ host: hostname(), pid: process.pid, startedAt: null, token: 'new' });
    writeFileSync(`${path}.new`, taken);
    renameSync(`${path}.new`, path);
    await pipe.writeFile(JSON.stringify({ host: hostname(), pid: endedPid(), startedAt: 1, token: 'old' }));
    await pipe.close();
    expect(JSON.parse((await slow).stdout)).toMatchObject({ code: 'locked' });
    expect(readFileSync(path, 'utf8')).toBe(taken);
  });

  it('when many processes break abandoned locks at once then never two are inside', {
    timeout: 120_000,
  }, async () => {
    const path = newLock();
    const args = [child.file, 'contend', path, join(path, '..', 'marker'), '150', String(endedPid())];
    const runs = Array.from({ length: 6 }, () => startChild(process.execPath, args));
    expect((await Promise.all(runs)).map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
      runs.map(() => [0, '']),
    );
  });
});
