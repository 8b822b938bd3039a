import { describe, expect, test } from 'vitest';
import { type Fixture, open, resultOf } from './sandbox-fixture.ts';

const change = 'ErpSync/ChangeEngineStatus';
const changeInterval = 'ErpSync/ChangeEngineInterval';

async function status(sandbox: Fixture): Promise<{ IsRunning: boolean; Interval: string }> {
  return await resultOf(sandbox, 'ErpSync/GetEngineStatus');
}

describe('the engine', () => {
  test('when it is stopped then the answer is the old state, and it stops a little later', async () => {
    const sandbox = await open();
    expect(await resultOf(sandbox, change, { Run: false })).toMatchObject({ IsRunning: true });
    expect(await status(sandbox)).toMatchObject({ IsRunning: true, StatusMessage: 'Stopping' });
    sandbox.advance(499);
    expect(await status(sandbox)).toMatchObject({ IsRunning: true });
    sandbox.advance(1);
    expect(await status(sandbox)).toMatchObject({ IsRunning: false, StatusMessage: 'Stopped' });
  });

  test('when it is started again then the same holds', async () => {
    const sandbox = await open();
    await resultOf(sandbox, change, { Run: false });
    sandbox.advance(1000);
    expect(await resultOf(sandbox, change, { Run: true })).toMatchObject({ IsRunning: false });
    expect(await status(sandbox)).toMatchObject({ IsRunning: false, StatusMessage: 'Starting' });
    sandbox.advance(500);
    expect(await status(sandbox)).toMatchObject({ IsRunning: true });
  });

  test('when it is started while it stops then it never stops', async () => {
    const sandbox = await open();
    await resultOf(sandbox, change, { Run: false });
    sandbox.advance(200);
    await resultOf(sandbox, change, { Run: true });
    sandbox.advance(10_000);
    expect(await status(sandbox)).toMatchObject({ IsRunning: true });
  });

  test.each([
    ['00:15:00', '00:15:00'],
    ['1.02:03:04', '1.02:03:04'],
    ['23:59:59', '23:59:59'],
    ['PT15M', '00:15:00'],
    ['PT90M', '01:30:00'],
    ['P1DT1S', '1.00:00:01'],
    ['P2D', '2.00:00:00'],
    ['PT36H', '1.12:00:00'],
  ])('when the interval is set to %s then it is %s', async (Interval, expected) => {
    const sandbox = await open();
    expect((await sandbox.call(changeInterval, { Interval })).status).toBe(204);
    expect(await status(sandbox)).toMatchObject({ Interval: expected });
  });

  test.each([
    '',
    '15',
    '15m',
    '00:15',
    '24:00:00',
    '00:60:00',
    '0:15:00',
    '-00:15:00',
    '00:00:00',
    '00:15:00.5',
    'P',
    'PT',
    'P1DT',
    'PT0S',
    'PT1.5S',
    'P1M',
    'P1Y',
    'pt15m',
    '-PT15M',
    '99999999.00:00:00',
  ])('when the interval is "%s" then 400 refuses it and it stays', async (Interval) => {
    const sandbox = await open();
    const reply = await sandbox.call(changeInterval, { Interval });
    expect([reply.status, reply.json]).toEqual([
      400,
      { Message: 'The request is invalid.', MessageDetail: expect.stringContaining('PT15M') },
    ]);
    expect(await status(sandbox)).toMatchObject({ Interval: '00:15:00' });
  });
});

describe('ordinary sync', () => {
  const lastSync = async (sandbox: Fixture, ErpSyncConnectionId: number) =>
    (
      await resultOf<{ LastSync: string }>(sandbox, 'ErpSync/GetErpSyncConnectionSummary', {
        ErpSyncConnectionId,
      })
    ).LastSync;

  test('when the engine runs then both operations sync every active connection', async () => {
    const sandbox = await open();
    for (const operation of ['SyncAll', 'ForceSyncAll']) {
      expect(await resultOf(sandbox, `ErpSync/${operation}`)).toMatchObject({
        IsOk: true,
        Status: 'Ok',
        UserExplanation: 'Synced: Visma Net, Business Central',
        Changes: { UpdatedRecords: [] },
      });
    }
    expect(await lastSync(sandbox, 124)).toBe('2026-01-15T08:30:00');
    expect(await lastSync(sandbox, 126)).toBe('0001-01-01T00:00:00');
  });

  test('when the engine is off then only the forced one syncs', async () => {
    const sandbox = await open();
    await resultOf(sandbox, change, { Run: false });
    sandbox.advance(500);
    expect(await resultOf(sandbox, 'ErpSync/SyncAll')).toMatchObject({ IsOk: false, Status: 'Error' });
    expect(await lastSync(sandbox, 124)).toBe('0001-01-01T00:00:00');
    expect(await resultOf(sandbox, 'ErpSync/ForceSyncAll')).toMatchObject({ IsOk: true });
    expect(await lastSync(sandbox, 124)).toBe('2026-01-15T08:30:00');
  });

  test('when no connection is active then it says so', async () => {
    const sandbox = await open();
    for (const ErpConnectionId of [124, 125]) {
      await resultOf(sandbox, 'ErpSync/ToggleErpConnectionActive', { ErpConnectionId });
    }
    expect(await resultOf(sandbox, 'ErpSync/SyncAll')).toMatchObject({ IsOk: true, Status: 'OkWithInfo' });
  });
});
