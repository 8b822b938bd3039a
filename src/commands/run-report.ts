/** What a run leaves for CI: a report in the form of JUnit, and the summary of a step on GitHub. */
import { access, appendFile, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../cli/context.ts';
import type { ValueParser } from '../cli/flags.ts';
import { unusable, unwritable } from '../error-words.ts';
import { continued, errorValue, systemErrorCode, usageError } from '../errors.ts';
import { replaceFile } from '../files/replaced-file.ts';
import { type JunitCase, type JunitSuite, junitReport } from '../output/junit.ts';
import { stepSummary } from '../output/step-summary.ts';
import { type PartRecord, stateAtRest } from '../resync/ledger.ts';
import { direction } from '../resync/plan.ts';
import type { ResyncResult } from '../resync/result.ts';
import { listRuns } from '../resync/run-store.ts';
import { isOfProfiles, isRun, type ProfileResult, type ProfilesResult } from './profile-choice.ts';
import { runPlace } from './run-place.ts';

/** `--report junit=<file>`. */
export const reportValue: ValueParser<string> = {
  placeholder: 'junit=file',
  suggestions: ['junit='],
  completes: 'file-behind-equals',
  parse(given, where) {
    const file = /^junit=(.+)$/s.exec(given)?.[1];
    if (file !== undefined) return file;
    throw unusable(where, `${JSON.stringify(given)} is no report`, 'write it as junit=report.xml');
  },
};

/**
 * Looks whether a report can be written, before anything is sent.
 *
 * @throws ErpsyncError (usage)
 */
export async function checkReportPath(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const [what, next] = [`--report junit=${file}`, 'give another path'];
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory())
    throw usageError({ what: `${what} cannot be written`, why: 'it is a directory', next });
  if (found !== undefined && !found.isFile()) return;
  try {
    await access(path.dirname(path.resolve(file)), constants.W_OK);
  } catch (error) {
    throw unwritable('usage', what, error, next);
  }
}

/** What reports need of a result. */
type Ended = Pick<ResyncResult | ProfilesResult, 'status' | 'exitCode' | 'error'>;

/**
 * Writes both, as far as they are wanted: of one run, or a part for each of several profiles.
 *
 * @returns the result, or the same with the code of storage where a report could not be written
 */
export async function withReports<R extends ResyncResult | ProfilesResult>(
  result: R,
  file: string | undefined,
  context: Context,
): Promise<R> {
  const told = endedRuns(result).filter(({ status }) => status !== 'dry-run');
  if (told.length === 0) return result;
  let writing = `--report junit=${file}`;
  try {
    if (file !== undefined) {
      const suites: JunitSuite[] = [];
      for (const each of told) suites.push(await suiteOf(each, context));
      await replaceFile(file, context.redact(junitReport(suites)));
    }
    writing = 'the summary of the step';
    const summary = context.host.environment['GITHUB_STEP_SUMMARY'];
    if (summary !== undefined && summary !== '')
      await appendFile(summary, context.redact(told.map(summaryOf).join('\n')));
    return result;
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause;
    const next = 'see what came of the run all the same: erpsync runs list';
    const error = unwritable('storage', writing, cause, next);
    const storage: Ended = { status: 'failed', exitCode: error.exitCode, error: errorValue(error) };
    if (result.exitCode === 0) return { ...result, ...storage };
    // The run has an error of its own.
    context.warn(`warning: ${continued(error.message, next)}`);
    return result;
  }
}

function endedRuns(result: ResyncResult | ProfilesResult): readonly ProfileResult[] {
  return isOfProfiles(result) ? result.profiles : [result];
}

/** The requests of the run as its journal has them; none where it ended before there was one. */
async function partsOf({ run }: ResyncResult, context: Context): Promise<Iterable<PartRecord>> {
  const { runs } = await listRuns(runPlace(context), (id) => id === run);
  const [stored] = runs;
  return stored === undefined ? [] : (await stored.readLedger()).parts();
}

async function suiteOf(result: ProfileResult, context: Context): Promise<JunitSuite> {
  const whole: JunitCase = {
    name: 'run',
    outcome: result.exitCode === 0 ? 'passed' : 'failure',
    message: result.error?.message ?? null,
  };
  if (!isRun(result)) return { name: `erpsync ${result.profile}`, durationMs: 0, cases: [whole] };
  const { profile, operation, source, durationMs } = result;
  const whose = profile === null ? '' : ` ${profile}`;
  const parts = Array.from(await partsOf(result, context), caseOf);
  return {
    name: `erpsync${whose} ${operation} ${direction(source)}`,
    durationMs,
    cases: [whole, ...parts],
  };
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

function caseOf({ request, from, count, state: known, error }: PartRecord): JunitCase {
  const state = stateAtRest(known);
  const name = `request ${request + 1}, ${count} ${count === 1 ? 'key' : 'keys'} from ${from + 1}: ${state}`;
  return { name, outcome: outcomes[state], message: error?.message ?? state };
}

function summaryOf(result: ProfileResult): string {
  const notes = [
    ...(result.error ? [result.error.message] : []),
    ...(result.error?.hint ? [result.error.hint] : []),
  ];
  const heading = `erpsync: ${result.status} (exit code ${result.exitCode})`;
  if (!isRun(result)) return stepSummary({ heading, rows: [['profile', result.profile]], notes });
  const { source, keys, requests, run, profile } = result;
  const number = (count: number | null): string => (count === null ? 'every record' : String(count));
  return stepSummary({
    heading,
    rows: [
      ...(profile === null ? [] : [['profile', profile] as const]),
      ['data', direction(source)],
      ['run', run],
      ['keys given', number(keys.given)],
      ['accepted', number(keys.accepted ?? requests.accepted)],
      ['rejected', number(keys.rejected ?? requests.rejected)],
      ['not sent', number(keys.unsent ?? requests.unsent)],
      ['unknown', number(keys.unknown ?? requests.unknown)],
      ['retries', number(requests.retries)],
    ],
    notes,
  });
}
