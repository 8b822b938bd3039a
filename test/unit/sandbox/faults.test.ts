import { describe, expect, test } from 'vitest';
import { admin, type Fixture, open, rawOperation, startedTasks } from './sandbox-fixture.ts';

const body = { ErpConnectionId: 124, InternalKeyIds: [100, 959] };
const path = 'ErpSync/ForceResyncBatchTask';

/** Whether the resync's work was done, told by the log so that no further request meets the fault. */
function outcomes(sandbox: Fixture): unknown[] {
  return sandbox.logLines().map((line) => line.outcome);
}

describe('answers in place of the work', () => {
  test('when status=503 with retry-after strikes then both are answered and nothing is done', async () => {
    const sandbox = await open({ faults: ['status=503,retry-after=2,path=ForceResync'] });
    const reply = await sandbox.call(path, body);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test.each([500, 422, 200])(
    'when status=%i strikes then the body is the error object of the server',
    async (status) => {
      const sandbox = await open({ faults: [`status=${status}`] });
      const reply = await sandbox.call(path, body);
      expect(reply.status).toBe(status);
      expect(reply.json).toMatchObject({ Error: true, ErrorType: expect.any(String) });
    },
  );

  test.each([429, 502, 503, 504])(
    'when status=%i strikes then the body is not the error object of the server',
    async (status) => {
      const sandbox = await open({ faults: [`status=${status}`] });
      const reply = await sandbox.call(path, body);
      expect([reply.status, reply.json]).toEqual([status, undefined]);
    },
  );

  test('when status=302 strikes then the answer has a location', async () => {
    const sandbox = await open({ faults: ['status=302'] });
    const reply = await sandbox.call(path, body);
    expect([reply.status, reply.headers.get('location')]).toEqual([302, '/login']);
  });

  test.each([
    ['html', 200],
    ['html,status=503', 503],
  ])(
    'when %s strikes then an HTML page with status %i is answered and nothing is done',
    async (spec, status) => {
      const sandbox = await open({ faults: [`${spec},path=ForceResync`] });
      const reply = await sandbox.call(path, body);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(reply.text).toContain('<html>');
      expect(await startedTasks(sandbox)).toEqual([]);
    },
  );

  test('when null strikes then 200 with null is answered and nothing is done', async () => {
    const sandbox = await open({ faults: ['null,path=ForceResync'] });
    const reply = await sandbox.call(path, body);
    expect([reply.status, reply.text]).toEqual([200, 'null']);
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when a poisonous key is among the keys then 500 refuses the request and nothing is done', async () => {
    const sandbox = await open({ faults: ['poison=959'] });
    const reply = await sandbox.call(path, body);
    expect(reply.status).toBe(500);
    expect(reply.json).toMatchObject({ Error: true, ErrorMessage: expect.stringContaining('959') });
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when the poisonous key is not among the keys then the work is done', async () => {
    const sandbox = await open({ faults: ['poison=95'] });
    expect((await sandbox.call(path, body)).status).toBe(204);
  });

  test('when an external key is poisonous then 500 refuses the request', async () => {
    const sandbox = await open({ faults: ['poison=C-10012'] });
    const given = { ErpConnectionId: 124, ErpActorType: 'Customer', ExternalKeys: ['C-10012'] };
    expect((await sandbox.call('ErpSync/ForceResyncExternal', given)).status).toBe(500);
  });
});

describe('lost answers', () => {
  test('when the connection is reset before the body then the client sees a reset and nothing is done', async () => {
    const sandbox = await open({ faults: ['reset-before-body,path=ForceResync'] });
    const head = rawOperation(path, body).split('\r\n\r\n')[0];
    // Only the head is ever sent: the sandbox cannot have waited for the body.
    expect(await sandbox.raw(`${head}\r\n\r\n`)).toEqual({ text: '', error: 'ECONNRESET' });
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when the connection is reset after the body then the client sees a reset and the work is done', async () => {
    const sandbox = await open({ faults: ['reset-after-body,path=ForceResync'] });
    expect(await sandbox.raw(rawOperation(path, body))).toEqual({ text: '', error: 'ECONNRESET' });
    expect(await startedTasks(sandbox)).toMatchObject([{ Id: 71 }]);
  });

  test('when half a response is sent then its length is announced whole', async () => {
    const sandbox = await open({ faults: ['half-response'] });
    const { text } = await sandbox.raw(rawOperation('ErpSync/GetConnection', { ErpConnectionId: 124 }));
    const [head = '', half = ''] = text.split('\r\n\r\n');
    const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(half.length).toBe(Math.floor(announced / 2));
    expect(half.length).toBeGreaterThan(100);
  });

  test('when half of a response without body is sent then its head is cut and the work is done', async () => {
    const sandbox = await open({ faults: ['half-response,path=ForceResync'] });
    const { text } = await sandbox.raw(rawOperation(path, body));
    expect(text).toBe('HTTP/1.1 204 No Cont');
    expect(await startedTasks(sandbox)).toMatchObject([{ Id: 71 }]);
  });

  test('when half a response is sent then fetch fails', async () => {
    const sandbox = await open({ faults: ['half-response'] });
    await expect(sandbox.call(path, body)).rejects.toThrow();
  });

  test('when it hangs then nothing is answered or done until the client gives up', async () => {
    const sandbox = await open({ faults: ['hang,path=ForceResync'] });
    const giveUp = new AbortController();
    const call = sandbox.send(`/api/v1/Agents/${path}`, {
      method: 'POST',
      headers: { Authorization: admin, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: giveUp.signal,
    });
    await expect.poll(() => outcomes(sandbox)).toEqual(['not-done']);
    giveUp.abort();
    await expect(call).rejects.toThrow('abort');
    expect(await startedTasks(sandbox)).toEqual([]);
  });

  test('when the sandbox is closed then hanging requests end at once', async () => {
    const sandbox = await open({ faults: ['hang'] });
    const call = sandbox.call(path, body);
    await expect.poll(() => outcomes(sandbox)).toEqual(['not-done']);
    await Promise.all([expect(call).rejects.toThrow(), sandbox.close()]);
  });
});

describe('delays and sources', () => {
  test('when a delay strikes then the answer waits that long and the work is done', async () => {
    const sandbox = await open({ faults: ['delay=500ms,times=1'] });
    expect((await sandbox.call(path, body)).status).toBe(204);
    expect(sandbox.pauses).toEqual([500]);
    expect(await startedTasks(sandbox)).toMatchObject([{ Id: 71 }]);
  });

  test('when a delay comes with a status then the status is answered after it', async () => {
    const sandbox = await open({ faults: ['delay=2s,status=504'] });
    expect((await sandbox.call(path, body)).status).toBe(504);
    expect(sandbox.pauses).toEqual([2000]);
  });

  test('when the sandbox is closed during a delay then the request ends at once', async () => {
    let began = () => {};
    const paused = new Promise<void>((resolve) => {
      began = resolve;
    });
    const pause = (_milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        began();
      });
    const sandbox = await open({ faults: ['delay=1h'], pause });
    const call = expect(sandbox.call(path, body)).rejects.toThrow();
    await paused;
    await Promise.all([call, sandbox.close()]);
  });

  test('when inactive-after=2 then the second resync is done and its source inactive afterwards', async () => {
    const sandbox = await open({ faults: ['inactive-after=2'] });
    const answers: unknown[] = [];
    for (let resync = 0; resync < 3; resync++) {
      answers.push((await sandbox.call('ErpSync/ForceResync', body)).json);
    }
    expect(answers).toMatchObject([{ IsOk: true }, { IsOk: true }, { IsOk: false }]);
    const connection = await sandbox.call('ErpSync/GetConnection', { ErpConnectionId: 124 });
    expect(connection.json).toMatchObject({ Active: false });
  });

  test('when inactive-after counts then requests that are no resync do not', async () => {
    const sandbox = await open({ faults: ['inactive-after=1'] });
    const reply = await sandbox.call('ErpSync/GetConnection', { ErpConnectionId: 124 });
    expect(reply.json).toMatchObject({ Active: true });
    expect(sandbox.logLines()[0]).not.toHaveProperty('fault');
  });
});

describe('when a fault strikes', () => {
  async function statuses(sandbox: Fixture, count: number): Promise<number[]> {
    const seen: number[] = [];
    for (let request = 0; request < count; request++) {
      seen.push((await sandbox.call('ErpSync/GetEngineStatus')).status);
    }
    return seen;
  }

  test('when every=3 then each third matching request is struck', async () => {
    const sandbox = await open({ faults: ['status=503,every=3'] });
    expect(await statuses(sandbox, 7)).toEqual([200, 200, 503, 200, 200, 503, 200]);
  });

  test('when times=2 then only the first two are struck', async () => {
    const sandbox = await open({ faults: ['status=503,times=2'] });
    expect(await statuses(sandbox, 4)).toEqual([503, 503, 200, 200]);
  });

  test('when rate=0.5 then chance decides', async () => {
    const numbers = [0.4, 0.5, 0.9, 0];
    const sandbox = await open({ faults: ['status=503,rate=0.5'], random: () => numbers.shift() ?? 1 });
    expect(await statuses(sandbox, 4)).toEqual([503, 200, 200, 503]);
  });

  test('when rate=0 then nothing is ever struck', async () => {
    const sandbox = await open({ faults: ['status=503,rate=0'], random: () => 0 });
    expect(await statuses(sandbox, 2)).toEqual([200, 200]);
  });

  test('when a path is named then only requests that contain it are counted, in any case', async () => {
    const sandbox = await open({ faults: ['status=503,every=2,path=ENGINEstatus'] });
    await sandbox.call('ErpSync/GetConnection', { ErpConnectionId: 124 });
    expect(await statuses(sandbox, 2)).toEqual([200, 503]);
  });

  test('when several faults match then the first of them acts', async () => {
    const sandbox = await open({ faults: ['status=502,times=1', 'status=503,times=1', 'status=504'] });
    expect(await statuses(sandbox, 4)).toEqual([502, 503, 504, 504]);
  });

  test('when a reset before the body stands behind a fault that strikes then it waits for its turn', async () => {
    const sandbox = await open({ faults: ['status=502,times=1', 'reset-before-body,times=1'] });
    expect(await statuses(sandbox, 1)).toEqual([502]);
    await expect(sandbox.call('ErpSync/GetEngineStatus')).rejects.toThrow();
    expect(await statuses(sandbox, 1)).toEqual([200]);
  });

  test('when a poisonous key comes before another fault then it acts first', async () => {
    const sandbox = await open({ faults: ['poison=100', 'status=503'] });
    expect((await sandbox.call(path, body)).status).toBe(500);
    expect((await sandbox.call(path, { ...body, InternalKeyIds: [101] })).status).toBe(503);
  });
});
