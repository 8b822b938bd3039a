/** What the REST endpoints beside the agents work with. */
import type { Call } from './implementation.ts';

/** For whom, when and under which URL an endpoint works. */
export interface EntityCall extends Call {
  /** The sandbox's own URL, without a slash at its end. */
  readonly baseUrl: string;
}
