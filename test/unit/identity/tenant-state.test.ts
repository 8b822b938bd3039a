import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErpsyncError } from '../../../src/errors.ts';
import { mayServe } from '../../../src/identity/online.ts';
import { readTenantState } from '../../../src/identity/tenant-state.ts';
import { type Address, onlineOf, tenantNamed } from '../../../src/profiles/address.ts';

const online = onlineOf({ environment: 'online' });
const address = { kind: 'tenant', tenant: 'Cust12345', online } as const;

/** The sample of the documentation. */
const documented = {
  ContextIdentifier: 'Cust12345',
  Endpoint: 'https://online2.superoffice.com/Cust12345',
  State: 'Running',
  IsRunning: true,
  ValidUntil: '2026-02-23T09:52:01.9342965Z',
  Api: 'https://online2.superoffice.com/Cust12345/api',
  Version: 'Release_11.10_2026.02.24-02',
};
const read = (state: unknown) => readTenantState(JSON.stringify(state), address, 'there');

describe('the state of a tenant', () => {
  test('when it is the documented one then it tells both addresses, and the time to the millisecond', () => {
    expect(read(documented)).toEqual({
      endpoint: 'https://online2.superoffice.com/Cust12345',
      apiBase: 'https://online2.superoffice.com/Cust12345',
      validUntil: Date.UTC(2026, 1, 23, 9, 52, 1, 934),
    });
  });

  test('when an address ends in a slash then it is the same', () => {
    const slashed = { ...documented, Endpoint: `${documented.Endpoint}/`, Api: `${documented.Api}/` };
    expect(read(slashed)).toEqual(read(documented));
  });

  test.each([
    'http://online2.superoffice.com/Cust12345/api',
    'https://superoffice.com.evil.example/api',
    'https://evilsuperoffice.com/api',
    'https://online2.superoffice.com@evil.example/api',
    'https://online2.superoffice.com\\@evil.example/api',
    'https://online2.superoffice.com/Cust12345/api?x=1',
    '//evil.example/api',
    'https://online.superoffice.com.evil.example/Cust12345/api',
    'https://online2.superoffice.com./Cust12345/api',
    'https://superoffice.com/Cust12345/api',
    'https://.superoffice.com/api',
    'https://superoffice.com%2eevil.example/api',
    'https://online2.superoffice.com%2f.evil.example/api',
    'https://evil.example/.superoffice.com/api',
    'https://evil.example#.superoffice.com/api',
    'https://ann:secret@online2.superoffice.com/Cust12345/api',
    'https://online2.superoffice.com:8443/Cust12345/api',
    'https://online2.superoffice.com:80/Cust12345/api',
    'https://127.0.0.1/Cust12345/api',
    'https://[::1]/Cust12345/api',
    'https://2130706433/api',
    'https://online2.superoffice.com/api/../../evil',
    'https://online2.superoffice.com/Cust12345/api\n',
    ' https://online2.superoffice.com/Cust12345/api',
    'https:online2.superoffice.com/api',
    'javascript:alert(1)//.superoffice.com/api',
    'ftp://online2.superoffice.com/api',
  ])('when an address of it is %j then it is refused', (given) => {
    expect(() => read({ ...documented, Api: given })).toThrow(ErpsyncError);
    expect(() => read({ ...documented, Endpoint: given })).toThrow(ErpsyncError);
  });

  test.each(['ValidUntil', 'State', 'ContextIdentifier', 'Endpoint', 'Api'])(
    'when its %s is an object that cannot be made a text then it is read or refused',
    (member) => {
      const state = { ...documented, [member]: { toString: 1, valueOf: 1 } };
      if (member === 'ValidUntil') expect(read(state).validUntil).toBe(0);
      else expect(() => read(state)).toThrow(ErpsyncError);
    },
  );

  test('when its host is written in other letters, or with the port of https, then it is the same', () => {
    const Api = 'HTTPS://Online2.SuperOffice.COM:443/Cust12345/api';
    expect(read({ ...documented, Api })).toEqual(read(documented));
  });

  test.each(['Cust1234', 'Cust123456', 'Cust12345 ', '', null, 12345, ['Cust12345']])(
    'when it is the state of %j then it is refused',
    (ContextIdentifier) => {
      expect(() => read({ ...documented, ContextIdentifier })).toThrow(ErpsyncError);
    },
  );

  test('when any text comes then it is read or refused, and what is read is in the environment', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          State: fc.oneof(fc.string(), fc.integer(), fc.constant('Running')),
          Api: fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.constant(documented.Api)),
          Endpoint: fc.oneof(fc.webUrl(), fc.anything(), fc.constant(documented.Endpoint)),
          ValidUntil: fc.anything(),
          IsRunning: fc.anything(),
        })
        .map((state) => json({ ContextIdentifier: 'Cust12345', ...state })),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          const { endpoint, apiBase } = readTenantState(given, address, 'there');
          for (const each of [endpoint, apiBase]) {
            expect(new URL(each)).toMatchObject({ protocol: 'https:', username: '', search: '' });
            expect(new URL(each).hostname).toMatch(/\.superoffice\.com$/);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ErpsyncError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** What JSON cannot hold is left out. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each));
}

describe('the hosts of an environment', () => {
  test.each([
    ['https://login.example.com', 'login.example.com', true],
    ['https://login.example.com', 'login2.example.com', true],
    ['https://login.example.com', 'a.login.example.com', true],
    ['https://login.example.com', 'loginevil.example.com', false],
    ['https://login.example.com', 'login2.example.org', false],
    ['https://login.example.com', 'example.com', false],
    ['https://example.com', 'example2.com', false],
    ['https://10.0.0.1', '101.0.0.1', false],
    ['http://127.0.0.1:8080', '127.0.0.1', true],
  ])('when it is %s then %s is one of them: %s', (onlineUrl, host, is) => {
    expect(mayServe(onlineOf({ onlineUrl }), host)).toBe(is);
  });
});

describe('what names a tenant', () => {
  const url = (text: string): Address => ({ kind: 'url', url: text });

  test('when a url names the host that serves it then it is the same tenant', () => {
    expect(tenantNamed(url('https://online7.superoffice.com/cust12345'))).toBe(tenantNamed(address));
    expect(tenantNamed(url('https://sod2.superoffice.com/Cust12345'))).toBe('sod/Cust12345');
    expect(tenantNamed(url('https://crm.example.com/Cust12345'))).toBe('https://crm.example.com/Cust12345');
  });
});
