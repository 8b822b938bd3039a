/** What is answered in place of the work when a fault strikes. */
import { STATUS_CODES } from 'node:http';
import type { Answer } from './answers.ts';
import type { FaultAction } from './faults.ts';
import type { Voice } from './voice.ts';

/**
 * The answer that takes the place of the work, or undefined where the work is done. `soap-fault` is in REST the
 * error object with status 500, `succeeded-false` the error object inside a 200, which agents do answer.
 */
export function faultAnswer(action: FaultAction, voice: Voice): Answer | undefined {
  switch (action.kind) {
    case 'status':
      return statusAnswer(action.status, faultHeaders(action), voice);
    case 'html':
      return htmlAnswer(action.status, faultHeaders(action));
    case 'null':
      return voice.nullResult();
    case 'soap-fault':
      return voice.failure(failed(action.kind));
    case 'succeeded-false':
      return voice.error(200, failed(action.kind));
    case 'poison':
      return voice.refusal(`The record with the key ${action.key} cannot be synchronised.`);
    default:
      return undefined;
  }
}

function faultHeaders({
  status,
  retryAfter,
}: {
  status: number;
  retryAfter: string | undefined;
}): Answer['headers'] {
  return {
    ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
    ...(isRedirect(status) ? { Location: '/login' } : {}),
  };
}

/**
 * Statuses that the application itself gives carry its error object (also 200: agents do report
 * errors so); those of gateways, proxies and throttling carry a plain line.
 */
function statusAnswer(status: number, headers: Answer['headers'], voice: Voice): Answer {
  if (status === 204 || status === 205 || status === 304) return { status, headers, body: undefined };
  const byApplication = status === 500 || (status < 500 && status !== 429 && !isRedirect(status));
  const error = byApplication ? voice.error(status, failed(`status=${status}`)) : undefined;
  if (error !== undefined) return { ...error, headers: { ...error.headers, ...headers } };
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
    body: `${status} ${STATUS_CODES[status] ?? 'Unknown'}\n`,
  };
}

function failed(fault: string): string {
  return `Failed by --fault ${fault}.`;
}

function htmlAnswer(status: number, headers: Answer['headers']): Answer {
  const title = status === 200 ? 'Sign in to the network' : `${status} ${STATUS_CODES[status] ?? 'Unknown'}`;
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
    body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  };
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
