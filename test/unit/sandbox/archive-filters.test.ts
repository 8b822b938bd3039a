/** Conditions of archives: the documented grammar and operators, and nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFilter } from '../../../src/sandbox/archive/filter.ts';
import { Refusal } from '../../../src/sandbox/refusal.ts';
import { keysOf, query } from './archive-fixture.ts';
import { open } from './sandbox-fixture.ts';

const key = 'erpexternalkey';

/** Columns of the keys archive are written without their table here. */
function dotted($filter: string): Readonly<Record<string, string>> {
  return { $select: `${key}.ErpKey`, $filter: $filter.replace(/\b(Erp\w+|ActorType|id)\b/g, fieldName) };
}

function fieldName(name: string): string {
  return `${key}.${name === 'id' ? 'erpexternalkey_id' : name}`;
}

describe('conditions on keys', () => {
  test.each([
    ['ErpConnectionId eq 126', ['2012']],
    ['ErpConnectionId = 126', ['2012']],
    ['ErpConnectionId=126', ['2012']],
    ['ErpConnectionId equals 126', ['2012']],
    ['ErpConnectionId set 126', ['2012']],
    ['ErpConnectionId EQ 126', ['2012']],
    ['id lt 2003', ['2001', '2002']],
    ['id less 2003', ['2001', '2002']],
    ['id le 2003', ['2001', '2002', '2003']],
    ['id gt 2010', ['2011', '2012']],
    ['id greater 2010', ['2011', '2012']],
    ['id ge 2010', ['2010', '2011', '2012']],
    ['id between (2002, 2004)', ['2002', '2003', '2004']],
    ['id ne 2001 and id unequals 2002 and id lt 2004', ['2003']],
    ['ErpInternalKeyId oneOf (301,302)', ['2008', '2009']],
    ['ActorType notOneOf (1,2,4) and id gt 1', ['2007', '2010']],
    ["ErpKey is 'c-10012'", ['2001']],
    ["ErpKey begins 'P'", ['2008', '2010']],
    ["ErpKey contains '10013'", ['2003']],
    ["ErpKey in ('C-10012','P-77')", ['2001', '2008']],
    ["ErpKey between ('S','SE')", ['2004']],
    ["ErpKey notBegins 'C' and ErpKey notContains '0' and ErpKey isNot 'P-77'", ['2009', '2010', '2012']],
    ["ErpKey is 'C-10012' or ErpKey is 'C-10013'", ['2001', '2003']],
    ["ErpConnectionId eq 126 or ErpKey begins 'PRJ' and ErpConnectionId eq 124", ['2012']],
    ["ErpKey is 'it''s'", []],
    ['ErpConnectionId eq 124 and getNoRows set true', []],
    ['getAllRows set true and ErpConnectionId eq 126', ['2012']],
  ])('when the filter is %s then the right keys come', async ($filter, expected) => {
    const sandbox = await open();
    expect(await keysOf(sandbox, 'Dynamic', dotted($filter))).toEqual(expected);
  });

  test.each([
    ['(ErpConnectionId eq 124)', 'grouped in parentheses'],
    ['ErpConnectionId eq 124 and (id eq 1 or id eq 2)', 'grouped in parentheses'],
    ['ErpConnectionId eq 124 &&', 'at "&&"'],
    ['ErpConnectionId eq 124 xor id eq 1', '"xor" where "and" or "or" is due'],
    ['ErpConnectionId eq 124 and', 'where a column is due'],
    ['ErpConnectionId', 'no operator'],
    ['ErpConnectionId eq', 'takes one whole number'],
    ["ErpConnectionId eq '124'", 'takes one whole number'],
    ['ErpConnectionId eq 12345678901', 'takes one whole number'],
    ['ErpConnectionId eq 1.5', 'cannot be read'],
    ['id between (1)', 'takes two whole numbers'],
    ['id between (1,2', 'not closed'],
    ['id oneOf (1,2)', 'has no operator "oneOf"'],
    ['id like 1', 'has no operator "like"'],
    ['ErpKey eq 7', 'has no operator "eq"'],
    ['ErpKey is C', 'takes one text in single quotes'],
    ["ErpKey is 'C", 'cannot be read'],
    ['nosuch.column eq 1', 'no table "nosuch"'],
  ])('when the filter is %s then it is refused and says why', async ($filter, words) => {
    const sandbox = await open();
    const { status, json } = await query(sandbox, 'Dynamic', dotted($filter));
    expect([status, json]).toEqual([
      500,
      expect.objectContaining({
        ErrorType: 'SoException',
        ErrorMessage: expect.stringContaining(words),
      }),
    ]);
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    'a.b',
    'eq',
    'and',
    'or',
    '(',
    ')',
    ',',
    '=',
    '1',
    '-2',
    "'x'",
    "''",
    "'",
    '&',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(words).map((parts) => parts.join(' ')),
  );

  test('when a filter is any text then it is refused, or read as conditions that are all of it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const written = readFilter(text).map((conditions) =>
            conditions.map(({ column, operator, values }) => [
              column,
              operator,
              ...values.map((value) => (value.kind === 'text' ? `'${value.text}'` : value.text)),
            ]),
          );
          const kept = written.map((parts) => parts.map((part) => part.join('')).join('and')).join('or');
          const bare = (some: string) => some.replace(/[\s'(),]/g, '');
          expect(bare(kept)).toBe(bare(text));
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }),
    );
  });
});

