/** Answers that come packed, though nobody asks for it: some proxies do that. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { systemErrorCode } from '../errors.ts';

const unpackers: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** An answer that cannot be unpacked. */
export class PackedBodyError extends Error {
  override readonly name = 'PackedBodyError';
  readonly code: string;

  constructor(encoding: string, cause?: unknown) {
    super(`the answer is packed in a way that cannot be undone (Content-Encoding: ${encoding})`, { cause });
    this.code =
      systemErrorCode(cause) === 'ERR_BUFFER_TOO_LARGE' ? 'UND_ERR_RES_EXCEEDED_MAX_SIZE' : 'ERPSYNC_PACKED';
  }
}

/**
 * Unpacks a body.
 *
 * @param encoding as `Content-Encoding` says it; several are undone from the last to the first
 * @param largest no more is unpacked (bytes)
 * @throws PackedBodyError
 */
export function unpacked(body: Buffer, encoding: string, largest: number): Buffer {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  // A body that is packed more than twice is made to keep somebody busy.
  if (names.length > 2) throw new PackedBodyError(encoding);
  return names.reduceRight((packed, name) => {
    if (name === 'identity' || packed.length === 0) return packed;
    const unpack = unpackers[name];
    if (unpack === undefined) throw new PackedBodyError(encoding);
    try {
      return unpack(packed, { maxOutputLength: largest });
    } catch (error) {
      throw new PackedBodyError(encoding, error);
    }
  }, body);
}
