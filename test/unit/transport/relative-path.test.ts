/** Paths of raw requests: whatever is typed, what is sent stays below the base URL. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operationAt } from '../../../src/agent/raw-guard.ts';
import { ErpsyncError } from '../../../src/errors.ts';
import { relativePath } from '../../../src/transport/relative-path.ts';

const base = 'https://crm.example/super';
const piece = fc.constantFrom(
  '..',
  '.',
  '%2e',
  '%2E%2e',
  '%252e',
  '/',
  '//',
  '\\',
  '%2f',
  '%5C',
  '%25',
  ';',
  '?',
  '#',
  'a',
  'api',
  ':',
  'https://',
  '@',
  ' ',
  'é',
  '\t',
  '\r\n',
  '%c0%af',
);

function checked(given: string) {
  try {
    return relativePath(given);
  } catch (error) {
    expect(error).toBeInstanceOf(ErpsyncError);
    expect(error).toMatchObject({ code: 'usage' });
    return undefined;
  }
}

/** The path as a server sees it that decodes so many times before it resolves dots. */
function resolved(target: string, times: number): URL {
  let [path = ''] = target.split('?', 1);
  for (let time = 0; time < times; time++) {
    path = path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return new URL(base + path.replaceAll('#', '%23').replaceAll('?', '%3F'));
}

describe('any path', () => {
  test.each<[string, fc.Arbitrary<string>]>([
    ['pieces that are dangerous', fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))],
    ['any text', fc.string({ unit: 'binary' })],
  ])('when it is made of %s then it is refused, or stays below the base URL', (_, paths) => {
    fc.assert(
      fc.property(paths, fc.integer({ min: 0, max: 3 }), (given, times) => {
        const path = checked(given);
        if (path === undefined) return;
        expect(path.target).toMatch(/^\/[\x21-\x7e]*$/);
        expect(path.target.startsWith('//')).toBe(false);
        const url = resolved(path.target, times);
        expect(url.origin).toBe('https://crm.example');
        expect(url.pathname === '/super' || url.pathname.startsWith('/super/')).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('when letters of an operation are written in another way then it is still found', () => {
    const letters = [...'api/v1/Agents/ErpSync/ForceResync'];
    const ways = (letter: string) =>
      fc.constantFrom(
        letter,
        letter.toUpperCase(),
        letter.toLowerCase(),
        `%${letter.charCodeAt(0).toString(16)}`,
        `%25${letter.charCodeAt(0).toString(16)}`,
      );
    fc.assert(
      fc.property(fc.tuple(...letters.map(ways)), (parts) => {
        expect(operationAt(relativePath(`/${parts.join('')}`).segments)).toBe('ForceResync');
      }),
    );
  });
});
