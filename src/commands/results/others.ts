/** What the commands print that belong to no group. */
import { erpSync } from '../../agent/contract.ts';
import {
  always,
  anything,
  dictionary,
  either,
  integer,
  list,
  maybe,
  nullable,
  record,
  type Schema,
  type Shape,
  text,
  words,
} from '../../output/shape.ts';
import type api from '../api.ts';
import type call from '../call.ts';
import type completion from '../completion.ts';
import type doctor from '../doctor.ts';
import type help from '../help.ts';
import { errorShape, outcome, type ResultShape } from './shared-shapes.ts';
import { wireSchema } from './wire-shapes.ts';

/** A result for each operation, as the contract has it. */
function operationResults(): Shape<unknown> {
  const definitions = new Map<string, Schema>();
  const results = Object.entries(erpSync).map(([name, { result }]) => {
    const { schema } = result.kind === 'nothing' ? always(null) : { schema: wireSchema(result, definitions) };
    return record({ operation: always(name), result: { schema } }).schema;
  });
  const dryRun = record({
    operation: words(...Object.keys(erpSync)),
    status: always('dry-run'),
    method: text,
    url: text,
    body: anything,
  });
  return { schema: { anyOf: [...results, dryRun.schema], $defs: Object.fromEntries(definitions) } };
}

const called: ResultShape<typeof call> = operationResults();

const answered: ResultShape<typeof api> = either(
  record({ status: always('dry-run'), method: text, url: text, body: anything }),
  record({
    status: integer,
    headers: dictionary(either(text, list(text))),
    body: anything,
    bodyBase64: maybe(text),
    exitCode: maybe(integer),
    error: maybe(errorShape),
  }),
);

const checked: ResultShape<typeof doctor> = record({
  erpsync: text,
  node: text,
  platform: text,
  checks: list(
    record({
      name: text,
      status: words('ok', 'info', 'warning', 'failed', 'skipped'),
      detail: text,
      fix: nullable(text),
    }),
  ),
  ...outcome,
});

const helped: ResultShape<typeof help> = record({
  text,
  schema: maybe(dictionary(anything)),
  schemas: maybe(dictionary(dictionary(anything))),
});

const completed: ResultShape<typeof completion> = record({
  shell: words('bash', 'zsh', 'fish'),
  script: text,
});

/** The line that the sandbox prints when it is there; it prints nothing else. */
const announced: Shape = {
  schema: {
    ...record({ url: text, pid: integer, tenant: text }).schema,
    additionalProperties: { type: 'string', description: 'something to log in with' },
  },
};

export const otherResults = {
  call: called,
  api: answered,
  doctor: checked,
  sandbox: announced,
  completion: completed,
  help: helped,
};
