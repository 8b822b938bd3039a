import { describe, expect, test } from 'vitest';
import type { TimeSpanForm } from '../../../src/agent/timespan.ts';
import { httpConnections } from '../../../src/transport/http.ts';
import { type RestOptions, restTransport } from '../../../src/transport/rest.ts';
import { type Tenant, tenantServer } from '../../support/tenant-server.ts';

const tenant = tenantServer();

function transportTo({ url }: Tenant, options: Partial<RestOptions> = {}) {
  return restTransport({
    connections: httpConnections({ baseUrl: url, timeoutMs: 10_000 }),
    credentials: { headers: () => Promise.resolve({}) },
    userAgent: 'erpsync/test',
    language: 'en',
    ...options,
  });
}

describe('durations over REST', () => {
  test.each<[TimeSpanForm | undefined, string, string]>([
    [undefined, 'PT15M', '00:15:00'],
    ['clock', 'PT15M', '00:15:00'],
    ['clock', '0:15', '00:15:00'],
    ['iso', '00:15:00', 'PT15M'],
  ])('when the form is %s then %s travels as %s', async (timespan, Interval, written) => {
    const server = tenant();
    const transport = transportTo(server, timespan === undefined ? {} : { timespan });
    const outcome = await transport.call('ChangeEngineInterval', { Interval });
    await transport.close();
    expect(outcome.kind).toBe('accepted');
    expect(server.bodiesOf('ChangeEngineInterval')).toEqual([{ Interval: written }]);
  });

  test('when one cannot be read then nothing is sent', async () => {
    const server = tenant();
    const call = transportTo(server).call('ChangeEngineInterval', { Interval: '15 minutes' });
    await expect(call).rejects.toThrow('ChangeEngineInterval.Interval: "15 minutes" is no duration');
    expect(server.requests).toEqual([]);
  });

  test.each(['00:15:00', '0:15', 'PT15M', '1.02:03:04'])(
    'when a server answers %s then it is told as it came',
    async (Interval) => {
      const transport = transportTo(tenant(() => ({ status: 200, body: { IsRunning: true, Interval } })));
      const outcome = await transport.call('GetEngineStatus', {});
      await transport.close();
      expect(outcome).toMatchObject({ kind: 'accepted', value: { Interval } });
    },
  );
});

describe('the time zone over REST', () => {
  test.each([[undefined], ['UTC']])(
    'when it is %s then SO-TimeZone says so or is absent',
    async (timeZone) => {
      const server = tenant();
      const transport = transportTo(server, { timeZone });
      await transport.call('GetConnection', { ErpConnectionId: 124 });
      await transport.close();
      expect(server.requests.map(({ headers }) => headers['so-timezone'])).toEqual([timeZone]);
    },
  );
});
