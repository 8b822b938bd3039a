import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { ErpsyncError, errorValue } from '../errors.ts';
import { printable } from '../output/json.ts';
import { table } from '../output/table.ts';
import { version } from '../version.ts';
import { doctorChecks } from './doctor-checks.ts';

export default defineCommand({
  path: ['doctor'],
  summary: 'find out what is wrong between here and the server, and what to do about it',
  description: [
    'Looks at files, settings, DNS, the port, the proxy, TLS, the clock, the login, REST, SOAP and the ErpSync agent,',
    'and changes nothing. What builds on something that failed is skipped. The exit code is that of the first',
    'failure. The output names hosts and users and holds no secret, so that it can be passed on.',
  ],
  effect: 'read',
  arguments: {},
  flags: connectionFlags,
  examples: [
    { run: 'erpsync doctor', why: 'before the first run, and when one fails' },
    { run: 'erpsync doctor -o json', why: 'to attach to a question' },
  ],
  exitCodes: [4, 5, 6, 7, 9],
  async run(given, context) {
    const checks = await doctorChecks(context, given);
    const failed = checks.filter(({ status }) => status === 'failed');
    const [first] = failed;
    const error =
      first?.code === undefined
        ? null
        : new ErpsyncError(
            first.code,
            `${failed.length} of ${checks.length} checks failed; ${first.name}: ${first.detail}`,
            {
              hint: first.fix ?? undefined,
            },
          );
    const items = checks.map(({ code: _, ...check }) => check);
    const { nodeVersion: node, platform } = context.host;
    return {
      erpsync: version,
      node,
      platform,
      checks: items,
      exitCode: error?.exitCode ?? 0,
      error: error && errorValue(error),
    };
  },
  render({ checks }, style) {
    return table(
      checks,
      [
        { heading: 'check', cell: ({ name }) => name },
        { heading: 'result', cell: ({ status }) => status },
        {
          heading: 'detail',
          cell: ({ detail, fix }) => printable(fix === null ? detail : `${detail}; ${fix}`),
        },
      ],
      style,
    );
  },
});
