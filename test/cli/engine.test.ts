/** The sync engine: asked, and waited for. */
import { describe, expect, test } from 'vitest';
import { engine, engineRunner, start, stop } from '../support/engine-server.ts';
import { documentOf, expectRefusal } from '../support/expectations.ts';

const { run } = engineRunner();

describe.concurrent('status and interval', () => {
  test.each([
    ['00:15:00', 900, '15m'],
    ['PT1H30M', 5400, '1h 30m'],
    ['1.02:00:30', 93_630, '1d 2h 30s'],
  ])('when the interval is %s then it is %d seconds', async (interval, intervalSeconds, shown) => {
    const { finished } = await run(['status', '-o', 'json'], engine({ interval, running: false }));
    expect(documentOf(finished)).toMatchObject({ running: false, message: 'Rests', intervalSeconds });
    expect(finished.exitCode).toBe(0);
    const people = await run(['status'], engine({ interval }));
    expect(people.finished.stdout).toBe(`running   yes\nstatus    Rests\ninterval  ${shown}\n`);
  });

  test.each(['15m', '900s', '00:15:00', 'PT15M'])(
    'when the interval is set to %s then 00:15:00 travels',
    async (given) => {
      const { finished, bodiesOf } = await run(['interval', given], engine({}));
      expect(bodiesOf('ChangeEngineInterval')).toEqual([{ Interval: '00:15:00' }]);
      expect(finished.stdout).toBe('The sync engine now starts a round every 15m.\n');
    },
  );

  test.each(['0s', '500ms', '00:00:00', '-PT1M', 'soon', '15', 'PT0.5S'])(
    'when the interval is %s then nothing is sent',
    async (given) => {
      const { finished, operations } = await run(
        ['interval', '--dry-run', `--`, given].filter((word) => word !== '--' || given.startsWith('-')),
        engine({}),
      );
      expectRefusal(finished, 2, [given]);
      expect(operations).toEqual([]);
    },
  );
});

describe.concurrent('start and stop', () => {
  test('when it is not waited for then the answer tells how it is', async () => {
    const { finished, asked, operations } = await run(['stop'], engine({ looks: 2 }));
    expect(finished).toMatchObject({
      exitCode: 0,
      stdout: 'The sync engine was asked to stop, and still runs; --wait waits for it.\n',
    });
    expect([asked, operations.length]).toEqual([[stop], 1]);
  });

  test.each([
    ['stop', true, stop],
    ['start', false, start],
  ])('when %s waits then it looks until it is so', async (word, running, body) => {
    const { finished, asked, operations } = await run(
      [word, '--wait', '-o', 'json'],
      engine({ running, looks: 2 }),
    );
    expect(documentOf(finished)).toMatchObject({ running: !running });
    expect(asked).toEqual([body]);
    expect(operations.filter((operation) => operation === 'GetEngineStatus').length).toBeGreaterThan(1);
  });

  test('when the wait runs out then the code is 8', async () => {
    const { finished } = await run(
      ['stop', '--wait', '--wait-timeout', '300ms', '-o', 'json'],
      engine({ looks: 1000 }),
    );
    expect(documentOf(finished)).toMatchObject({ exitCode: 8, error: { code: 'pending' } });
  });

  test('when it cannot be looked at then the code is 8', async () => {
    const base = engine({ looks: 1000 });
    const { finished } = await run(['stop', '--wait'], (request) =>
      request.operation === 'GetEngineStatus' ? { status: 401 } : base(request),
    );
    expect(finished.exitCode).toBe(8);
    expect(finished.stderr).toContain('could not be looked at');
  });

  test('when it is a dry run then nothing is sent', async () => {
    const { finished, operations } = await run(['start', '--dry-run'], engine({}));
    expect(finished.stdout).toMatch(/ChangeEngineStatus\n\{"Run":true\}\n$/);
    expect(operations).toEqual([]);
  });
});
