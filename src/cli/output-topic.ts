/** `erpsync help output`: its page, and the schemas of what commands print. */
import { usageError } from '../errors.ts';
import { jsonDocument } from '../output/json.ts';
import type { Schema } from '../output/shape.ts';
import type { Context } from './context.ts';

/** What it answers with: the text, and for machines the schemas themselves. */
export type OutputTopic = {
  readonly text: string;
  readonly schema?: Schema;
  readonly schemas?: Readonly<Record<string, Schema>>;
};

/**
 * The topic, or with the words of a command the schema of its document.
 *
 * @throws ErpsyncError (usage) for words that name no command
 */
export async function outputTopic(
  words: readonly string[],
  { globals, helpPage, loadSchemas }: Pick<Context, 'globals' | 'helpPage' | 'loadSchemas'>,
): Promise<OutputTopic> {
  const text = words.length === 0 ? await helpPage(['output']) : '';
  if (words.length === 0 && globals.output === 'table') return { text };
  const { documentSchema, describedCommands } = await loadSchemas();
  if (words.length === 0) {
    const all = describedCommands().map((command) => [command, documentSchema(command) ?? {}]);
    return { text, schemas: Object.fromEntries(all) };
  }
  const command = words.join(' ');
  const schema = documentSchema(command);
  if (schema !== undefined) return { text: jsonDocument(schema), schema };
  // It knows the nearest name of one that is mistyped.
  await helpPage(words);
  throw usageError({
    what: `there is no schema of "${command}"`,
    why: 'it is a group of commands, and each has its own',
    next: `name one of them; see: erpsync ${command} --help`,
  });
}
