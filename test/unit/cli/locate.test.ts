import { describe, expect, test } from 'vitest';
import { locateCommand } from '../../../src/cli/locate.ts';
import { commands } from '../../../src/commands/index.ts';

describe('a command line', () => {
  test.each<[string[], string[], string[], boolean]>([
    [['force-resync', '--ids', '1'], ['force-resync'], ['--ids', '1'], true],
    [['-o', 'json', '-q', 'profile', 'list'], ['profile', 'list'], ['-o', 'json', '-q'], true],
    [['profile', '--output=json', 'show', 'x'], ['profile', 'show'], ['--output=json', 'x'], true],
    [['profile', '-p', 'list', 'show'], ['profile', 'show'], ['-p', 'list'], true],
    [['profile'], ['profile'], [], false],
    [['-q'], [], ['-q'], false],
    [[], [], [], false],
    [['profile', 'show', '--', '-h'], ['profile', 'show'], ['--', '-h'], true],
  ])('when it is %j then the command is found and the rest is kept', (args, path, rest, found) => {
    expect(locateCommand(args, commands)).toMatchObject({ path, rest });
    expect(locateCommand(args, commands).entry !== undefined).toBe(found);
  });

  test.each<[string[], string | undefined]>([
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['profile', '--help', 'list'], 'help'],
    [['force-resync', '--version', '-h'], 'help'],
    [['profile', 'show', '--', '--help'], undefined],
  ])('when it is %j then it wants %s', (args, wants) => {
    expect(locateCommand(args, commands).wants).toBe(wants);
  });

  test('when every command is named then it is found', () => {
    for (const entry of commands) expect(locateCommand(entry.path, commands).entry).toBe(entry);
  });

  test.each([
    [['force-resink'], 'force-resync'],
    [['profile', 'remvoe'], 'profile remove'],
    [['xyzzy-plugh'], undefined],
    [['constructor'], undefined],
  ])('when %j is no command then it is named, with the nearest', (args, nearest) => {
    const next =
      nearest === undefined ? expect.stringContaining('--help') : expect.stringContaining(`"${nearest}"`);
    expect(() => locateCommand(args, commands)).toThrow(
      expect.objectContaining({
        code: 'usage',
        what: `there is no command ${JSON.stringify(args.join(' '))}`,
        next,
      }),
    );
  });

  test.each(['--ids', '--ids=1', '-x', '-qx', '--dry-run'])(
    'when %s stands before the command then it is told apart, and no command is looked for',
    (option) => {
      const { early, entry } = locateCommand([option, 'force-resync'], commands);
      expect([early, entry]).toEqual([option.split('=', 1)[0], undefined]);
    },
  );
});
