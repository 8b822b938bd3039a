/** A raw answer on its way to standard output: as it came to a file, harmless to a terminal. */
import { describe, expect, test } from 'vitest';
import { bodyForStdout, shownBody } from '../../../src/cli/raw-answer.ts';
import { steering } from '../../support/expectations.ts';

function shown(body: string | Buffer, isTerminal: boolean) {
  const bytes = Buffer.from(body);
  const answer = {
    kind: 'answer',
    status: 200,
    headers: new Map<string, string>(),
    body: bytes,
    durationMs: 1,
  } as const;
  return bodyForStdout(shownBody(answer, undefined, false), isTerminal);
}

const evil = 'a\u001b[2J\u009b\u202eb';

describe('a body', () => {
  test.each<[string, string | Buffer]>([
    ['JSON', JSON.stringify({ a: evil, b: 12345678901234 })],
    ['text', evil],
    ['bytes', Buffer.from([0xff, 0x1b, 0x5b])],
    ['nothing', ''],
  ])('when it is %s then a file gets it as it came and a terminal is not steered', (_, body) => {
    expect(Buffer.from(shown(body, false) as Uint8Array)).toEqual(Buffer.from(body));
    expect(String(shown(body, true))).not.toMatch(steering);
  });

  test('when it is JSON that nests beyond all reason then it is text', () => {
    const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(shown(body, true)).toBe(`${body}\n`);
    expect(Buffer.from(shown(body, false) as Uint8Array).toString()).toBe(body);
  });

  test('when it is JSON then a terminal gets it on several lines', () => {
    expect(shown('{"a":1}', true)).toBe('{\n  "a": 1\n}\n');
  });
});
