import { defineCommand } from '../../cli/define.ts';
import { repeated } from '../../cli/flags.ts';
import { choice } from '../../cli/values.ts';
import { missing } from '../../error-words.ts';
import { usageError } from '../../errors.ts';
import { printable } from '../../output/json.ts';
import { type PartState, partStates } from '../../resync/ledger.ts';
import { chosenRun, latestFlag, runArgument } from './chosen-run.ts';
import { runStanding, shownState } from './shown-run.ts';

export default defineCommand({
  path: ['runs', 'keys'],
  summary: 'print the keys of a run that stand in a certain state',
  description: [
    'With -o ids one key a line, as --ids-file and --external-keys-file of force-resync read them: input for another',
    'run. Printed as they are read, whatever number there is. Unsent is all that was not sent, whether it was tried or',
    'not; of a run that is under way, what it still goes on to send is planned.',
  ],
  effect: 'read',
  arguments: { run: runArgument },
  flags: {
    state: repeated(choice('state', partStates), `in which they stand: ${partStates.join(', ')}`),
    latest: latestFlag,
  },
  examples: [
    {
      run: 'erpsync runs keys --latest --state rejected -o ids',
      why: 'what the server refused, for another run',
    },
    { run: 'erpsync runs keys nightly --state unsent -o ids', why: 'what a named run has not sent' },
  ],
  idColumn: 'key',
  async run({ run: wanted, state: states, latest }, context) {
    if (states.length === 0) {
      const why = 'the keys of a run do not all stand in the same state';
      throw missing('--state', why, `give one or more of ${partStates.join(', ')}`);
    }
    const run = await chosenRun(wanted, latest, context);
    if (run.header.target.kind === 'every-record') {
      const { id } = run.header;
      throw usageError({
        what: `no keys of run ${id} can be printed`,
        why: 'it was about every record, and names none',
        next: `see what came of it: erpsync runs show ${id}`,
      });
    }
    const keys = await run.openKeys();
    const items: { readonly key: number | string; readonly state: PartState }[] = [];
    try {
      const ledger = await run.readLedger();
      const standing = runStanding(ledger, run.lock);
      const asked = states.map((state) => shownState(state, standing));
      for (const part of ledger.parts()) {
        const state = shownState(part.state, standing);
        if (!asked.includes(state)) continue;
        const found = Array.from<number | string, number | string>(
          (await keys.keysOf(part)) ?? [],
          (key) => key,
        );
        const page = found.map((key) => ({ key, state }));
        const { streamed, wanted: more } = await context.items(page);
        if (!streamed) items.push(...page);
        if (!more) break;
      }
    } finally {
      await keys.close();
    }
    return { items };
  },
  // Elsewhere than at a terminal the keys are input for another run.
  render: ({ items }, { columns }) =>
    items.map(({ key }) => (columns === undefined ? String(key) : printable(String(key)))).join('\n'),
});