describe('conditions on texts, times, flags and associates', () => {
  const log = { $select: 'updated', $orderBy: 'updated' };
  const tasks = { $select: 'State' };
  test.each([
    ['ErpSyncLog', { ...log, $filter: "updated begins '2026-01-15'" }, ['9004']],
    ['ErpSyncLog', { ...log, $filter: "updated between ('2026-01-12','2026-01-13')" }, ['9001', '9002']],
    ['ErpSyncLog', { ...log, $filter: "connection is 'Visma Net'" }, ['9001', '9003']],
    ['BatchTasks', { ...tasks, $filter: 'State eq 4' }, ['69', '70']],
    ['BatchTasks', { ...tasks, $filter: 'DefinitionId eq 2 and DefinitionTimeOut gt 60' }, ['70']],
    ['BatchTasks', { ...tasks, $filter: "registeredDate after '2026-01-15'" }, ['69', '70']],
    ['BatchTasks', { ...tasks, $filter: "registeredDate before '2026-01-15'" }, []],
    ['BatchTasks', { ...tasks, $filter: "registeredDate afterTime '2026-01-15T07:30:01'" }, []],
    ['BatchTasks', { ...tasks, $filter: "registeredDate dateTime '2026-01-15T07:30:00'" }, ['69', '70']],
    ['BatchTasks', { ...tasks, $filter: "registeredDate date '2026-01-15'" }, ['69', '70']],
    ['BatchTasks', { ...tasks, $filter: "registeredDate dateBetween ('2026-01-01','2026-01-14')" }, []],
    ['BatchTasks', { ...tasks, $filter: 'registeredBy associateIsOneOf (6)' }, ['70']],
    ['BatchTasks', { ...tasks, $filter: 'registeredBy currentAssociate or State eq 5' }, []],
    ['ErpConnection', { $select: 'id', $filter: 'active set true' }, ['124', '125']],
    ['ErpConnection', { $select: 'id', $filter: 'active set false' }, ['126']],
    ['ErpConnector', { $select: 'name', $filter: 'id eq 18' }, ['18']],
    ['ErpField', { $select: 'Id', $filter: 'MissingInERP eq 1 and ConnectionId eq 124' }, ['511']],
  ])('when %s is asked with %j then the right rows come', async (archive, options, expected) => {
    const sandbox = await open();
    expect(await keysOf(sandbox, archive, options)).toEqual(expected);
  });

  test.each([
    ['ErpSyncLog', { $select: 'updated', $filter: "updated afterTime '2026-01-15T00:00:00'" }, 'afterTime'],
    ['ErpSyncLog', { $select: 'updated', $filter: "id is '9001'" }, 'No condition is possible'],
    ['ErpSyncLog', { $select: 'updated', $orderBy: 'id' }, 'cannot be sorted'],
    ['ErpConnection', { $select: 'id', $filter: 'active eq 1' }, 'has no operator "eq", but set'],
    ['ErpConnection', { $select: 'id', $filter: 'active set 1' }, 'takes true or false'],
    ['ErpConnection', { $select: 'id', $orderBy: 'name' }, 'cannot be sorted'],
    ['ErpConnection', { $select: 'id,nosuch' }, 'no column "nosuch"'],
    ['ErpConnection', { $select: 'id', $entities: 'contact' }, 'no entity "contact"'],
    ['ErpConnector', { $select: 'id', $orderBy: 'name upwards' }, 'order cannot be read'],
    ['BatchTasks', { $select: 'State', $filter: "LastStarted after 'yesterday'" }, 'takes a day'],
    ['BatchTasks', { $select: 'State', $filter: "LastStarted after '2026-13-01'" }, 'takes a day'],
    ['NoSuchArchive', { $select: 'id' }, 'no archive "NoSuchArchive"'],
  ])('when %s is asked with %j then it is refused and says why', async (archive, options, words) => {
    const sandbox = await open();
    const { status, json } = await query(sandbox, archive, options);
    expect([status, json]).toEqual([
      500,
      expect.objectContaining({ ErrorMessage: expect.stringContaining(words) }),
    ]);
  });
});
