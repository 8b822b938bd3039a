/** A request as the sandbox looks at it, and how its parts are read off the socket. */
import type { IncomingMessage } from 'node:http';

/** The largest body that is taken, in bytes. */
export const bodyLimit = 64 * 1024 * 1024;

/** A body, or the news that it is larger than {@link bodyLimit}. */
export type Body = Uint8Array | 'too large';

/** The head of a request. */
export interface RequestHead {
  readonly method: string;
  /** Path as sent, undecoded, without query. */
  readonly path: string;
  /** Query as sent, without the question mark; undefined if there is none. */
  readonly query: string | undefined;
  /** The value of a header by its lower-case name. */
  header(name: string): string | undefined;
}

/** Reads the head; a request target in absolute form counts by its path and query. */
export function readHead(request: IncomingMessage): RequestHead {
  const target = pathOfTarget(request.url ?? '/');
  const mark = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? undefined : target.slice(mark + 1),
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}

function pathOfTarget(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

/**
 * Reads the body. One that is too large is told as soon as that is known; the rest of it is read and
 * thrown away, so that the client can read its answer.
 *
 * @throws Error when the client goes away before the body is complete.
 */
export function readBody(request: IncomingMessage): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = Number(request.headers['content-length'] ?? 0) > bodyLimit ? Number.POSITIVE_INFINITY : 0;
    if (size > bodyLimit) resolve('too large');
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve('too large');
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}

/**
 * Why a body of this kind cannot be read as JSON, or undefined. NetServer takes four media types for
 * JSON; XML and forms, which it takes too, are not spoken here.
 */
export function mediaTypeProblem(head: RequestHead): string | undefined {
  return bodyProblem(head, jsonMediaTypes);
}

/** Why a body of this kind cannot be read as a form, or undefined: a long query of an archive comes as one. */
export function formProblem(head: RequestHead): string | undefined {
  return bodyProblem(head, new Set(['application/x-www-form-urlencoded']));
}

function bodyProblem(head: RequestHead, mediaTypes: ReadonlySet<string>): string | undefined {
  const [mediaType = '', ...parameters] = (head.header('content-type') ?? '').toLowerCase().split(';');
  if (!mediaTypes.has(mediaType.trim()))
    return `The request entity's media type is not one of ${[...mediaTypes].join(', ')}.`;
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=').map((part) => part.trim());
    if (name === 'charset' && !/^"?utf-?8"?$/.test(value)) return 'The charset of the request is not utf-8.';
  }
  const encoding = head.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  return encoding === 'identity' ? undefined : 'Encoded request bodies are not supported.';
}

const jsonMediaTypes: ReadonlySet<string> = new Set([
  'application/json',
  'text/json',
  'application/json-patch+json',
  'application/merge-patch+json',
]);
