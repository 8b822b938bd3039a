import { describe, expect, it } from 'vitest';
import { checkProfileName, noneNamed, unknownProfile } from '../../../src/profiles/profile-name.ts';

describe('checkProfileName', () => {
  it.each(['a', '7', 'prod.eu-1_x', 'Cust12345', 'constructor', 'toString', 'x'.repeat(64)])(
    'when a name is %s then it passes',
    (name) => {
      expect(() => checkProfileName(name)).not.toThrow();
    },
  );

  it.each(['', '.x', '-x', '__proto__', 'a b', 'a/b', 'a\n', 'é', 'x'.repeat(65)])(
    'when a name is %j then it is a usage error',
    (name) => {
      expect(() => checkProfileName(name)).toThrow(
        expect.objectContaining({
          code: 'usage',
          exitCode: 2,
          message: expect.stringContaining(JSON.stringify(name)),
        }),
      );
    },
  );
});

describe('unknownProfile', () => {
  it('when a name is unknown then it is a config error that names it', () => {
    const error = unknownProfile('prod', []);
    expect(error).toMatchObject({
      code: 'config',
      exitCode: 3,
      message: 'there is no profile "prod": there is none at all',
    });
  });

  it('when a known name is near then the next step names only that one', () => {
    expect(unknownProfile('prdo', ['test', 'prod']).next).toBe(
      'did you mean "prod"? See: erpsync profile list',
    );
  });

  it('when only the case differs in a short name then the next step names that one', () => {
    expect(unknownProfile('A', ['a', 'test']).next).toContain('did you mean "a"?');
  });

  it('when no known name is near then they are listed', () => {
    expect(unknownProfile('prod', ['one', 'two'].values())).toMatchObject({
      message: 'there is no profile "prod": there are one, two',
      next: 'see: erpsync profile list',
    });
  });

  it('when one of many is near then that one stands alone', () => {
    const known = Array.from({ length: 200 }, (_, i) => `tenant-${i}`);
    expect(unknownProfile('tennant-7', known)).toMatchObject({
      message: 'there is no profile "tennant-7": none of the 200 has this name',
      next: 'did you mean "tenant-7"? See: erpsync profile list',
    });
  });

  it('when there are many then it tells how many more', () => {
    const known = Array.from({ length: 200 }, (_, i) => `tenant-${i}`);
    expect(unknownProfile('prod', known).message).toMatch(/tenant-19 and 180 more$/);
  });

  it('when no profile is known then the next step tells how to add one', () => {
    expect(unknownProfile('prod', []).next).toContain('erpsync profile add');
  });

  it('when the name holds control characters then they are escaped', () => {
    expect(unknownProfile('\u001b[2J', []).what).toBe('there is no profile "\\u001b[2J"');
  });
});

describe('noneNamed', () => {
  it('when several profiles are stored then they are listed', () => {
    expect(noneNamed(['one', 'two'], false)).toMatchObject({
      code: 'config',
      message: 'no profile is named: several are stored (one, two)',
    });
  });

  it('when there are many then it tells how many more', () => {
    const known = Array.from({ length: 200 }, (_, i) => `tenant-${i}`);
    expect(noneNamed(known, false).message).toMatch(/tenant-19 and 180 more\)$/);
  });

  it('when one is chosen for terminals then it tells why that does not count', () => {
    expect(noneNamed(['one', 'two'], true).message).toContain('without a terminal');
  });
});
