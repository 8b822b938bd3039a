import { defineCommand } from '../cli/define.ts';
import { optional, repeated, toggle, withDefault } from '../cli/flags.ts';
import { choice, duration, text, wholeNumber } from '../cli/values.ts';
import { missing } from '../error-words.ts';
import { jsonLine } from '../output/json.ts';
import { jsonErrorPosition } from '../profiles/json-error.ts';
import { parseFault } from '../sandbox/faults.ts';
import { tenantStates } from '../sandbox/online.ts';
import { signIns } from '../sandbox/openid-authorize.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { TlsFiles } from '../sandbox/tls-files.ts';

export default defineCommand({
  path: ['sandbox'],
  summary: 'run an ErpSync server on this machine, to try things on',
  description: [
    'Serves one tenant over REST and SOAP, with connectors, connections (124 among them), linked records and batch',
    'tasks that progress. It answers every operation of the ErpSync and Batch agents, as strictly as the contract',
    'allows: what a real server might read as "every record" is refused. SOAP has the services 86, 87 and 88 under',
    '/Remote/Services88/ErpSync.svc and the like, with a WSDL under ?wsdl, and logins that answer a ticket. All is in',
    'memory, unless --state names a file. As SuperOffice Online does, it tells where its tenant is (/api/state), which',
    'the fault "moved" changes, exchanges the token of an app for a ticket of its system user, and is an OpenID provider',
    'that users sign in to an app with (/login): name it with --tenant Cust00000 --online-url <its address>. Who signs in',
    'is asked for name and password on a page, which a script may post as well; --sign-in auto asks nobody.',
    'The first line on stdout is JSON with the address and the credentials; on a host other than this machine they are',
    'random. It runs until Ctrl-C or SIGTERM.',
  ],
  effect: 'read',
  announces: true,
  arguments: {},
  flags: {
    host: withDefault(text('address'), '127.0.0.1', 'where to listen'),
    port: withDefault(wholeNumber('n', 0, 65_535), '0', 'the port; 0 takes a free one'),
    tlsCert: optional(text('file'), 'speak TLS with this certificate (PEM)'),
    tlsKey: optional(text('file'), 'the private key of the certificate (PEM, without a passphrase)'),
    state: optional(
      text('file'),
      'keep everything in this file: read at the start if it exists, written after each change',
    ),
    tenant: withDefault(text('id'), 'Cust00000', 'the name of the tenant, for --tenant with --online-url'),
    tenantState: withDefault(
      choice('state', tenantStates),
      'Running',
      'the state that Online tells of the tenant; it is served in Running and OnlineMaintenance alone',
    ),
    online: toggle('be strict as SuperOffice Online is: each request needs the application token'),
    signIn: withDefault(
      choice('how', signIns),
      'form',
      'how users sign in to the app: on a page with a form, at once as the administrator (auto), or never (refuse)',
    ),
    tokenLife: withDefault(duration(), '1h', 'how long the access tokens of the app live'),
    log: optional(
      text('file'),
      'append a line of JSON for each request: time, path, keys, outcome; never a secret',
    ),
    fault: repeated(
      { placeholder: 'spec', parse: (spec) => parseFault(spec) },
      'fail as servers fail: status=503, retry-after=2, delay=500ms, reset-before-body, reset-after-body, half-response, html, null, soap-fault, succeeded-false, hang, moved, poison=<key>, inactive-after=<n>; with every=<n>, rate=<0..1>, times=<n>, path=<text>',
    ),
  },
  examples: [
    { run: 'erpsync sandbox', why: 'on a free port, user tje0, password Tje0' },
    {
      run: 'erpsync sandbox --log requests.ndjson --fault status=503,retry-after=2,times=2',
      why: 'a server that is busy twice, and keeps a record of what it was asked',
    },
    { run: 'erpsync sandbox --state tenant.json', why: 'what is changed is still so after a restart' },
  ],
  exitCodes: [7],
  async run(
    { host, port, tlsCert, tlsKey, state, tenant, tenantState, online, signIn, tokenLife, log, fault },
    context,
  ) {
    const tls = tlsFiles(tlsCert, tlsKey);
    const ended = context.host.interruption();
    const sandbox = await startSandbox({
      host,
      port,
      faults: fault,
      tls,
      online,
      tenantName: tenant,
      tenantState,
      signIn,
      tokenLife,
      ...(state !== undefined && { state: { file: state, errorPosition: jsonErrorPosition } }),
      ...(log !== undefined && { logFile: log }),
    });
    const { url, credentials } = sandbox;
    context.announce(jsonLine({ url, pid: context.host.pid, tenant, ...credentials }));
    if (!ended.aborted)
      await new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }));
    await sandbox.close();
    return { url };
  },
  render: () => '',
});

function tlsFiles(certFile: string | undefined, keyFile: string | undefined): TlsFiles | undefined {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile === undefined && keyFile === undefined) return undefined;
  const [given, other] = certFile === undefined ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
  throw missing(other, `${given} is of no use without it`, 'give a certificate and its key, or neither');
}
