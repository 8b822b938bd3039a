/** Internal keys, each once, in the order in which they came: for millions of them in little memory. */

/** Keys in one block of the list. */
const blockSize = 1 << 20;
/** The table is made larger when more than this part of it is taken. */
const fullest = 0.6;

/** A set of whole numbers from 1 to 2147483647: 7 to 14 bytes for each. */
export class SeenKeys {
  /** Open addressing; 0 is a free place, since no key is 0. */
  #table = new Int32Array(1 << 10);
  #shift = 32 - 10;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns whether the key was not there yet */
  add(key: number): boolean {
    const place = this.#placeOf(key);
    if (this.#table[place] === key) return false;
    this.#table[place] = key;
    this.#size++;
    if (this.#size > this.#table.length * fullest) this.#grow();
    return true;
  }

  /** The place of the key, or the free one where it belongs. */
  #placeOf(key: number): number {
    const table = this.#table;
    const last = table.length - 1;
    // Fibonacci hashing: neighbouring keys, as ranges have them, are spread over the table.
    let place = Math.imul(key, 0x9e3779b1) >>> this.#shift;
    while (table[place] !== 0 && table[place] !== key) place = (place + 1) & last;
    return place;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    this.#shift--;
    for (const key of old) {
      if (key !== 0) this.#table[this.#placeOf(key)] = key;
    }
  }
}

/** A set of whole numbers from 1 to 2147483647 that keeps their order. */
export class KeySet {
  #seen = new SeenKeys();
  readonly #blocks: Int32Array[] = [];

  get size(): number {
    return this.#seen.size;
  }

  /** @returns whether the key was not there yet */
  add(key: number): boolean {
    const offset = this.#seen.size % blockSize;
    if (!this.#seen.add(key)) return false;
    if (offset === 0) this.#blocks.push(new Int32Array(blockSize));
    const block = this.#blocks.at(-1);
    if (block) block[offset] = key;
    return true;
  }

  /** The keys in their order; the set is empty afterwards. */
  takeKeys(): Int32Array {
    const keys = new Int32Array(this.#seen.size);
    this.#seen = new SeenKeys();
    for (let start = 0; start < keys.length; start += blockSize) {
      const block = this.#blocks.shift();
      if (block) keys.set(block.subarray(0, Math.min(blockSize, keys.length - start)), start);
    }
    return keys;
  }
}
