import { connectionFlags } from '../cli/connection-flags.ts';
import { defineCommand } from '../cli/define.ts';
import { ErpsyncError, errorValue, exitCodes, gravity } from '../errors.ts';
import { printable } from '../output/json.ts';
import { table } from '../output/table.ts';
import { version } from '../version.ts';
import { doctorChecks } from './doctor-checks.ts';
import type { Check } from './doctor-checkup.ts';

export default defineCommand({
  path: ['doctor'],
  summary: 'find out what is wrong between here and the server, and what to do about it',
  description: [
    'Looks at files, disk space, settings, DNS, the port, the proxy, TLS, REST, SOAP, the clock, the login and the',
    'ErpSync agent, of a tenant also at the login host of its environment and at its state; and changes nothing.',
    'What builds on something that failed is skipped. The exit code is that of the worst failure.',
    '',
    'The output names hosts, addresses and the profile. It holds no secret, no user name and no home directory, so',
    'that it can be passed on as it is.',
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
    const [worst] = failed.toSorted((one, other) => gravityOf(one) - gravityOf(other));
    const error =
      worst?.code === undefined
        ? null
        : new ErpsyncError(worst.code, {
            what: `${failed.length} of ${checks.length} checks failed`,
            why: `${worst.name}: ${worst.detail}`,
            next: worst.fix ?? 'mend what failed, and run the same command again',
          });
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
          whole: true,
        },
      ],
      style,
    );
  },
});

function gravityOf({ code }: Check): number {
  return code === undefined || code === 'interrupted' ? 0 : gravity(exitCodes[code]);
}
