import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactedBytes, redactor } from '../../../src/output/redact.ts';

const secret = 'p/ä+s"w\'o<r>d&=%7';

describe('a secret', () => {
  test.each([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    [
      'in a URL with small hex digits',
      encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (c) => c.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ a: secret }).toString()],
    ['in JSON', JSON.stringify({ a: secret })],
    ['in XML', `<a>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</a>`],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 of URLs', Buffer.from(secret).toString('base64url')],
  ])('when it stands %s then it is masked', (_, text) => {
    const { conceal, redact } = redactor();
    conceal(secret);
    expect(redact(`before ${text} after`)).toMatch(/^before .*\*\*\*.* after$/);
    expect(redact(text)).not.toContain('ä');
  });

  test('when it stands anywhere within base64 then no eight characters of its own can be read', () => {
    const long = 'correct-horse-battery-staple';
    const { conceal, redact } = redactor();
    conceal(long);
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (before, after) => {
        const shown = redact(Buffer.from(`${before}${long}${after}`).toString('base64'));
        const readable = Buffer.from(shown.replaceAll('***', ''), 'base64').toString('latin1');
        for (let from = 0; from + 8 <= long.length; from++)
          expect(readable).not.toContain(long.slice(from, from + 8));
      }),
    );
  });
});

test.each([
  ['text', Buffer.from('a Gehäim-1 b'), 'a *** b'],
  ['text with a byte order mark', Buffer.from('\ufeffGehäim-1'), '\ufeff***'],
])('when bytes are %s then secrets in it are masked and the rest stays', (_, bytes, shown) => {
  const { conceal, redact } = redactor();
  conceal('Gehäim-1');
  expect(Buffer.from(redactedBytes(bytes, redact)).toString('utf8')).toBe(shown);
});

test('when bytes are no text then what is plain in them is masked, and the rest stays', () => {
  const { conceal, redact } = redactor();
  conceal('secret-1');
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0x00, 0xe4]),
    Buffer.from('secret-1'),
    Buffer.from([0xfe]),
  ]);
  const shown = Buffer.concat([Buffer.from([0xff, 0x00, 0xe4]), Buffer.from('***'), Buffer.from([0xfe])]);
  expect(Buffer.from(redactedBytes(bytes, redact))).toEqual(shown);
});
