/** Commands to the runner of GitHub Actions, which it reads in the lines that a step prints. */
import { printable } from './json.ts';

/** A line that the runner shows apart from the log. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** Whether what is printed goes to such a runner. */
export function readsCommands({ GITHUB_ACTIONS }: Readonly<Record<string, string | undefined>>): boolean {
  return GITHUB_ACTIONS === 'true';
}

/** The command for an annotation, with a line end. */
export function annotationCommand({ level, title, message }: Annotation): string {
  const shown = withoutCommands(printable(message).replaceAll('\n', ' '));
  return `::${level} title=${encoded(printable(title), /[%\r\n:,]/g)}::${encoded(shown, /[%\r\n]/g)}\n`;
}

function encoded(text: string, meaning: RegExp): string {
  return text.replace(meaning, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/**
 * Text in which the runner finds no command: neither `::` where a line begins, after blanks of any kind, nor the
 * older `##[` anywhere. Both are written as JSON writes characters, so JSON keeps its meaning.
 */
export function withoutCommands(text: string): string {
  return text.replace(/((?:^|[\r\n])[\s\u0085]*):(?=:)/g, '$1\\u003a').replaceAll('##[', '#\\u0023[');
}
