/** What a run leaves for CI: a report in the form of JUnit, and the summary of a step on GitHub. */
import { appendFile } from 'node:fs/promises';
import type { Context } from '../cli/context.ts';
import { ErpsyncError, systemErrorCode, usageError } from '../errors.ts';
import { replaceFile } from '../files/replaced-file.ts';
import { type JunitCase, junitReport } from '../output/junit.ts';
import { stepSummary } from '../output/step-summary.ts';
import type { PartRecord } from '../resync/ledger.ts';
import { direction } from '../resync/plan.ts';
import type { ResyncResult } from '../resync/result.ts';
import { listRuns } from '../resync/run-store.ts';
import { runPlace } from './run-place.ts';

/** `--report junit=<file>`. */
export const reportValue = {
  placeholder: 'junit=file',
  parse(given: string, where: string): string {
    const file = /^junit=(.+)$/s.exec(given)?.[1];
    if (file !== undefined) return file;
    throw usageError(`${where}: ${JSON.stringify(given)} is no report`, 'write it as junit=report.xml');
  },
};

/**
 * Writes both, as far as they are wanted.
 *
 * @returns the result, or the same with the code of storage where a report could not be written
 */
export async function withReports(
  result: ResyncResult,
  file: string | undefined,
  context: Context,
): Promise<ResyncResult> {
  if (result.status === 'dry-run') return result;
  try {
    if (file !== undefined) await replaceFile(file, junitOf(result, await partsOf(result, context)));
    const summary = context.host.environment['GITHUB_STEP_SUMMARY'];
    if (summary !== undefined && summary !== '') await appendFile(summary, summaryOf(result));
    return result;
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === undefined) throw cause;
    const error = new ErpsyncError('storage', `the report of the run could not be written: ${code}`, {
      cause,
    });
    context.warn(error.message);
    return result.exitCode === 0 ? { ...result, status: 'failed', exitCode: error.exitCode } : result;
  }
}

/** The requests of the run as its journal has them; none where it ended before there was one. */
async function partsOf({ run }: ResyncResult, context: Context): Promise<Iterable<PartRecord>> {
  const { runs } = await listRuns(runPlace(context), (id) => id === run);
  const [stored] = runs;
  return stored === undefined ? [] : (await stored.readLedger()).parts();
}

function junitOf(result: ResyncResult, parts: Iterable<PartRecord>): string {
  const cases = Array.from(parts, caseOf);
  const whole: JunitCase = {
    name: 'run',
    outcome: result.exitCode === 0 ? 'passed' : 'failure',
    message: result.error?.message ?? null,
  };
  const name = `erpsync ${result.operation} ${direction(result.source)}`;
  return junitReport({ name, durationMs: result.durationMs, cases: [whole, ...cases] });
}

const outcomes: Readonly<Record<PartRecord['state'], JunitCase['outcome']>> = {
  planned: 'skipped',
  unsent: 'skipped',
  accepted: 'passed',
  done: 'passed',
  unconfirmed: 'passed',
  rejected: 'failure',
  failed: 'failure',
  unknown: 'error',
};

function caseOf({ request, from, count, state, error }: PartRecord): JunitCase {
  const name = `request ${request + 1}, ${count} ${count === 1 ? 'key' : 'keys'} from ${from + 1}: ${state}`;
  return { name, outcome: outcomes[state], message: error?.message ?? state };
}

function summaryOf(result: ResyncResult): string {
  const { source, keys, requests, status, exitCode, run, error } = result;
  const number = (count: number | null): string => (count === null ? 'every record' : String(count));
  return stepSummary({
    heading: `erpsync: ${status} (exit code ${exitCode})`,
    rows: [
      ['data', direction(source)],
      ['run', run],
      ['keys given', number(keys.given)],
      ['accepted', number(keys.accepted ?? requests.accepted)],
      ['rejected', number(keys.rejected ?? requests.rejected)],
      ['not sent', number(keys.unsent ?? requests.unsent)],
      ['unknown', number(keys.unknown ?? requests.unknown)],
      ['retries', number(requests.retries)],
    ],
    notes: error === null ? [] : [error.message, ...(error.hint === undefined ? [] : [error.hint])],
  });
}
