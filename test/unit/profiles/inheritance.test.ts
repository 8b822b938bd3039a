import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  heirsOf,
  heldSecrets,
  inherited,
  lineageOf,
  originIn,
  traceLineage,
} from '../../../src/profiles/inheritance.ts';
import type { Profile, StoredSecrets } from '../../../src/profiles/profile.ts';

const names = ['a', 'b', 'c', 'd', 'e'];

/** Any links between a few profiles, good and bad ones. */
const anyProfiles = fc
  .array(fc.option(fc.constantFrom(...names, 'gone'), { nil: undefined }), { minLength: 5, maxLength: 5 })
  .map((bases) => {
    const entries = names.map((name, index): [string, Profile] => {
      const base = bases[index];
      return [name, { url: `https://${name}`, ...(base !== undefined && { extends: base }) }];
    });
    return new Map(entries);
  });

describe('lineages', () => {
  test('when profiles are linked in any way then each trace ends, and is good or says why not', () => {
    fc.assert(
      fc.property(anyProfiles, fc.constantFrom(...names), (profiles, name) => {
        const { line, error } = traceLineage(name, profiles);
        const seen = line.map((each) => each.name);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen[0]).toBe(name);
        const next = line.at(-1)?.profile.extends;
        if (error === undefined) expect(next).toBeUndefined();
        else expect(next === 'gone' || seen.includes(next ?? '')).toBe(true);
        if (error?.message.includes('circle')) expect(error.message).toContain(`-> "${next}"`);
      }),
    );
  });

  test('when profiles are linked in any way then heirs are those that lead there', () => {
    fc.assert(
      fc.property(anyProfiles, fc.constantFrom(...names), (profiles, name) => {
        const expected = names.filter((each) => {
          const { line } = traceLineage(each, profiles);
          return each !== name && line.some((ancestor) => ancestor.name === name);
        });
        expect(heirsOf(name, profiles)).toEqual(expected);
      }),
    );
  });

  const profiles = new Map<string, Profile>([
    ['root', { url: 'https://root.example', auth: 'basic', language: 'nb', timespan: 'iso' }],
    ['mid', { extends: 'root', language: 'de' }],
    ['leaf', { extends: 'mid', timeZone: '12' }],
  ]);
  const secrets: Readonly<Record<string, StoredSecrets>> = {
    root: { origin: 'https://root.example', secrets: { password: 'r', appToken: 'ra' } },
    leaf: { origin: 'https://leaf.example', secrets: { password: 'l' } },
  };

  test('when a member is asked for then the nearest one counts', () => {
    const line = lineageOf('leaf', profiles);
    expect(line.map(({ name }) => name)).toEqual(['leaf', 'mid', 'root']);
    expect([inherited(line, 'timeZone'), inherited(line, 'language'), inherited(line, 'timespan')]).toEqual([
      '12',
      'de',
      'iso',
    ]);
    expect([inherited(line, 'username'), originIn(line)]).toEqual([undefined, 'https://root.example']);
  });

  test('when secrets are inherited then each keeps the origin that it was stored for', () => {
    expect(heldSecrets(lineageOf('leaf', profiles), (name) => secrets[name])).toEqual({
      password: { store: 'file', value: 'l', origin: 'https://leaf.example', profile: 'leaf' },
      appToken: { store: 'file', value: 'ra', origin: 'https://root.example', profile: 'root' },
    });
  });
});
