/** Internal keys, each once, in the order in which they came: for millions of them in little memory. */

/** Keys in one block of the list. */
const blockSize = 1 << 20;
/** The table is made larger when more than this part of it is taken. */
const fullest = 0.6;

/** A set of whole numbers from 1 to 2147483647 that keeps their order. */
export class KeySet {
  /** Open addressing; 0 is a free place, since no key is 0. */
  #table = new Int32Array(1 << 10);
  #shift = 32 - 10;
  readonly #blocks: Int32Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns whether the key was not there yet */
  add(key: number): boolean {
    const place = this.#placeOf(key);
    if (this.#table[place] === key) return false;
    this.#table[place] = key;
    const offset = this.#size % blockSize;
    if (offset === 0) this.#blocks.push(new Int32Array(blockSize));
    const block = this.#blocks.at(-1);
    if (block) block[offset] = key;
    this.#size++;
    if (this.#size > this.#table.length * fullest) this.#grow();
    return true;
  }

  /** The keys in their order; the set is empty afterwards. */
  takeKeys(): Int32Array {
    this.#table = new Int32Array(1 << 10);
    this.#shift = 32 - 10;
    const keys = new Int32Array(this.#size);
    for (let start = 0; start < keys.length; start += blockSize) {
      const block = this.#blocks.shift();
      if (block) keys.set(block.subarray(0, Math.min(blockSize, keys.length - start)), start);
    }
    this.#size = 0;
    return keys;
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
