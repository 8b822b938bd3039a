/** How the value of an error, as documents carry it, is told. */
import { expect, test } from 'vitest';
import type { Host } from '../../../src/cli/context.ts';
import { tellError } from '../../../src/cli/error-text.ts';
import { ErpsyncError, errorValue } from '../../../src/errors.ts';

const lost = errorValue(
  new ErpsyncError('unknown', {
    what: 'the answer to request 3: (ForceResync) was lost',
    why: 'socket hang up: ECONNRESET',
    next: 'see: erpsync runs show r1',
  }),
);

function toldAt(stderrIsTerminal: boolean, error = lost): string {
  let told = '';
  const host = {
    environment: { NO_COLOR: '1' },
    stderrIsTerminal,
    writeStderr(text: string) {
      told += text;
    },
  };
  tellError(error, { command: 'resume', forPeople: true, noColor: false }, host as unknown as Host);
  return told;
}

test('when a value of an error is told at a terminal then its parts are found in it again', () => {
  expect(toldAt(true)).toBe(
    [
      'erpsync: the answer to request 3: (ForceResync) was lost',
      '    why: socket hang up: ECONNRESET',
      '   next: erpsync runs show r1',
      '',
    ].join('\n'),
  );
});

test('when it is told elsewhere then it is one line', () => {
  expect(toldAt(false)).toBe(
    'erpsync: the answer to request 3: (ForceResync) was lost: socket hang up: ECONNRESET; see: erpsync runs show r1\n',
  );
});
