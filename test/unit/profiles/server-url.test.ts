import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseUrl, originOf } from '../../../src/profiles/server-url.ts';

const rules = { where: '--url', allowHttp: false, code: 'usage' } as const;

describe('base URLs', () => {
  test.each([
    ['https://crm.example.com', 'https://crm.example.com'],
    ['HTTPS://CRM.Example.COM:443/Super/', 'https://crm.example.com/Super'],
    ['https://crm.example.com:8443//', 'https://crm.example.com:8443'],
    ['https://crm.example.com/super/api', 'https://crm.example.com/super'],
    ['https://crm.example.com/super/api/v1/', 'https://crm.example.com/super'],
    ['https://crm.example.com/super/Remote/Services88/', 'https://crm.example.com/super'],
    ['https://crm.example.com/super/remote/services86', 'https://crm.example.com/super'],
    ['https://online2.superoffice.com/Cust12345/api/v1', 'https://online2.superoffice.com/Cust12345'],
    ['https://crm.example.com/api-gateway', 'https://crm.example.com/api-gateway'],
    ['https://crm.example.com/myapi', 'https://crm.example.com/myapi'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://[::1]:1/x', 'http://[::1]:1/x'],
  ])('when it is %s then it becomes %s', (given, url) => {
    expect(normaliseUrl(given, rules)).toBe(url);
    expect(normaliseUrl(url, rules)).toBe(url);
  });

  test.each([
    '',
    'crm.example.com',
    '//crm.example.com',
    'ftp://crm.example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://',
    'https://a b',
    'https:crm.example.com',
    'https://crm.example.com:99999',
  ])('when it is %j then it is no address', (given) => {
    expect(() => normaliseUrl(given, rules)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: '--url cannot be used: it is not an http or https address',
      }),
    );
  });

  test.each([
    ['https://me@crm.example.com', 'user name or password'],
    ['https://:S3cret@crm.example.com', 'user name or password'],
    ['https://crm.example.com/?S3cret', 'query or fragment'],
    ['https://crm.example.com/#', 'query or fragment'],
    ['https://crm.example.com?', 'query or fragment'],
  ])('when it is %s then the part is named and never repeated', (given, part) => {
    expect(() => normaliseUrl(given, rules)).toThrow(part);
    expect(() => normaliseUrl(given, rules)).not.toThrow('S3cret');
  });

  test.each([
    'http://crm.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
  ])('when it is %s then it needs to be allowed', (given) => {
    expect(() => normaliseUrl(given, rules)).toThrow('in the clear');
    expect(normaliseUrl(given, { ...rules, allowHttp: true })).toBe(given);
  });

  test('when a bad one was stored then it is an error of configuration', () => {
    const stored = { ...rules, where: 'profile "prod"', code: 'config' } as const;
    expect(() => normaliseUrl('crm', stored)).toThrow(
      expect.objectContaining({
        code: 'config',
        exitCode: 3,
        message: 'profile "prod" cannot be used: it is not an http or https address',
      }),
    );
  });

  test('when any address is brought into the form then doing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https'] }), (given) => {
        const url = normaliseUrl(given, rules);
        expect(normaliseUrl(url, rules)).toBe(url);
        expect(url).not.toMatch(/\/$/);
        expect(originOf(url)).toBe(new URL(given).origin);
      }),
    );
  });
});

test.each([
  ['https://crm.example.com/super', 'https://crm.example.com'],
  ['https://crm.example.com:8443', 'https://crm.example.com:8443'],
  ['http://localhost:80/x', 'http://localhost'],
])('when a secret is for %s then its origin is %s', (url, origin) => {
  expect(originOf(url)).toBe(origin);
});
