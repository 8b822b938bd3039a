/** Where the tenant is served: at the root of the sandbox, or after a move below a path of its own. */

/** The place of a tenant, which may change. */
export interface Place {
  /** Empty, or `/moved1`. */
  path(): string;
  /** Moves the tenant below another path: what it was asked for at the old one is misdirected from now on. */
  move(): void;
  /** A path as it is below the place; undefined for one that leads elsewhere. */
  below(path: string): string | undefined;
}

/** At the root, until it moves. */
export function createPlace(): Place {
  let moves = 0;
  const path = (): string => (moves === 0 ? '' : `/moved${moves}`);
  return {
    path,
    move() {
      moves++;
    },
    below(asked) {
      const prefix = path();
      const isBelow = prefix === '' || asked.toLowerCase().startsWith(`${prefix}/`);
      return isBelow ? asked.slice(prefix.length) : undefined;
    },
  };
}
