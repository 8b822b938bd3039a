/** The machine as commands get to see it: what they write holds no secret. */
import { redactedBytes } from '../output/redact.ts';
import {
  type Annotation,
  annotationCommand,
  readsCommands,
  withoutCommands,
} from '../output/workflow-commands.ts';
import type { Host } from './context.ts';

/** A machine that masks secrets in all that it writes. */
export interface RedactingHost extends Host {
  redact(text: string): string;
}

/**
 * The machine, with secrets masked in all that it writes. Where a runner reads commands in it, only annotations are
 * some.
 */
export function redactingHost(host: Host, redact: (text: string) => string): RedactingHost {
  const isRead = readsCommands(host.environment);
  const cleaned = (text: string): string => (isRead ? withoutCommands(redact(text)) : redact(text));
  // Not spread: standard input is opened when it is asked for.
  return Object.create(host, {
    redact: { value: redact },
    writeStdout: {
      value: (text: string | Uint8Array) =>
        host.writeStdout(typeof text === 'string' ? cleaned(text) : redactedBytes(text, cleaned)),
    },
    writeStderr: { value: (text: string) => host.writeStderr(cleaned(text)) },
    ...(isRead && {
      annotate: {
        value: ({ level, title, message }: Annotation) =>
          host.writeStderr(annotationCommand({ level, title: redact(title), message: redact(message) })),
      },
    }),
  }) as RedactingHost;
}
