/**
 * Values as the Archive service of SOAP writes them: `[I:123]`, `[F:123.4]`, `[D:09.11.2017]`,
 * `[DT:11/09/2017 14:53:18]`, `[B:1]`; text stands bare. The two forms of dates differ in their order, as printed
 * in the documentation.
 */

/** A value of a row. */
export type ArchiveValue = string | number | boolean | null;

/** The value of a cell; what is not in the encoding is text. */
export function decodeCell(text: string | null): ArchiveValue {
  const [, kind, raw = ''] = /^\[(I|F|M|B|D|DT|T):(.*)\]$/s.exec(text ?? '') ?? [];
  switch (kind) {
    case 'I':
    case 'F':
    case 'M': {
      const number = raw.trim() === '' ? Number.NaN : Number(raw);
      return Number.isFinite(number) ? number : raw;
    }
    case 'B':
      return raw === '1' || raw.toLowerCase() === 'true';
    case 'D': {
      const [, day, month, year] = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(raw) ?? [];
      return year === undefined ? raw : `${year}-${month}-${day}`;
    }
    case 'DT': {
      const [, month, day, year, time] = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})/.exec(raw) ?? [];
      return year === undefined ? raw : `${year}-${month}-${day}T${time}`;
    }
    case 'T':
      return raw;
    default:
      return text;
  }
}
