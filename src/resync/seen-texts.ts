import { createHash } from 'node:crypto';

/** 32-bit words of a fingerprint. */
const words = 3;
/** A table is made larger when more than this part of it is taken. */
const fullest = 0.8;
/** By how much. */
const growth = 1.25;
/** Tables: only one of them is there twice while it grows. */
const tableCount = 256;

/**
 * A set of texts that keeps 12 bytes of each one's SHA-256 instead of the text (15 to 19 bytes for each
 * with its free places), so that millions of any length take little memory. Two different texts with the
 * same 96 bits do not occur: among ten million the odds are 1 to 10^15.
 */
export class SeenTexts {
  readonly #tables = Array.from({ length: tableCount }, () => new FingerprintTable());
  readonly #fingerprint = new Uint32Array(words);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns whether the text was not there yet */
  add(text: string): boolean {
    const digest = createHash('sha256').update(text).digest();
    for (let word = 0; word < words; word++) this.#fingerprint[word] = digest.readUInt32LE(4 * word);
    // A byte that is no part of the fingerprint.
    const table = this.#tables[digest.readUInt8(4 * words) % tableCount];
    const added = table?.add(this.#fingerprint) === true;
    if (added) this.#size++;
    return added;
  }
}

/** Open addressing; a place whose words are all 0 is free. */
class FingerprintTable {
  #places = 64;
  #table = new Uint32Array(this.#places * words);
  #size = 0;

  add(fingerprint: Uint32Array): boolean {
    const start = this.#startOf(fingerprint);
    if (!this.#isFree(start)) return false;
    this.#table.set(fingerprint, start);
    this.#size++;
    if (this.#size > this.#places * fullest) this.#grow();
    return true;
  }

  /** Where the fingerprint stands, or the free place where it belongs. */
  #startOf(fingerprint: Uint32Array): number {
    const table = this.#table;
    let start = ((fingerprint[0] ?? 0) % this.#places) * words;
    while (!this.#isFree(start) && !this.#holds(start, fingerprint)) start = (start + words) % table.length;
    return start;
  }

  #isFree(start: number): boolean {
    const table = this.#table;
    return !table[start] && !table[start + 1] && !table[start + 2];
  }

  #holds(start: number, fingerprint: Uint32Array): boolean {
    const table = this.#table;
    for (let word = 0; word < words; word++) {
      if (table[start + word] !== fingerprint[word]) return false;
    }
    return true;
  }

  #grow(): void {
    const old = this.#table;
    this.#places = Math.ceil(this.#places * growth);
    this.#table = new Uint32Array(this.#places * words);
    for (let from = 0; from < old.length; from += words) {
      const fingerprint = old.subarray(from, from + words);
      if (fingerprint[0] || fingerprint[1] || fingerprint[2]) {
        this.#table.set(fingerprint, this.#startOf(fingerprint));
      }
    }
  }
}
