/** A request that has been understood: what every protocol half of the sandbox hands to the exchange. */
import type { Answer } from './answers.ts';
import type { ResyncRequest } from './operations.ts';
import type { Voice } from './voice.ts';

/** A request judged, but with nothing done yet, so that a fault can still take the place of the work. */
export type Prepared = Understood & {
  /** How a fault is worded; in REST's words if it is absent. */
  readonly voice?: Voice;
};

type Understood =
  | {
      readonly kind: 'refused';
      /** The operation under its contract name, or null. */
      readonly operation: string | null;
      readonly answer: Answer;
    }
  | {
      readonly kind: 'ready';
      readonly operation: string | null;
      /** Source and keys if it is a resync. */
      readonly resync: ResyncRequest | null;
      /** Set where the work changes nothing in the tenant, so that there is nothing to keep. */
      readonly isRead?: boolean;
      /** Does the work, once, and returns its answer. */
      readonly perform: () => Answer;
    };
