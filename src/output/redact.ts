/** Keeps secrets out of everything that is printed, also where a server echoes them. */

/** What stands in place of a secret. */
const mask = '***';
/** Shorter texts would mask half of any sentence (characters). */
const shortest = 4;

/** Secrets of this process, and a way to print without them. */
export interface Redactor {
  /** From now on this text and its usual encodings are masked. */
  conceal(secret: string): void;
  /** Takes that back; what is a part of another secret stays masked there. */
  reveal(secret: string): void;
  /** The text with every secret masked: as it is, URL-encoded, in JSON, XML and base64. */
  redact(text: string): string;
}

export function redactor(): Redactor {
  const concealed = new Set<string>();
  return {
    conceal(secret) {
      for (const form of formsOf(secret)) if (form.length >= shortest) concealed.add(form);
    },
    reveal(secret) {
      for (const form of formsOf(secret)) concealed.delete(form);
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

/** Bytes without secrets: text stays the text that it is, of anything else the plain characters are looked at. */
export function redactedBytes(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  let text: string;
  let encoding: BufferEncoding = 'utf8';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    encoding = 'latin1';
    text = Buffer.from(bytes).toString(encoding);
  }
  const redacted = redact(text);
  return redacted === text ? bytes : Buffer.from(redacted, encoding);
}

/** A secret in every form in which it is written where requests and answers are. */
function formsOf(secret: string): readonly string[] {
  const url = encodeURIComponent(secret);
  const lowerUrl = url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const form = new URLSearchParams({ s: secret }).toString().slice(2);
  const json = JSON.stringify(secret).slice(1, -1);
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const attribute = xml.replaceAll('"', '&quot;');
  const quoted = [json, json.replaceAll('/', '\\/'), attribute, attribute.replaceAll("'", '&apos;')];
  return [secret, url, lowerUrl, form, xml, ...quoted, ...base64Forms(secret)];
}

/** In base64 wherever it stands within a longer text: what surrounds it changes the characters at either end. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = whole.toString('base64').replace(/=+$/, '');
    const end = whole.length % 3 === 0 ? text.length : text.length - 1;
    return before === 0 ? text.slice(0, end) : text.slice(before + 1, end);
  });
  // A few characters of base64 stand in many a text.
  const certain = forms.filter((text) => text.length >= 8);
  const whole = bytes.toString('base64');
  return [
    whole,
    ...certain,
    ...[whole, ...certain].map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}
