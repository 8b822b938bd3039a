import { describe, expect, test } from 'vitest';
import type { BatchTaskInfoValue } from '../../../src/agent/batch-carriers.ts';
import { expectRefusal, type Fixture, open, reader, resultOf } from './sandbox-fixture.ts';

async function started(): Promise<Fixture> {
  const sandbox = await open();
  await sandbox.call('ErpSync/ForceResyncBatchTask', { ErpConnectionId: 124, InternalKeyIds: [100] });
  return sandbox;
}

async function task(sandbox: Fixture, Id: number): Promise<BatchTaskInfoValue> {
  return await resultOf<BatchTaskInfoValue>(sandbox, 'Batch/GetBatchTaskInfo', { Id });
}

describe('stopping', () => {
  test.each([
    ['New', 0, 0, 0],
    ['Started', 900, 1, 50],
  ])('when a resync is %s then it can be stopped and ends as Failed', async (state, age, starts, percent) => {
    const sandbox = await started();
    sandbox.advance(age);
    expect(await task(sandbox, 71)).toMatchObject({ State: state, CancellationBehaviour: 'CanCancel' });
    expect(await resultOf(sandbox, 'Batch/StopBatchJob', { Id: 71 })).toBe(true);
    const stopped = {
      State: 'Failed',
      Response: 'Stopped on request',
      StartCount: starts,
      ProgressPercent: percent,
    };
    expect(await task(sandbox, 71)).toMatchObject(stopped);
    sandbox.advance(10_000);
    expect(await task(sandbox, 71)).toMatchObject(stopped);
  });

  test('when it has ended then it can no longer be stopped', async () => {
    const sandbox = await started();
    sandbox.advance(1500);
    expect(await resultOf(sandbox, 'Batch/StopBatchJob', { Id: 71 })).toBe(false);
    expect(await task(sandbox, 71)).toMatchObject({ State: 'Succeeded' });
  });

  test.each(['CannotCancel', 'CancelWithWarning'])(
    'when it is %s then it goes on',
    async (CancellationBehaviour) => {
      const sandbox = await open();
      const BatchTaskInfo = { Name: 'Example', CancellationBehaviour };
      const Id = await resultOf(sandbox, 'Batch/StartBatchJob', { BatchTaskInfo });
      expect(await resultOf(sandbox, 'Batch/StopBatchJob', { Id })).toBe(false);
      expect(await task(sandbox, 71)).toMatchObject({ State: 'New' });
    },
  );
});

describe('starting', () => {
  test('when a job is started then its id comes back and it moves like any other', async () => {
    const sandbox = await open();
    const BatchTaskInfo = {
      Id: 0,
      Name: 'Example',
      Description: 'An example',
      Request: 'Do it',
      ParameterObject: { Count: '3', Nothing: null },
      State: 'Succeeded',
      AssociateId: 4711,
    };
    expect(await resultOf(sandbox, 'Batch/StartBatchJob', { BatchTaskInfo })).toBe(71);
    expect(await task(sandbox, 71)).toMatchObject({
      Name: 'Example',
      AssociateId: 5,
      Description: 'An example',
      Request: 'Do it',
      ParameterObject: { Count: '3', Nothing: '' },
      State: 'New',
    });
    sandbox.advance(1500);
    expect(await task(sandbox, 71)).toMatchObject({ State: 'Succeeded', Response: 'Done' });
  });

  test('when it is to be a system task then it belongs to nobody', async () => {
    const sandbox = await open();
    await resultOf(sandbox, 'Batch/StartBatchJob', {
      BatchTaskInfo: { Name: 'Example', IsSystemTask: true },
    });
    expect(await task(sandbox, 71)).toMatchObject({ AssociateId: 0, IsSystemTask: true });
  });

  test('when another user starts one then it is that user’s', async () => {
    const sandbox = await open();
    await sandbox.call(
      'Batch/StartBatchJob',
      { BatchTaskInfo: { Name: 'Example' } },
      { Authorization: reader },
    );
    expect(await task(sandbox, 71)).toMatchObject({ AssociateId: 6 });
  });

  test.each([
    ['it is null', null, 'BatchTaskInfo'],
    ['it has no name', { Id: 0 }, 'Name'],
    ['it has an id already', { Id: 70, Name: 'Example' }, 'Id'],
  ])('when %s then it is refused', async (_when, BatchTaskInfo, words) => {
    await expectRefusal(await open(), 'Batch/StartBatchJob', { BatchTaskInfo }, words);
  });
});

