/** Several profiles of one command line: how they are named, and what a run on them amounts to. */
import { unusable } from '../error-words.ts';
import type { ErrorValue } from '../errors.ts';
import { printable } from '../output/json.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import type { ResyncResult, RunStatus } from '../resync/result.ts';

/** What was said about profiles. */
export interface ProfileChoice {
  /** Names, separated by commas. */
  readonly profiles: string | undefined;
  readonly allProfiles: boolean;
  /** So many tenants are meant, by who says `--all`. */
  readonly yesTenants: number | undefined;
  /** The column, or field, that names the profile of a key. */
  readonly profileColumn: string | undefined;
}

/** A profile that never came to a run. */
export interface ProfileFailure {
  readonly profile: string;
  readonly status: RunStatus;
  readonly exitCode: number;
  readonly error: ErrorValue;
}

/** What became of one profile. */
export type ProfileResult = ResyncResult | ProfileFailure;

/** The body of `-o json` of several profiles. */
export interface ProfilesResult {
  readonly [member: string]: unknown;
  /** Of the worst of them, as the code. */
  readonly status: RunStatus;
  readonly exitCode: number;
  /** In the order in which they were taken. */
  readonly profiles: readonly ProfileResult[];
  readonly error: ErrorValue | null;
}

/** Whether several profiles are meant. */
export function namesProfiles({ profiles, allProfiles }: ProfileChoice): boolean {
  return profiles !== undefined || allProfiles;
}

/** @throws ErpsyncError (usage) for what goes with several profiles only */
export function checkWithoutProfiles({ profileColumn, yesTenants }: ProfileChoice): void {
  const flag =
    profileColumn !== undefined ? '--profile-column' : yesTenants !== undefined ? '--yes-tenants' : undefined;
  if (flag !== undefined)
    throw unusable(flag, 'it goes with several profiles', 'add --profiles <list> or --all-profiles');
}

/** Whether it came to a run, so that there are counts. */
export function isRun(result: ProfileResult): result is ResyncResult {
  return 'requests' in result;
}

/** Whether a result is that of several profiles. */
export function isOfProfiles(result: ResyncResult | ProfilesResult): result is ProfilesResult {
  return Array.isArray(result['profiles']);
}

/** A line for each profile; errors are told apart. */
export function profilesTable({ profiles }: ProfilesResult, style: Style): string {
  const counted = (result: ProfileResult, what: 'accepted' | 'rejected' | 'unsent' | 'unknown'): string =>
    isRun(result) ? String(result.keys[what] ?? result.requests[what]) : '';
  return table(
    profiles,
    [
      { heading: 'profile', cell: ({ profile }) => profile ?? '' },
      { heading: 'status', cell: ({ status }) => status },
      { heading: 'accepted', cell: (each) => counted(each, 'accepted') },
      { heading: 'rejected', cell: (each) => counted(each, 'rejected') },
      { heading: 'not sent', cell: (each) => counted(each, 'unsent') },
      { heading: 'unknown', cell: (each) => counted(each, 'unknown') },
      { heading: 'code', cell: ({ exitCode }) => String(exitCode) },
      {
        heading: 'run',
        cell: (each) => (isRun(each) && each.status !== 'dry-run' ? each.run : ''),
        whole: true,
      },
      { heading: 'error', cell: ({ error }) => printable(error?.message ?? ''), whole: true },
    ],
    style,
  );
}
