/** One request and its answer, or its fault: the only place where the work, the log and the socket meet. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from './answers.ts';
import type { Clock } from './clock.ts';
import { faultAnswer } from './fault-answers.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Fault } from './faults.ts';
import type { Prepared } from './prepared.ts';
import { type Body, type RequestHead, readBody, readHead } from './request.ts';
import type { LogEntry, Outcome, RequestLog } from './request-log.ts';
import { restVoice, type Voice } from './voice.ts';

/** What an exchange works with. */
interface ExchangeParts {
  /** Understands a request without doing anything. */
  readonly prepare: (head: RequestHead, body: Body) => Prepared;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly now: Clock;
  /** Waits that many milliseconds; rejects when the sandbox is closed meanwhile. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Makes the ERP connection that a resync took its data from inactive. */
  readonly deactivate: (connectionId: number) => void;
  /** Moves the tenant to another path. */
  readonly move: () => void;
  /** Keeps the tenant as it is now. @throws ErpsyncError (storage) when that is not possible. */
  readonly keep: () => void;
  /** Resets a connection, also one that speaks TLS. */
  readonly reset: (socket: Socket) => void;
}

/** What is to happen on the socket once the log has its line. */
interface Ending {
  readonly how: 'answer' | 'half' | 'reset' | 'hang';
  readonly answer: Answer | undefined;
  readonly outcome: Outcome;
}

/**
 * Serves one request to its end. What it changed is kept and its log line written before anything is
 * sent; a request whose change cannot be kept, or that cannot be logged, is dropped.
 */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ExchangeParts,
): Promise<void> {
  const head = readHead(request);
  const time = new Date(parts.now()).toISOString();
  const record = (entry: Pick<LogEntry, 'operation' | 'keys' | 'status' | 'outcome'>, fault?: Fault) =>
    parts.log.write({
      time,
      method: head.method,
      path: head.path,
      ...entry,
      ...(fault === undefined ? {} : { fault: fault.spec }),
    });
  const draw = parts.faults.draw(head.path);
  const early = draw.beforeBody();
  if (early !== undefined) {
    record({ operation: null, keys: null, status: null, outcome: 'not-done' }, early);
    await delayed(early, parts);
    parts.reset(request.socket);
    return;
  }
  let body: Body;
  try {
    body = await readBody(request);
  } catch {
    record({ operation: null, keys: null, status: null, outcome: 'client-gone' });
    return;
  }
  let prepared = parts.prepare(head, body);
  const keys = prepared.kind === 'ready' && prepared.resync !== null ? prepared.resync.keys : null;
  const fault = draw.afterBody(keys);
  if (fault?.action.kind === 'moved') {
    parts.move();
    prepared = parts.prepare(head, body);
  }
  const ending = act(prepared, fault, parts);
  if (prepared.kind === 'ready' && prepared.isRead !== true) parts.keep();
  const status = ending.how === 'answer' || ending.how === 'half' ? (ending.answer?.status ?? null) : null;
  record({ operation: prepared.operation, keys, status, outcome: ending.outcome }, fault);
  await delayed(fault, parts);
  await finish(request, response, ending, parts);
}

/** Does the work, unless a fault acts in its place. */
function act(prepared: Prepared, fault: Fault | undefined, parts: ExchangeParts): Ending {
  const action = fault?.action;
  const voice = prepared.voice ?? restVoice;
  const instead = action === undefined ? undefined : faultAnswer(action, voice);
  if (instead !== undefined) return { how: 'answer', answer: instead, outcome: 'not-done' };
  if (action?.kind === 'hang') return { how: 'hang', answer: undefined, outcome: 'not-done' };
  if (action?.kind === 'reset-before-body') return { how: 'reset', answer: undefined, outcome: 'not-done' };
  const isRefused = prepared.kind === 'refused';
  const answer = isRefused ? prepared.answer : performed(prepared.perform, voice);
  if (action?.kind === 'inactive-after' && !isRefused && prepared.resync !== null) {
    parts.deactivate(prepared.resync.source);
  }
  const done = isRefused || answer.status >= 500 || answer.isRefusal ? 'refused' : 'done';
  const lost = isRefused ? 'refused' : 'answer-lost';
  if (action?.kind === 'reset-after-body') return { how: 'reset', answer: undefined, outcome: lost };
  if (action?.kind === 'half-response') return { how: 'half', answer, outcome: lost };
  return { how: 'answer', answer, outcome: done };
}

/** A bug of the sandbox is told as what it is, never as a success. */
function performed(perform: () => Answer, voice: Voice): Answer {
  try {
    return perform();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return voice.failure(`The sandbox itself has failed: ${message}`);
  }
}

async function delayed(fault: Fault | undefined, parts: ExchangeParts): Promise<void> {
  if (fault !== undefined && fault.delayMs > 0) await parts.pause(fault.delayMs);
}

async function finish(
  request: IncomingMessage,
  response: ServerResponse,
  ending: Ending,
  { reset, now }: ExchangeParts,
): Promise<void> {
  const { how, answer } = ending;
  // By its own clock, which also judges tickets and signed tokens.
  response.setHeader('Date', new Date(now()).toUTCString());
  if (how === 'hang') {
    if (!response.closed) await once(response, 'close');
  } else if (how === 'reset' || answer === undefined) {
    reset(request.socket);
  } else if (how === 'half') {
    sendHalf(request, response, answer);
  } else {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }
}

/** Announces all of the body, sends half of it and closes; without a body the head itself is cut. */
function sendHalf(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { socket } = request;
  if (answer.body === undefined) {
    socket.write(`HTTP/1.1 ${answer.status} No Cont`, () => socket.destroy());
    return;
  }
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(bytes.length) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket.destroy());
}
