/** Shapes that several results have in common. */
import { exitCodes } from '../../errors.ts';
import {
  anything,
  either,
  integer,
  list,
  type Members,
  maybe,
  nullable,
  record,
  type Shape,
  text,
  type Values,
  words,
} from '../../output/shape.ts';

/** What a command's `run` returns. */
type ResultOf<C> = C extends { run(...given: never[]): Promise<infer R> } ? R : never;

/** The shape of a command's result: it has to take all that the command can return, by its type. */
export type ResultShape<C> = Shape<ResultOf<C>>;

/** Why a command did not do what it was asked, or did only a part of it. */
export const errorShape = record({
  code: words(...Object.keys(exitCodes).filter((name) => name !== 'ok'), 'interrupted'),
  exitCode: integer,
  message: text,
  why: text,
  hint: text,
  httpStatus: maybe(integer),
  concerns: maybe(list(either(integer, text))),
});

/** Of a command that can end well or not: null is well. */
export const outcome = { exitCode: integer, error: nullable(errorShape) };

/** Of a command that changes something, or shows what it would change. */
export const doneOrPlanned = words('ok', 'dry-run');

/** A request that a dry run shows. */
export const plannedShape = record({ method: text, url: text, body: maybe(anything) });

/** A number of the server; null where it does not say. */
export const id = nullable(integer);

/** A field that is changed. */
export const changesShape = list(record({ field: text, before: maybe(anything), after: maybe(anything) }));

/** A list, with what is said beside its items. */
export function items<M extends Members, B extends Members = Record<never, never>>(
  members: M,
  beside?: B,
): Shape<{ readonly items: readonly Values<M>[] } & Values<B>> {
  const shape = record({ items: list(record(members)), ...beside });
  return shape as Shape<unknown>;
}
