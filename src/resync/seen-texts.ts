import { createHash } from 'node:crypto';

/** 32-bit words of a fingerprint. */
const words = 4;
/** The table is made larger when more than this part of it is taken. */
const fullest = 0.6;

/**
 * A set of texts that keeps 16 bytes of each one's SHA-256 instead of the text (27 to 54 bytes for each
 * with its free places), so that a million of any length take little memory. Two different texts with the
 * same 128 bits do not occur.
 */
export class SeenTexts {
  /** Open addressing; a place whose words are all 0 is free. */
  #table = new Uint32Array(words << 10);
  #size = 0;
  readonly #fingerprint = new Uint32Array(words);

  get size(): number {
    return this.#size;
  }

  /** @returns whether the text was not there yet */
  add(text: string): boolean {
    const digest = createHash('sha256').update(text).digest();
    const fingerprint = this.#fingerprint;
    for (let word = 0; word < words; word++) fingerprint[word] = digest.readUInt32LE(4 * word);
    const place = this.#placeOf(fingerprint);
    if (!this.#isFree(place)) return false;
    this.#table.set(fingerprint, place);
    this.#size++;
    if (this.#size * words > this.#table.length * fullest) this.#grow();
    return true;
  }

  /** Where the fingerprint stands, or the free place where it belongs. */
  #placeOf(fingerprint: Uint32Array): number {
    const table = this.#table;
    let place = ((fingerprint[0] ?? 0) * words) % table.length;
    while (!this.#isFree(place) && !this.#holds(place, fingerprint)) place = (place + words) % table.length;
    return place;
  }

  #isFree(place: number): boolean {
    const table = this.#table;
    return !table[place] && !table[place + 1] && !table[place + 2] && !table[place + 3];
  }

  #holds(place: number, fingerprint: Uint32Array): boolean {
    const table = this.#table;
    for (let word = 0; word < words; word++) {
      if (table[place + word] !== fingerprint[word]) return false;
    }
    return true;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += words) {
      const fingerprint = old.subarray(from, from + words);
      if (fingerprint.some((word) => word !== 0)) this.#table.set(fingerprint, this.#placeOf(fingerprint));
    }
  }
}
