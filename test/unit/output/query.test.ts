import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { readQuery } from '../../../src/output/query.ts';

const document = {
  items: [
    { id: 124, name: 'Visma Net', more: undefined },
    { id: 125, name: 'Navision' },
  ],
};

function refusal(work: () => unknown): ErpsyncError {
  try {
    work();
  } catch (error) {
    if (error instanceof ErpsyncError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a query', () => {
  test.each<[string, unknown]>([
    ['items[].id', [124, 125]],
    ['items[?id == `124`].name | [0]', 'Visma Net'],
    ['items[].{number: id}', [{ number: 124 }, { number: 125 }]],
    ['length(items)', 2],
    ['nothing', null],
    ['items[0]', { id: 124, name: 'Visma Net' }],
  ])('when it is %s then it takes that part', (expression, expected) => {
    expect(readQuery(expression)(document)).toEqual(expected);
  });

  test.each<[string, string]>([
    ['items[', 'its end'],
    ['length(items', 'its end'],
    ['a || ', 'its end'],
    ['', 'its end'],
    ['items[?id == 124]', 'character 14'],
    ['a bcd', 'character 3'],
    ['a #', 'character 3'],
    ['items[].{a: b, c}', 'character 17'],
    ['items[].nope(@)', 'character 9'],
  ])('when it is %j then the place is named where it goes wrong', (expression, place) => {
    const error = refusal(() => readQuery(expression));
    expect(error).toMatchObject({ code: 'usage' });
    expect(error.message).toContain(`at ${place}: `);
  });

  test('when the document does not fit it then that is told', () => {
    const error = refusal(() => readQuery('length(items[0].id)')(document));
    expect(error.message).toMatch(/does not fit the result: .*length/);
  });
});
