import { describe, expect, it } from 'vitest';
import { checkProfileName, unknownProfile } from '../../../src/profiles/profile-name.ts';

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
    expect(error).toMatchObject({ code: 'config', exitCode: 3, message: 'there is no profile "prod"' });
  });

  it('when a known name is near then the hint names only that one', () => {
    expect(unknownProfile('prdo', ['test', 'prod']).hint).toBe('did you mean "prod"?');
  });

  it('when only the case differs in a short name then the hint names that one', () => {
    expect(unknownProfile('A', ['a', 'test']).hint).toBe('did you mean "a"?');
  });

  it('when no known name is near then the hint lists them', () => {
    expect(unknownProfile('prod', ['one', 'two'].values()).hint).toBe('the profiles are "one", "two"');
  });

  it('when there are many then the hint tells how many more', () => {
    const known = Array.from({ length: 200 }, (_, i) => `tenant-${i}`);
    expect(unknownProfile('prod', known).hint).toMatch(/"tenant-9" and 190 more$/);
  });

  it('when no profile is known then the hint tells how to add one', () => {
    expect(unknownProfile('prod', []).hint).toContain('erpsync profile add');
  });

  it('when the name holds control characters then they are escaped', () => {
    expect(unknownProfile('\u001b[2J', []).message).toBe('there is no profile "\\u001b[2J"');
  });
});
