/** A request that a dry run shows instead of sending it. */
import { printable } from '../output/json.ts';

/** What would be sent, and where. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

/** It as text: what it would do, then the request. */
export function dryRunInWords(intent: string, { method, url, body }: PlannedRequest): string {
  const request = `${method} ${url}`;
  const sent = body === undefined ? request : `${request}\n${printable(JSON.stringify(body))}`;
  return `${printable(`Dry run, nothing was changed. ${intent}`)}\n\n${sent}`;
}
