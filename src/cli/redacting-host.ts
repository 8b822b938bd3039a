/** The machine as commands get to see it: what they write holds no secret. */
import type { Host } from './context.ts';

/** A machine that masks secrets in all that it writes. */
export interface RedactingHost extends Host {
  redact(text: string): string;
}

/** The machine, with secrets masked in all that it writes. */
export function redactingHost(host: Host, redact: (text: string) => string): RedactingHost {
  const redacted = (text: string | Uint8Array): string | Uint8Array =>
    typeof text === 'string' ? redact(text) : text;
  // Not spread: standard input is opened when it is asked for.
  return Object.create(host, {
    redact: { value: redact },
    writeStdout: { value: (text: string | Uint8Array) => host.writeStdout(redacted(text)) },
    writeStderr: { value: (text: string) => host.writeStderr(redact(text)) },
  }) as RedactingHost;
}
