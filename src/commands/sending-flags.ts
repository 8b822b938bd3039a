/** What starting a run and going on with one have in common: how requests leave, and which files tell of the outcome. */
import { howToSend } from '../cli/connection-flags.ts';
import { inGroup, optional, toggle } from '../cli/flags.ts';
import { duration, text, wholeNumber } from '../cli/values.ts';
import { reportValue } from './run-report.ts';

/** What is looked at beside the run, how far it follows, and when it stops. */
export const courseFlags = inGroup(howToSend, {
  noCheck: toggle('do not look whether the source exists and is active'),
  waitTimeout: optional(duration(), 'how long --wait follows them (default 1h)'),
  deadline: optional(duration(), 'stop sending after this time, and finish what is under way'),
});

/** Whom a run waits for. */
export const waitingFlags = inGroup(howToSend, {
  maxTasks: optional(
    wholeNumber('n', 1, 100_000),
    'send only while fewer ERP resync tasks of yours than that are unfinished on the server',
  ),
  lockWait: optional(
    duration(),
    'wait so long for who works at the tenant or on the run; else that ends this one with 12',
  ),
  noLock: toggle('do not look for other runs of the tenant'),
});

/** Files that are written at the end. */
export const outcomeFiles = inGroup(
  { heading: 'Files about the outcome' },
  {
    failedOut: optional(text('path'), 'write the keys that were refused or not sent to a file, one a line'),
    unknownOut: optional(text('path'), 'write the keys whose outcome is not known to a file, one a line'),
    report: optional(reportValue, 'write what became of each request to a file that CI systems read'),
  },
);
