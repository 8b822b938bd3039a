import { defineCommand } from '../../cli/define.ts';
import { argument, optional } from '../../cli/flags.ts';
import { duration, text } from '../../cli/values.ts';
import { findRun } from '../../resync/run-store.ts';
import { exportRun } from '../../resync/run-transfer.ts';
import { runPlace } from '../run-place.ts';

export default defineCommand({
  path: ['runs', 'export'],
  summary: 'write a run to a file, to go on with it on another machine',
  description: ['From then on it cannot be resumed here. The file holds keys and journal, and no secret.'],
  effect: 'write',
  arguments: {
    run: argument(text('run', 'run'), 'its id or name'),
    file: argument(text('file'), 'a file that does not exist yet'),
  },
  flags: {
    lockWait: optional(duration(), 'wait so long for who works on the run; else that ends this with 12'),
  },
  examples: [
    { run: 'erpsync runs export nightly nightly.run', why: 'move a run to another machine' },
    { run: 'erpsync runs export nightly nightly.run --lock-wait 1m', why: 'wait for who works on it' },
  ],
  exitCodes: [12],
  async run({ run: wanted, file, lockWait }, context) {
    const run = await findRun(runPlace(context), wanted);
    await exportRun(run, file, () => context.host.clock.now(), {
      waitMs: lockWait ?? 0,
      onWait: (holder) => context.note(`Waiting for ${holder}.`),
    });
    return { run: run.header.id, file };
  },
  render: ({ run, file }) => `Wrote run ${run} to ${file}; it goes on where that is imported.`,
});
