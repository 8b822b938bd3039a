import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { findRun } from '../../resync/run-store.ts';
import { exportRun } from '../../resync/run-transfer.ts';
import { runPlace } from '../run-place.ts';

export default defineCommand({
  path: ['runs', 'export'],
  summary: 'write a run to a file, to go on with it on another machine',
  description: ['From then on it cannot be resumed here. The file holds keys and journal, and no secret.'],
  effect: 'write',
  arguments: {
    run: argument(text('run'), 'its id or name'),
    file: argument(text('file'), 'a file that does not exist yet'),
  },
  flags: {},
  examples: [{ run: 'erpsync runs export nightly nightly.run', why: 'move a run to another machine' }],
  exitCodes: [12, 14],
  async run({ run: wanted, file }, context) {
    const run = await findRun(runPlace(context), wanted);
    await exportRun(run, file, () => context.host.clock.now());
    return { run: run.header.id, file };
  },
  render: ({ run, file }) => `Wrote run ${run} to ${file}; it goes on where that is imported.`,
});
