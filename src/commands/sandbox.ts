import { defineCommand } from '../cli/define.ts';
import { optional, repeated, withDefault } from '../cli/flags.ts';
import { text, wholeNumber } from '../cli/values.ts';
import { jsonLine } from '../output/json.ts';
import { parseFault } from '../sandbox/faults.ts';
import { startSandbox } from '../sandbox/server.ts';

export default defineCommand({
  path: ['sandbox'],
  summary: 'run an ErpSync server on this machine, to try things on',
  description: [
    'Serves one tenant over REST, with connectors, connections (124 among them), linked records and batch tasks that',
    'progress, all in memory. It is as strict as the contract allows: what a real server might read as "every',
    'record" is refused. The first line on stdout is JSON with the address and the credentials; on a host other',
    'than this machine they are random. It runs until Ctrl-C or SIGTERM.',
  ],
  effect: 'read',
  arguments: {},
  flags: {
    host: withDefault(text('address'), '127.0.0.1', 'where to listen'),
    port: withDefault(wholeNumber('n', 0, 65_535), '0', 'the port; 0 takes a free one'),
    log: optional(
      text('file'),
      'append a line of JSON for each request: time, path, keys, outcome; never a secret',
    ),
    fault: repeated(
      { placeholder: 'spec', parse: (spec) => parseFault(spec) },
      'fail as servers fail: status=503, retry-after=2, delay=500ms, reset-before-body, reset-after-body, half-response, html, null, hang, poison=<key>, inactive-after=<n>; with every=<n>, rate=<0..1>, times=<n>, path=<text>',
    ),
  },
  examples: [
    { run: 'erpsync sandbox', why: 'on a free port, user tje0, password Tje0' },
    {
      run: 'erpsync sandbox --log requests.ndjson --fault status=503,retry-after=2,times=2',
      why: 'a server that is busy twice, and keeps a record of what it was asked',
    },
  ],
  exitCodes: [7, 14],
  async run({ host, port, log, fault }, context) {
    const ended = context.host.interruption();
    const sandbox = await startSandbox({
      host,
      port,
      faults: fault,
      ...(log !== undefined && { logFile: log }),
    });
    const { url, credentials } = sandbox;
    context.announce(jsonLine({ url, pid: context.host.pid, ...credentials }));
    if (!ended.aborted)
      await new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }));
    await sandbox.close();
    return { url };
  },
  render: () => '',
});
