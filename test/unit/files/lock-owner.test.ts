import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasEnded, isAlive, parseLockOwner, thisProcess } from '../../../src/files/lock-owner.ts';

const endedPid = (): number => spawnSync(process.execPath, ['--version']).pid;

describe.runIf(process.platform === 'linux')('an owner', () => {
  it.each<[string, () => object, { ended: boolean; alive: boolean }]>([
    ['this process', () => ({}), { ended: false, alive: true }],
    ['a process that ended', () => ({ pid: endedPid() }), { ended: true, alive: false }],
    ['another process of the same pid', () => ({ startedAt: 1 }), { ended: true, alive: false }],
    ['from before the machine was started anew', () => ({ boot: 'b' }), { ended: true, alive: false }],
    ['on another host', () => ({ host: 'b', pid: endedPid() }), { ended: false, alive: false }],
    [
      'on another machine of the same name',
      () => ({ machine: 'b', boot: 'b' }),
      { ended: false, alive: false },
    ],
    ['in another container', () => ({ pidSpace: 'b', pid: endedPid() }), { ended: false, alive: false }],
    [
      'of a system that does not tell when it started',
      () => ({ startedAt: null }),
      { ended: false, alive: false },
    ],
  ])('when it is %s then that is told', (_, more, { ended, alive }) => {
    const owner = { ...thisProcess(), ...more() };
    expect(hasEnded(owner)).toBe(ended);
    if (!ended) expect(isAlive(owner)).toBe(alive);
  });

  it('when an older version wrote it then what that did not know is not compared', () => {
    const { host, pid, startedAt, token } = thisProcess();
    const owner = parseLockOwner(JSON.stringify({ host, pid, startedAt, token }));
    expect(owner).toMatchObject({ machine: null, boot: null, pidSpace: null });
    expect(owner && isAlive(owner)).toBe(true);
  });
});
