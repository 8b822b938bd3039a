/** Confirmations: typed by a person, or given with --yes; nobody else confirms anything. */
import { describe, expect, test } from 'vitest';
import { confirm, requireConfirmable } from '../../../src/cli/confirmation.ts';
import type { Context } from '../../../src/cli/context.ts';

/** What a person at a terminal types; undefined for nobody there. */
function asked(typed: string | undefined, yes = false) {
  const told: string[] = [];
  const context = {
    globals: { yes } as Context['globals'],
    prompts: {
      available: typed !== undefined,
      text(question: string) {
        told.push(question);
        return Promise.resolve(typed ?? '');
      },
    } as Context['prompts'],
    warn: (text: string) => void told.push(text),
  };
  return { context, told };
}

describe('a confirmation', () => {
  test.each(['124', ' 124 '])('when %j is typed then it goes on, and was told what for', async (typed) => {
    const { context, told } = asked(typed);
    await confirm('this removes 124', '124', context);
    expect(told).toEqual(['this removes 124', 'Type 124 to go on']);
  });

  test.each(['', 'y', 'yes', '12', '1244'])('when %j is typed instead then it is refused', async (typed) => {
    await expect(confirm('this removes 124', '124', asked(typed).context)).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('when --yes is given then nobody is asked', async () => {
    const { context, told } = asked(undefined, true);
    await confirm('this removes 124', '124', context);
    expect(told).toEqual([]);
  });

  test('when nobody is there then it is refused, early too', async () => {
    const { context } = asked(undefined);
    await expect(confirm('this removes 124', '124', context)).rejects.toMatchObject({ exitCode: 2 });
    expect(() => requireConfirmable('this removes 124', context)).toThrow('nobody is there to confirm it');
  });
});
