/** Keeps secrets out of everything that is printed, also where a server echoes them. */

/** What stands in place of a secret. */
const mask = '***';
/** Shorter texts would mask half of any sentence (characters). */
const shortest = 4;

/** Secrets of this process, and a way to print without them. */
export interface Redactor {
  /** From now on this text and its usual encodings are masked. */
  conceal(secret: string): void;
  /** The text with every secret masked: as it is, URL-encoded, in JSON and in base64. */
  redact(text: string): string;
}

export function redactor(): Redactor {
  const concealed = new Set<string>();
  return {
    conceal(secret) {
      const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), base64(secret)];
      for (const form of forms) if (form.length >= shortest) concealed.add(form);
    },
    redact(text) {
      let shown = text;
      // The longest first: a secret may be a part of another's encoding.
      const forms = [...concealed].sort((a, b) => b.length - a.length);
      for (const form of forms) shown = shown.replaceAll(form, mask);
      return shown;
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
