import { describe, expect, test } from 'vitest';
import { stateDirectory } from '../../../src/resync/state-directory.ts';

const linux = { environment: {}, homeDirectory: '/home/tje', platform: 'linux', workingDirectory: '/work' };

describe('the state directory', () => {
  test.each<[Record<string, string>, string]>([
    [{}, '/home/tje/.local/state/erpsync'],
    [{ XDG_STATE_HOME: '/var/state' }, '/var/state/erpsync'],
    [{ XDG_STATE_HOME: 'relative' }, '/home/tje/.local/state/erpsync'],
    [{ XDG_STATE_HOME: '/var/state', ERPSYNC_STATE_DIR: '/srv/erpsync' }, '/srv/erpsync'],
    [{ ERPSYNC_STATE_DIR: 'here' }, '/work/here'],
    [{ ERPSYNC_STATE_DIR: '' }, '/home/tje/.local/state/erpsync'],
  ])('when the environment of a Linux host is %j then it is %s', (environment, expected) => {
    expect(stateDirectory({ ...linux, environment })).toBe(expected);
  });

  test('when the host is a Mac then it is in its Library', () => {
    const mac = { ...linux, platform: 'darwin', homeDirectory: '/Users/tje' };
    expect(stateDirectory(mac)).toBe('/Users/tje/Library/Application Support/erpsync');
  });

  test.each<[Record<string, string>, string]>([
    [{ LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\erpsync'],
    [{}, 'C:\\Users\\tje\\AppData\\Local\\erpsync'],
    [{ ERPSYNC_STATE_DIR: 'E:\\state' }, 'E:\\state'],
  ])('when the environment of a Windows host is %j then it is %s', (environment, expected) => {
    const windows = { homeDirectory: 'C:\\Users\\tje', platform: 'win32', workingDirectory: 'C:\\' };
    expect(stateDirectory({ environment, ...windows })).toBe(expected);
  });

  test('when the home directory is not known then that is an error with a way out', () => {
    expect(() => stateDirectory({ ...linux, homeDirectory: '' })).toThrow(
      expect.objectContaining({ code: 'config', next: expect.stringContaining('ERPSYNC_STATE_DIR') }),
    );
  });
});
