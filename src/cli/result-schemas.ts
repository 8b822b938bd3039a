/** What a program knows of its commands' results. */
import type { Schema } from '../output/shape.ts';

/** How a result ended whose command says so by its exit code alone. */
export const resultStatuses = ['ok', 'partial', 'failed'] as const;
/** One of {@link resultStatuses}. */
export type ResultStatus = (typeof resultStatuses)[number];

/** What is known of the results of commands; loaded only where it is asked for. */
export interface ResultSchemas {
  /** The words of every command that has a schema. */
  describedCommands(): readonly string[];
  /** The JSON Schema of what `-o json` of a command prints; undefined for an unknown one. */
  documentSchema(command: string): Schema | undefined;
  /** The members of a list's items, in the order in which they are shown. */
  itemMembers(command: string): readonly string[];
}
