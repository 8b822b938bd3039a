/** `--shard 2/5`: the i-th of n parts. */
import { unusable } from '../error-words.ts';
import type { Shard } from '../resync/shard.ts';

/** A part of a whole, from 1/1 to 9999/9999. */
export const shardValue = {
  placeholder: 'i/n',
  parse(given: string, where: string): Shard {
    const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(given) ?? [];
    const shard = { index: Number(index), count: Number(count) };
    if (shard.index <= shard.count) return shard;
    throw unusable(where, `${JSON.stringify(given)} is no part of a whole`, 'write it as 2/5, from 1 to n');
  },
};
