/** Records by their ids in SuperOffice: their internal keys are asked for, over REST and over SOAP. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runHere } from '../support/in-process.ts';
import { jsonAnswer, noContent, wireServer } from '../support/wire-server.ts';

async function sandbox() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.close());
  return running.url;
}

async function resync(url: string, ...more: readonly string[]) {
  const line = [
    'force-resync',
    '--connection',
    '124',
    '--url',
    url,
    '--username',
    'tje0',
    '-o',
    'json',
    ...more,
  ];
  const finished = await runHere(line, { env: { ERPSYNC_PASSWORD: 'Tje0' } });
  return { ...finished, document: JSON.parse(finished.stdout) };
}

/** The keys that a dry run would send. */
async function planned(url: string, ...more: readonly string[]) {
  const { document } = await resync(url, '--dry-run', '--chunk-size', '1', ...more);
  return (document.plan ?? []).map(({ first }: { first: number }) => first);
}

describe('records of SuperOffice', () => {
  test.each([['rest'], ['soap']])(
    'when companies are given over %s then their internal keys are sent',
    async (transport) => {
      const url = await sandbox();
      const over = ['--transport', transport];
      const keys = await planned(url, '--company', '12', ...over);
      expect(keys).toHaveLength(1);
      expect(keys).not.toEqual([12]);
      const { exitCode, document } = await resync(url, '--company', '12', ...over);
      expect([exitCode, document.keys]).toMatchObject([0, { given: 1, accepted: 1, unresolved: 0 }]);
    },
  );

  test('when persons have the same ids as companies then their keys are other ones', async () => {
    const url = await sandbox();
    const [companies, persons] = [
      await planned(url, '--company', '12'),
      await planned(url, '--person', '12', '--unresolved', 'skip', '--if-empty', 'ok'),
    ];
    for (const key of persons) expect(companies).not.toContain(key);
  });

  test('when some have no link then all of them are named and nothing is sent, code 6', async () => {
    const { exitCode, document } = await resync(await sandbox(), '--company', '12,990001-990003');
    expect(exitCode).toBe(6);
    expect(document.error.message).toContain('990001, 990002, 990003');
  });

  test('when those are to be left out then the others are sent, and the code is 10', async () => {
    const { exitCode, document } = await resync(
      await sandbox(),
      '--company',
      '12,990001',
      '--unresolved',
      'skip',
    );
    expect([exitCode, document.status]).toEqual([10, 'partial']);
    expect(document.keys).toMatchObject({ given: 2, duplicates: 0, unresolved: 1, accepted: 1 });
  });

  test('when it is a dry run then it counts as the run would, names what is left out, and the code is the same', async () => {
    const url = await sandbox();
    const given = ['--company', '12,99999,12', '--unresolved', 'skip'];
    const dry = await resync(url, ...given, '--dry-run');
    const sent = await resync(url, ...given);
    const counts = { given: 3, duplicates: 1, unresolved: 1 };
    expect([dry.exitCode, dry.document]).toMatchObject([
      10,
      { status: 'dry-run', exitCode: 10, keys: counts, error: { code: 'partial' } },
    ]);
    expect([sent.exitCode, sent.document.keys]).toMatchObject([10, counts]);
    for (const { stderr } of [dry, sent]) expect(stderr).toContain('company 99999 is not linked');
    expect(dry.document.error.message).toBe('1 of the records given is left out: it has no link');
  });

  test('when none is left then that is an empty list and never a request', async () => {
    const url = await sandbox();
    const only = ['--company', '990001', '--unresolved', 'skip'];
    expect(await resync(url, ...only)).toMatchObject({ exitCode: 2 });
    expect(await resync(url, ...only, '--if-empty', 'ok')).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['with keys', ['--company', '12', '--ids', '1'], 'exclude each other'],
    ['of two kinds', ['--company', '12', '--sale', '1'], 'exclude each other'],
    ['that are none', ['--company', '0'], '--company, item 1'],
  ])('when they are given %s then that is told, code 2', async (_, flags, words) => {
    const { exitCode, document } = await resync('http://127.0.0.1:1', ...flags);
    expect([exitCode, document.error.message]).toEqual([2, expect.stringContaining(words)]);
  });

  test.each<[string, unknown, string]>([
    ['rows of other records', { value: [row(5, 999, 1)] }, 'is not linked'],
    ['rows of another table', { value: [row(6, 12, 1)] }, 'is not linked'],
    [
      'no column for the key',
      { value: [{ 'erpinternalkey.tableId': 5, 'erpinternalkey.recordId': 12 }] },
      'without the column erpinternalkey.erpinternalkey_id',
    ],
    ['an error in a 200', { Error: true, ErrorMessage: 'No such archive' }, 'No such archive'],
    ['something else', { rows: [] }, 'does not answer rows'],
  ])('when the server answers %s then nothing is sent', async (_, body, words) => {
    const server = await wireServer(() => jsonAnswer(200, body));
    const { exitCode, document } = await resync(server.url, '--company', '12', '--no-check');
    expect([exitCode, document.error.message]).toEqual([6, expect.stringContaining(words)]);
    expect(server.requests.every((request) => request.startsWith('GET /api/v1/Archive/Dynamic?'))).toBe(true);
  });

  test('when there are too many for an address then the query is posted, and asked again when it is lost', async () => {
    let lost = 0;
    const server = await wireServer((request) => {
      if (request.startsWith('GET')) return jsonAnswer(500, {});
      if (!request.startsWith('POST /api/v1/Archive/Dynamic ')) return noContent;
      if (lost++ === 0) return (socket) => socket.destroy();
      const asked = decodeURIComponent(request).matchAll(/recordId eq (\d+)/g);
      return jsonAnswer(200, { value: [...asked].map(([, id]) => row(5, Number(id), Number(id) + 1)) });
    });
    const { exitCode, document } = await resync(server.url, '--company', '1000001-1000300', '--no-check');
    expect([exitCode, document.keys.accepted, lost > 1]).toEqual([0, 300, true]);
  });
});

function row(tableId: number, recordId: number, key: number) {
  return {
    PrimaryKey: String(key),
    'erpinternalkey.erpinternalkey_id': key,
    'erpinternalkey.tableId': tableId,
    'erpinternalkey.recordId': recordId,
  };
}
