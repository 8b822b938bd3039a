/** Merging what is given into what is stored: everything else stays, whatever it is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErpConnectionValue } from '../../../src/agent/carriers.ts';
import { mask } from '../../../src/agent/config-secrets.ts';
import { savedConnection } from '../../../src/agent/connection-plan.ts';
import { isDone, mergeGiven, readGivenMembers } from '../../../src/agent/saved-record.ts';

const anyText = fc.string({ unit: 'grapheme' });
const texts = fc.oneof(anyText, fc.constant(null));
const ids = fc.oneof(fc.array(fc.integer({ min: 1, max: 99 })), fc.constant(null));
const configuration = fc.dictionary(anyText, texts);

/** A connection as a server may have it. */
const connection = fc.record({
  ErpConnectionId: fc.integer({ min: 1, max: 99 }),
  ErpConnectorId: fc.integer({ min: 1, max: 99 }),
  DisplayName: texts,
  DisplayDescription: texts,
  Active: fc.boolean(),
  ConnectionId: texts,
  MostRecentTimestamp: texts,
  ConfigFields: configuration,
  Deleted: fc.boolean(),
  AllAccess: fc.boolean(),
  UserGroupAccessIds: ids,
  AssociateAccessIds: ids,
});

function merge(stored: ErpConnectionValue, given: object) {
  const members = readGivenMembers(savedConnection, given, '--data');
  return mergeGiven(savedConnection, stored, members, { what: 'it', displayed: (text) => text });
}

describe('merging', () => {
  test('when a whole record is given back then nothing changes and all of it is sent', () => {
    fc.assert(
      fc.property(connection, (stored) => {
        expect(merge(stored, stored)).toEqual({ record: stored, changes: [] });
      }),
    );
  });

  test('when its configuration is given back as masks then nothing changes', () => {
    fc.assert(
      fc.property(connection, (stored) => {
        const masked = Object.fromEntries(Object.keys(stored.ConfigFields).map((key) => [key, mask]));
        expect(merge(stored, { configFields: masked })).toEqual({ record: stored, changes: [] });
      }),
    );
  });

  test('when a description and some fields are given then only they change, and each change is done', () => {
    fc.assert(
      fc.property(connection, anyText, configuration, (stored, description, fields) => {
        fc.pre(!Object.values(fields).includes(mask));
        const { record, changes } = merge(stored, { description, configFields: fields });
        const { DisplayDescription: _, ConfigFields: __, ...others } = stored;
        expect(record).toMatchObject(others);
        for (const change of changes) {
          expect(isDone(change, record)).toBe(true);
          expect(isDone(change, stored)).toBe(false);
        }
        for (const [key, value] of Object.entries(stored.ConfigFields)) {
          if (!Object.hasOwn(fields, key)) expect(record.ConfigFields?.[key]).toBe(value);
        }
      }),
    );
  });

  test('when ids are given in another order then nothing changes', () => {
    const stored = { UserGroupAccessIds: [12, 3], AssociateAccessIds: null };
    const whole = { ErpConnectionId: 1, ErpConnectorId: 1, Active: true, Deleted: false, AllAccess: true };
    const given = { userGroupAccessIds: [3, 12], associateAccessIds: [] };
    expect(merge({ ...whole, ...stored }, given).changes).toEqual([]);
  });

  test('when a member that a save would blank is not told then it is refused', () => {
    expect(() => merge({ ErpConnectionId: 1 }, { description: 'x' })).toThrow('does not say ErpConnectorId');
  });
});
