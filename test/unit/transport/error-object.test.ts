/** What error objects of servers say, and how much of it. */
import { expect, test } from 'vitest';
import { errorMessageIn } from '../../../src/transport/error-object.ts';

test.each([
  ['ErrorMessage', { ErrorMessage: 'x'.repeat(100_000) }],
  ['Message', { Message: 'x'.repeat(100_000), MessageDetail: 'y'.repeat(100_000) }],
])('when its %s has no end then its beginning is told', (_, json) => {
  const message = errorMessageIn(json) ?? '';
  expect(message.length).toBeLessThan(2_100);
  expect(message).toMatch(/^x+\.\.\.$/);
});

test('when it is cut then no character is cut in two', () => {
  const message = errorMessageIn({ ErrorMessage: `x${'😀'.repeat(2_000)}` }) ?? '';
  expect(message).toMatch(/^x(?:😀)+\.\.\.$/u);
});