describe('updating', () => {
  test('when a task is saved then only state, description, response and request change', async () => {
    const sandbox = await started();
    const BatchTaskInfo = {
      ...(await task(sandbox, 71)),
      Name: 'Other',
      AssociateId: 6,
      State: 'SucceededManualCleanup',
      Description: 'Seen',
      Response: 'Fine',
      Request: 'Asked',
      CancellationBehaviour: 'CannotCancel',
    };
    const updated = {
      Name: 'ErpForceResyncBatchPlugin',
      AssociateId: 5,
      State: 'SucceededManualCleanup',
      Description: 'Seen',
      Response: 'Fine',
      Request: 'Asked',
      CancellationBehaviour: 'CanCancel',
    };
    expect(await resultOf(sandbox, 'Batch/UpdateBatchTask', { BatchTaskInfo })).toMatchObject(updated);
    sandbox.advance(10_000);
    expect(await task(sandbox, 71)).toMatchObject(updated);
  });

  test('when the state is the present one then the task goes on by the clock', async () => {
    const sandbox = await started();
    const BatchTaskInfo = { ...(await task(sandbox, 71)), Description: 'Seen' };
    await resultOf(sandbox, 'Batch/UpdateBatchTask', { BatchTaskInfo });
    sandbox.advance(1500);
    expect(await task(sandbox, 71)).toMatchObject({
      State: 'Succeeded',
      Description: 'Seen',
      ProgressPercent: 100,
    });
  });

  test.each([
    ['it is null', null, 'BatchTaskInfo'],
    ['the id is missing', { State: 'Failed' }, 'Id'],
    ['the id is unknown', { Id: 4711, State: 'Failed' }, 'batch task 4711'],
    ['the state is missing', { Id: 70 }, 'State'],
    ['the state is one for queries', { Id: 70, State: 'All' }, 'State'],
  ])('when %s then it is refused', async (_when, BatchTaskInfo, words) => {
    await expectRefusal(await open(), 'Batch/UpdateBatchTask', { BatchTaskInfo }, words);
  });
});

describe('deleting', () => {
  test('when tasks are deleted then they are gone and their ids are not given again', async () => {
    const sandbox = await started();
    expect((await sandbox.call('Batch/DeleteBatchTask', { BatchTaskId: 71 })).status).toBe(204);
    expect((await sandbox.call('Batch/DeleteBatchTasks', { BatchTaskIds: [69] })).status).toBe(204);
    expect([await task(sandbox, 69), await task(sandbox, 71)]).toEqual([null, null]);
    expect(await resultOf(sandbox, 'Batch/StartBatchJob', { BatchTaskInfo: { Name: 'Example' } })).toBe(72);
  });

  test('when the list is empty then none is deleted', async () => {
    const sandbox = await open();
    expect((await sandbox.call('Batch/DeleteBatchTasks', { BatchTaskIds: [] })).status).toBe(204);
    expect(await task(sandbox, 70)).toMatchObject({ Id: 70 });
  });

  test('when one of several is unknown then none is deleted', async () => {
    const sandbox = await open();
    await expectRefusal(sandbox, 'Batch/DeleteBatchTasks', { BatchTaskIds: [70, 4711] }, 'batch task 4711');
    expect(await task(sandbox, 70)).toMatchObject({ Id: 70 });
  });

  test('when the list is null then 400 refuses it', async () => {
    expect((await (await open()).call('Batch/DeleteBatchTasks', { BatchTaskIds: null })).status).toBe(400);
  });
});
