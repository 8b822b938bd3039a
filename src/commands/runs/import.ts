import { defineCommand } from '../../cli/define.ts';
import { argument } from '../../cli/flags.ts';
import { text } from '../../cli/values.ts';
import { importRun } from '../../resync/run-transfer.ts';
import { runPlace } from '../run-place.ts';

export default defineCommand({
  path: ['runs', 'import'],
  summary: 'take in a run that was exported on another machine, to go on with it here',
  effect: 'write',
  arguments: { file: argument(text('file'), 'the file that "erpsync runs export" wrote') },
  flags: {},
  examples: [
    { run: 'erpsync runs import other.run', why: 'go on here, with: erpsync resume' },
    {
      run: 'erpsync runs import other.run -o json',
      why: 'the same for a script: it holds the id of the run',
    },
  ],
  exitCodes: [12],
  async run({ file }, context) {
    const { header } = await importRun(runPlace(context), file, () => context.host.clock.now());
    return { run: header.id, name: header.name, profile: header.profile };
  },
  render: ({ run, name }) => `Took in run ${run}; go on with: erpsync resume ${name ?? run}`,
});
