import { describe, expect, test } from 'vitest';
import { type Fault, parseFault } from '../../../src/sandbox/faults.ts';

describe('specifications', () => {
  test('when all modifiers are given then the fault has them', () => {
    expect(
      parseFault('status=503, retry-after=2, delay=1.5s, every=3, rate=.5, times=2, path=ForceResync'),
    ).toEqual({
      spec: 'status=503, retry-after=2, delay=1.5s, every=3, rate=.5, times=2, path=ForceResync',
      action: { kind: 'status', status: 503, retryAfter: '2' },
      delayMs: 1500,
      every: 3,
      rate: 0.5,
      times: 2,
      path: 'forceresync',
    });
  });

  test('when retry-after is an HTTP date then its comma divides nothing', () => {
    const { action } = parseFault('retry-after=Wed, 21 Oct 2026 07:28:00 GMT,status=503');
    expect(action).toEqual({ kind: 'status', status: 503, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' });
  });

  test.each<[string, Fault['action']]>([
    ['reset-before-body', { kind: 'reset-before-body' }],
    ['reset-after-body', { kind: 'reset-after-body' }],
    ['half-response', { kind: 'half-response' }],
    ['html', { kind: 'html', status: 200, retryAfter: undefined }],
    ['html,status=502', { kind: 'html', status: 502, retryAfter: undefined }],
    ['null', { kind: 'null' }],
    ['soap-fault', { kind: 'soap-fault' }],
    ['succeeded-false', { kind: 'succeeded-false' }],
    ['hang', { kind: 'hang' }],
    ['poison=C=1', { kind: 'poison', key: 'C=1' }],
    ['inactive-after=2', { kind: 'inactive-after', count: 2 }],
    ['delay=2m', { kind: 'delay' }],
  ])('when the specification is %s then that is what it does', (spec, action) => {
    expect(parseFault(spec).action).toEqual(action);
  });

  test.each([
    ['', '""'],
    ['hang,', '""'],
    ['statos=503', '"statos=503"'],
    ['status', '"status"'],
    ['status=', '"status="'],
    ['status=99', '"status=99"'],
    ['status=600', '"status=600"'],
    ['status=five', '"status=five"'],
    ['status=503,status=500', '"status=500"'],
    ['status=503,hang', 'status'],
    ['html,null', 'null'],
    ['hang=yes', '"hang=yes"'],
    ['retry-after=2', '"retry-after=2"'],
    ['status=503,retry-after=soon', '"retry-after=soon"'],
    ['delay=500', '"delay=500"'],
    ['delay=25h', '"delay=25h"'],
    ['hang,every=0', '"every=0"'],
    ['hang,rate=1.5', '"rate=1.5"'],
    ['hang,rate=-1', '"rate=-1"'],
    ['hang,times=0', '"times=0"'],
    ['hang,path=', '"path="'],
    ['poison', '"poison"'],
    ['inactive-after=x', '"inactive-after=x"'],
    ['every=2,times=3', '"every=2,times=3"'],
    ['constructor=1', '"constructor=1"'],
  ])('when the specification is "%s" then a usage error names the part', (spec, part) => {
    expect(() => parseFault(spec)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(part),
        next: expect.stringContaining('status=<200-599>'),
      }),
    );
  });
});
