/** In front of the server, what ends TLS in companies: nginx and haproxy, with certificates of a private CA. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runHere } from '../support/in-process.ts';
import { machine } from '../support/program.ts';
import { type Issued, privateCa, type Wanted } from './support/private-ca.ts';
import { haproxy, nginx, type Terminator } from './support/terminators.ts';

const ca = privateCa();
const shown = ca.issue();

async function sandbox() {
  const running = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.close());
  return running;
}

/** A resync of one record, tried once. */
async function resync(port: number, flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const url = `https://127.0.0.1:${port}`;
  const line = ['force-resync', '--from-crm', '--ids', '1', '--no-check', '--url', url, '--username', 'tje0'];
  return runHere([...line, '--retries', '0', ...flags], { env: { ERPSYNC_PASSWORD: 'Tje0', ...env } });
}
const trusted = ['--ca-file', ca.cert];
const showing = ({ cert, key }: Issued): string[] => [...trusted, '--client-cert', cert, '--client-key', key];

describe.each<[string, Terminator, refusalCode: number]>([
  ['nginx', nginx, 6],
  ['haproxy', haproxy, 7],
])('behind %s', (_, terminator, refusalCode) => {
  test.each(['1.2', '1.3'] as const)(
    'when it speaks TLS %s then it is reached, over REST and SOAP',
    async (version) => {
      const port = await terminator((await sandbox()).url, shown, { versions: [version] });
      for (const transport of ['rest', 'soap']) {
        expect(await resync(port, [...trusted, '--transport', transport])).toMatchObject({ exitCode: 0 });
      }
    },
  );

  test('when it speaks only TLS 1.0 and 1.1 then it is refused, nothing is sent', async () => {
    const port = await terminator((await sandbox()).url, shown, { versions: ['1.0', '1.1'] });
    const { exitCode, stderr } = await resync(port, trusted);
    expect([exitCode, stderr]).toEqual([
      7,
      expect.stringContaining('only TLS older than 1.2; have it speak'),
    ]);
  });

  test.each<[string, Wanted, RegExp]>([
    ['has expired', { expired: true }, /certificate has expired.*renew it/],
    ['is for another host', { names: 'DNS:crm.company.test' }, /for another host name.*crm\.company\.test/],
    ['is signed by itself', { selfSigned: true }, /is self-signed.*--ca-file/],
  ])('when its certificate %s then that is told with its remedy, code 7', async (_, wanted, words) => {
    const port = await terminator((await sandbox()).url, ca.issue(wanted));
    const { exitCode, stderr } = await resync(port, trusted);
    expect([exitCode, stderr]).toEqual([7, expect.stringMatching(words)]);
  });

  test('when its CA is not known here then the CA is named, whatever Node is told about checks', async () => {
    const port = await terminator((await sandbox()).url, shown);
    const user = machine();
    const line = [
      'engine',
      'status',
      '--url',
      `https://127.0.0.1:${port}`,
      '--username',
      'tje0',
      '--retries',
      '0',
    ];
    const env = { ERPSYNC_PASSWORD: 'Tje0', NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    const { exitCode, stderr } = await user.run(line, { env });
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/"Company, Company Root CA", which is not trusted here.*--ca-file/);
    const extra = { ERPSYNC_PASSWORD: 'Tje0', NODE_EXTRA_CA_CERTS: ca.cert };
    expect(await user.run(line, { env: extra })).toMatchObject({ exitCode: 0 });
  });

  describe.each(['1.2', '1.3'] as const)('that wants to see a certificate, over TLS %s', (version) => {
    const manner = { versions: [version], clientCa: ca.cert };

    test('when one of its CA is shown then the resync goes through', async () => {
      const port = await terminator((await sandbox()).url, shown, manner);
      const done = await resync(port, showing(ca.issue({ purpose: 'clientAuth' })));
      expect(done).toMatchObject({ exitCode: 0 });
    });

    // nginx lets the handshake succeed and then answers with a page; haproxy ends it.
    test.each<[string, () => readonly string[], RegExp]>([
      [
        'none is shown',
        () => trusted,
        /No required SSL certificate was sent|asks for a certificate of ours|ended the TLS handshake/,
      ],
      [
        'one of another CA is shown',
        () => showing(privateCa('Other CA').issue({ purpose: 'clientAuth' })),
        /The SSL certificate error|does not accept our certificate/,
      ],
    ])('when %s then that is told, nothing is done, and --client-cert is named', async (_, flags, words) => {
      const port = await terminator((await sandbox()).url, shown, manner);
      const { exitCode, stderr } = await resync(port, flags());
      expect([exitCode, stderr]).toEqual([refusalCode, expect.stringMatching(words)]);
      expect(stderr).toContain('--client-cert');
    });
  });
});

describe('behind nginx', () => {
  const line = (port: number): string[] => [
    ...['connections', 'list', '-o', 'json', '--url', `https://127.0.0.1:${port}`, '--username', 'tje0'],
    ...['--retries', '0', ...trusted],
  ];
  const env = { ERPSYNC_PASSWORD: 'Tje0' };

  test.each(['rest', 'soap'])(
    'when it sends answers over %s in chunks and packed, then they are read',
    async (transport) => {
      const { url } = await sandbox();
      const packs = [
        'gzip on;',
        'gzip_types *;',
        'gzip_min_length 0;',
        'gzip_http_version 1.0;',
        'gzip_proxied any;',
      ];
      const inner = await nginx(url, shown, {}, packs);
      // What asks for packed answers stands between: they come to a program that did not ask for them.
      const outer = await nginx(`https://127.0.0.1:${inner}`, shown, {}, [
        'proxy_set_header Accept-Encoding gzip;',
      ]);
      const { exitCode, stdout } = await runHere([...line(outer), '--transport', transport], { env });
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout).items.length).toBeGreaterThan(2);
    },
  );

  test('when it refuses what is too large then those keys are rejected, and --split finds a size that it takes', async () => {
    const port = await nginx((await sandbox()).url, shown, {}, ['client_max_body_size 2k;']);
    const many = [...trusted, '--ids', '10000001-10000998'];
    const { exitCode, stderr } = await resync(port, many);
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('413 Request Entity Too Large')]);
    expect(stderr).toContain('--chunk-size');
    expect((await resync(port, [...many, '--split'])).exitCode).toBe(0);
  });
});
