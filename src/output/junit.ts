/** Test reports in the form of JUnit, which CI systems read and show. */

/** One case of a report. */
export interface JunitCase {
  readonly name: string;
  /** `failure` was refused, `error` is not known or broke, `skipped` was not tried. */
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** Why, where it did not pass. */
  readonly message: string | null;
}

/** A suite of cases. */
export interface JunitSuite {
  readonly name: string;
  readonly durationMs: number;
  readonly cases: readonly JunitCase[];
}

/** The report as XML; characters that XML cannot carry are left out. */
export function junitReport(suites: readonly JunitSuite[]): string {
  const lines = suites.flatMap(({ name, durationMs, cases }) => [
    `<testsuite name="${escaped(name)}" ${counts(cases)} time="${(durationMs / 1_000).toFixed(3)}">`,
    ...cases.map((each) => caseLine(name, each)),
    '</testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(cases: readonly JunitCase[]): string {
  const count = (outcome: JunitCase['outcome']): number =>
    cases.filter((each) => each.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function caseLine(suite: string, { name, outcome, message }: JunitCase): string {
  const head = `<testcase classname="${escaped(suite)}" name="${escaped(name)}"`;
  if (outcome === 'passed') return `${head}/>`;
  return `${head}><${outcome} message="${escaped(message ?? '')}"/></testcase>`;
}

function escaped(text: string): string {
  return (
    text
      // Whoever shows the report need not know what these do to a line.
      .replace(/[\u007f-\u009f]|\p{Bidi_Control}|[\u2028\u2029\ufeff]/gu, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 cannot carry
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
      .replace(/[&<>"\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
