/**
 * Shards: disjoint parts of a key list, so that several machines share the work. Which part a key belongs
 * to follows from the key alone, never from its place in the list, so lists that differ in order, or that
 * overlap, are parted alike everywhere.
 *
 * The rule is stable, since the machines of one run may have different versions: the 32-bit FNV-1a hash of
 * the key's UTF-8 text (an internal key in decimal digits), mixed by the last step of MurmurHash3 (FNV
 * alone keeps parity in its lowest bit), modulo n, plus 1.
 */

/** The `index`-th of `count` parts; `index` is from 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Whether a key belongs to a part. */
export function inShard(key: number | string, { index, count }: Shard): boolean {
  return (keyHash(key) % count) + 1 === index;
}

/** Counts keys as they come, those of one part apart from those of the others. */
export class ShardCount {
  readonly #shard: Shard | null;
  /** Keys given that belong to the part, duplicates included. */
  given = 0;
  /** Keys given that belong to other parts. */
  elsewhere = 0;

  /** @param shard the part; null is the whole, to which every key belongs */
  constructor(shard: Shard | null) {
    this.#shard = shard;
  }

  /** Whether the key belongs to the part; counts it. */
  takes(key: number | string): boolean {
    if (this.#shard !== null && !inShard(key, this.#shard)) {
      this.elsewhere++;
      return false;
    }
    this.given++;
    return true;
  }

  /** Whether a range of so many keys holds more of them than all parts together may. */
  exceeds(keys: number, maxKeys: number): boolean {
    return keys > maxKeys * (this.#shard?.count ?? 1);
  }
}

/** The hash of a key: a whole number from 0 to 2^32 - 1. */
function keyHash(key: number | string): number {
  const text = typeof key === 'number' ? String(key) : Buffer.from(key, 'utf8').toString('latin1');
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
