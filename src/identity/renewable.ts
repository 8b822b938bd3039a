/** A credential that runs out: fetched when it is first needed, shared by all calls, replaced once for all of them. */
import type { Renewal } from '../transport/transport.ts';

/** Something that is used until a server does not accept it any more. */
export interface Renewable<T> {
  /** @throws ErpsyncError for what fetching it failed of; the next call tries anew */
  current(): Promise<T>;
  readonly renewal: Renewal;
}

/** Where it comes from. */
interface RenewableSource<T> {
  /** What to begin with: it may have been kept from an earlier command. */
  first(): Promise<T>;
  /** Another one than that which was not accepted. */
  another(refused: T): Promise<T>;
  /** Whether it is about to run out, so that another one is fetched before it is refused. */
  isSpent?(value: T): boolean;
}

export function renewable<T>({ first, another, isSpent }: RenewableSource<T>): Renewable<T> {
  let generation = 0;
  let held: Promise<T> | undefined;
  /** What was in use when it was last refused. */
  let refused: { readonly value: T } | undefined;

  /** One that failed is tried anew at the next call. */
  function hold(attempt: Promise<T>): Promise<T> {
    held = attempt;
    attempt.catch(() => {
      if (held === attempt) held = undefined;
    });
    return attempt;
  }

  /** Who comes to know that one is of no use any more: the next call gets another one. */
  function drop(value: T): void {
    generation++;
    refused = { value };
    held = undefined;
  }

  /** One that is fetched here is used, whatever time it has left. */
  async function current(): Promise<T> {
    const attempt = held;
    if (attempt === undefined) return await hold(refused === undefined ? first() : another(refused.value));
    const value = await attempt;
    if (isSpent?.(value) !== true) return value;
    // Others may have seen the same.
    if (held === attempt) drop(value);
    return await (held ?? current());
  }

  return {
    current,
    renewal: {
      get generation() {
        return generation;
      },
      async renew(stale) {
        if (stale === generation) {
          const value = await current();
          // Others may have waited for the same.
          if (stale === generation) drop(value);
        }
        await current();
      },
    },
  };
}
