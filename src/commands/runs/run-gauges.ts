/** What monitoring is told of runs. */
import type { Gauge, Sample } from '../../output/prometheus.ts';
import type { ReadRun } from '../../resync/run-search.ts';
import { runItem, wentWell } from './shown-run.ts';

/**
 * Figures of the last run, and the time of the last one that went well, for each profile, name and part. Ids are no
 * labels: each would be a series of its own.
 *
 * @param runs oldest first
 */
export function runGauges(runs: readonly ReadRun[]): readonly Gauge[] {
  const series = new Map<string, { readonly labels: Sample['labels']; last: ReadRun; good?: ReadRun }>();
  for (const each of runs) {
    const { profile, name, shard } = each.run.header;
    const part = shard === null ? '' : `${shard.index}/${shard.count}`;
    const labels = { profile: profile ?? '', name: name ?? '', part };
    const key = JSON.stringify(labels);
    const good = wentWell(each) ? each : series.get(key)?.good;
    series.set(key, { labels, last: each, ...(good && { good }) });
  }
  const all = [...series.values()];
  return [
    {
      name: 'erpsync_run_ok',
      help: 'Whether all keys of the last run were accepted.',
      samples: all.map(({ labels, last }) => ({ labels, value: wentWell(last) ? 1 : 0 })),
    },
    {
      name: 'erpsync_run_end_timestamp_seconds',
      help: 'When the last run ended.',
      samples: all.map(({ labels, last }) => ({ labels, value: endOf(last) })),
    },
    {
      name: 'erpsync_good_run_end_timestamp_seconds',
      help: 'When the last run of which all keys were accepted ended.',
      samples: all.flatMap(({ labels, good }) => (good ? [{ labels, value: endOf(good) }] : [])),
    },
    {
      name: 'erpsync_run_keys',
      help: 'Keys of the last run by what became of them; requests where it was about every record.',
      samples: all.flatMap(({ labels, last }) =>
        Object.entries(runItem(last.run, last.ledger).counts).map(([state, value]) => ({
          labels: { ...labels, state },
          value,
        })),
      ),
    },
  ];
}

function endOf({ run, ledger }: ReadRun): number {
  const { lastAt, createdAt } = runItem(run, ledger);
  return Date.parse(lastAt ?? createdAt) / 1_000;
}
