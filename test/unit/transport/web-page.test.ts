import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageInWords } from '../../../src/transport/web-page.ts';

const answer = (body: string, type?: string) => ({
  headers: new Map(type === undefined ? [] : [['content-type', type]]),
  body: Buffer.from(body),
});

describe('a web page in place of an answer', () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ['a page', '<html><head><title>Sign in</title></head></html>', 'text/html', 'a web page ("Sign in")'],
    [
      'a page without a type',
      '\n<!DOCTYPE html><title>\n Hotel\n WiFi </title>',
      undefined,
      'a web page ("Hotel WiFi")',
    ],
    ['a page without a title', '<HTML><body>no</body></HTML>', 'text/html; charset=utf-8', 'a web page'],
    ['JSON', '{"Message":"<html>"}', 'application/json', undefined],
    ['XML', '<?xml version="1.0"?><Envelope/>', 'text/xml', undefined],
    ['nothing, called a page', '', 'text/html', undefined],
  ])('when it is %s then it is told as such', (_, body, type, words) => {
    expect(pageInWords(answer(body, type))).toBe(words);
  });

  test('when any bytes come then the words are short and on one line', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const words = pageInWords(answer(`<html><title>${text}</title>`, 'text/html')) ?? '';
        expect(words.length).toBeLessThan(1_000);
        expect(words).not.toContain('\n');
      }),
    );
  });
});
