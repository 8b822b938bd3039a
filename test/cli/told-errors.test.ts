/** The check that no test can forget: an error has a reason, and says what to do next, wherever it is told. */
import { describe, expect, test } from 'vitest';
import type { Finished } from '../support/program.ts';
import { problemsOfErrors } from '../support/told-errors.ts';

const failed = (stderr: string, stdout = ''): Finished => ({
  exitCode: 2,
  signal: undefined,
  stdout,
  stderr,
});
const told = 'there is no run "x": nothing is stored under this name';
const document = (error: object) => ({ schemaVersion: 1, command: 'runs show', status: 'failed', error });
const whole = {
  code: 'usage',
  exitCode: 2,
  message: told,
  why: 'nothing is',
  hint: 'see: erpsync runs list',
};

describe('an error that is told in three parts', () => {
  test.each<[string, Finished]>([
    ['one line', failed(`erpsync: ${told}; see which there are: erpsync runs list\n`)],
    ['an option to give', failed('erpsync: --env is missing: it is not said; give --env sod\n')],
    ['a variable to set', failed('erpsync: a: b; set ERPSYNC_URL\n')],
    ['lines', failed('erpsync: there is no run "x"\n    why: b\n   next: erpsync runs list\n')],
    [
      'colour',
      failed('\u001b[31merpsync:\u001b[39m a\n \u001b[1m   why:\u001b[22m b\n   next: erpsync log\n'),
    ],
    ['warnings before it', failed('erpsync: warning: careful\nerpsync: a: b; run the same command again\n')],
    ['an annotation', failed('::error title=erpsync log%3A usage (2)::a: b; see: erpsync log\n')],
    ['JSON', failed('', `${JSON.stringify(document(whole), undefined, 2)}\n`)],
    ['NDJSON', failed('', `{"type":"start"}\n${JSON.stringify({ type: 'end', ...document(whole) })}\n`)],
    [
      'YAML',
      failed(
        '',
        'schemaVersion: 1\nerror:\n  exitCode: 2\n  message: "a: b"\n  why: b\n  hint: erpsync log\n',
      ),
    ],
    ['a bug', failed('erpsync: this is a bug in erpsync: it broke\n    at run (main.js:1:1)\n')],
    ['nothing that is an error', failed('erpsync: force a resync\n\nUsage\n  erpsync <command>\n')],
  ])('when it is told by %s then nothing is wrong', (_, finished) => {
    expect(problemsOfErrors(finished)).toEqual([]);
  });

  test('when the program ended well then nothing is looked at', () => {
    expect(problemsOfErrors({ ...failed('erpsync: old form\n'), exitCode: 0 })).toEqual([]);
  });
});

describe('an error that is not', () => {
  test.each<[string, Finished, string[]]>([
    ['a reason', failed('erpsync: no; see: erpsync log\n'), ['no reason', 'nothing to do next']],
    ['what to do next', failed('erpsync: a: b\n'), ['no reason', 'nothing to do next']],
    ['something to type', failed('erpsync: a: b; be careful\n'), ['no command, option or variable']],
    ['a reason, in lines', failed('erpsync: a\n   next: erpsync log\n'), ['no reason']],
    ['what to do next, in lines', failed('erpsync: a\n    why: b\n'), ['nothing to do next']],
    [
      'a reason, in an annotation',
      failed('::error title=x::a; see: erpsync log\n'),
      ['no reason', 'nothing'],
    ],
    ['a reason, in JSON', failed('', JSON.stringify(document({ ...whole, why: undefined }))), ['no reason']],
    [
      'what to do next, further in',
      failed('', JSON.stringify({ profiles: [document({ ...whole, hint: undefined })] })),
      ['nothing to do next'],
    ],
    [
      'something to type, in NDJSON',
      failed('', `{"type":"start"}\n${JSON.stringify(document({ ...whole, hint: 'wait' }))}\n`),
      ['no command, option or variable'],
    ],
  ])('when %s is missing then that is found', (_, finished, words) => {
    const problems = problemsOfErrors(finished);
    expect(problems).toHaveLength(words.length);
    for (const [at, word] of words.entries()) expect(problems[at]).toContain(word);
  });
});
