/** A request that a dry run shows instead of sending it. */
import type { AgentClient } from '../agent/client.ts';
import type { ArgumentsOf, OperationName } from '../agent/contract.ts';
import { encodeJsonRequest, restPath } from '../agent/wire-json.ts';
import { printable } from '../output/json.ts';

/** What would be sent, and where. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

/**
 * The request of an operation: over REST as it would be sent, over SOAP its address and the parameters.
 *
 * @throws WireValueError for a parameter that does not fit the contract
 */
export function plannedRequest<N extends OperationName>(
  { transport }: Pick<AgentClient, 'transport'>,
  name: N,
  given: ArgumentsOf<N>,
): PlannedRequest {
  const method = 'POST';
  const url = transport.addressOf(name);
  if (transport.name === 'soap') return { method, url, body: given };
  const { path, body } = encodeJsonRequest(name, given);
  const query = path.slice(restPath(name).length);
  return { method, url: `${url}${query}`, ...(body === undefined ? {} : { body: JSON.parse(body) }) };
}

/** It as text: what it would do, then the request. */
export function dryRunInWords(intent: string, { method, url, body }: PlannedRequest): string {
  const request = `${method} ${url}`;
  const sent = body === undefined ? request : `${request}\n${printable(JSON.stringify(body))}`;
  return `${printable(`Dry run, nothing was changed. ${intent}`)}\n\n${sent}`;
}
