/**
 * The REST half: from a request to what has to be done. The checks come in the order of a web server:
 * path, method, login, right, media type, size, query, body, arguments; nothing is done before all hold.
 */
import { agentOf, type OperationName, operationNamed } from '../agent/contract.ts';
import { readJsonArguments, restPath, WireValueError } from '../agent/wire-json.ts';
import { type Answer, errorAnswer, invalidRequest, jsonAnswer, noContent } from './answers.ts';
import type { Authentication } from './authentication.ts';
import type { Clock } from './clock.ts';
import { jsonResult } from './json-result.ts';
import { argumentProblem, type Given, mayCall, perform, resyncRequest } from './operations.ts';
import type { Prepared } from './prepared.ts';
import { Refusal } from './refusal.ts';
import { type Body, bodyLimit, mediaTypeProblem, type RequestHead } from './request.ts';
import { prepareEntity } from './rest-entities.ts';
import { readQuery } from './rest-query.ts';
import { routeOf } from './rest-routes.ts';
import type { Tenant } from './state.ts';
import { readStrictJson } from './strict-json.ts';
import { principalOf, type User } from './users.ts';

/** What the REST half works with. */
interface RestParts {
  readonly tenant: Tenant;
  readonly now: Clock;
  readonly authentication: Authentication;
  /** The sandbox's own URL, without a slash at its end. */
  readonly baseUrl: () => string;
}

/** Understands a request without doing anything yet. */
export function prepareRest(head: RequestHead, body: Body, parts: RestParts): Prepared {
  const route = routeOf(head.path);
  if (route === undefined) return refused(null, notFound(head.path));
  const operation = route.kind === 'operation' ? route.name : null;
  if (!route.methods.includes(head.method)) {
    const headers = { Allow: route.methods.join(', ') };
    return refused(operation, errorAnswer(405, 'MethodNotAllowed', `Not with ${head.method}.`, headers));
  }
  if (route.kind === 'version') return ready(null, () => jsonAnswer(200, versions(parts.baseUrl())));
  const login = parts.authentication.byHeaders(head.header('authorization'), head.header('so-apptoken'));
  if (login.kind === 'refused') return refused(operation, unauthorized(login.why));
  if (route.kind === 'principal') return ready(null, () => jsonAnswer(200, principalOf(login.user)));
  if (route.kind === 'entity') {
    const { tenant, now, baseUrl } = parts;
    return prepareEntity(route, head, body, { tenant, now, caller: login.user, baseUrl: baseUrl() });
  }
  if (head.method === 'GET') return ready(route.name, () => jsonAnswer(200, description(route.name)));
  return prepareOperation(route.name, head, body, login.user, parts);
}

function prepareOperation(
  name: OperationName,
  head: RequestHead,
  body: Body,
  caller: User,
  { tenant, now }: RestParts,
): Prepared {
  if (!mayCall(caller, name)) {
    const message = `The user may not use the ${agentOf(name)} agent.`;
    return refused(name, errorAnswer(403, 'SoAccessDeniedException', message));
  }
  const { parameters, rest, result, effect } = operationNamed(name);
  const hasBody = rest !== 'query' && Object.keys(parameters).length > 0;
  const isEmpty = body !== 'too large' && body.length === 0;
  const mediaType = hasBody || !isEmpty ? mediaTypeProblem(head) : undefined;
  if (mediaType !== undefined) return refused(name, errorAnswer(415, 'UnsupportedMediaType', mediaType));
  if (body === 'too large') {
    const message = `The request body is larger than ${bodyLimit} bytes.`;
    return refused(name, errorAnswer(413, 'RequestEntityTooLarge', message));
  }
  const query = readQuery(name, head.query);
  if (query.kind === 'problem') return refused(name, invalidRequest(query.problem));
  const decoded = hasBody ? readArguments(name, body) : withoutBody(name, body, query.given);
  if (decoded.kind === 'problem') return refused(name, invalidRequest(decoded.problem));
  const { given } = decoded;
  const work = (): Answer => {
    try {
      const value = perform(name, given, { tenant, caller, now });
      if (result.kind === 'nothing') return noContent;
      return jsonAnswer(200, jsonResult(result, value, query.selection));
    } catch (error) {
      if (error instanceof Refusal) return errorAnswer(500, error.type, error.message);
      throw error;
    }
  };
  return {
    kind: 'ready',
    operation: name,
    resync: resyncRequest(name, given),
    isRead: effect === 'read',
    perform: work,
  };
}

type Arguments =
  | { readonly kind: 'given'; readonly given: Given }
  | { readonly kind: 'problem'; readonly problem: string };

function readArguments(name: OperationName, body: Uint8Array): Arguments {
  const json = readStrictJson(body);
  return json.kind === 'problem' ? problem(`${name}: ${json.problem}`) : bind(name, json.value);
}

/** Operations without a body take none, or what clients send for none: `null` or an empty object. */
function withoutBody(name: OperationName, body: Uint8Array, given: Given): Arguments {
  const json = body.length === 0 ? undefined : readStrictJson(body);
  if (json?.kind === 'problem') return problem(`${name}: ${json.problem}`);
  if (json !== undefined && !['null', '{}'].includes(JSON.stringify(json.value)))
    return problem(`${name}: takes no body`);
  return bind(name, given);
}

function bind(name: OperationName, value: unknown): Arguments {
  try {
    const given = readJsonArguments(name, value);
    const why = argumentProblem(name, given);
    return why === undefined ? { kind: 'given', given } : problem(why);
  } catch (error) {
    if (error instanceof WireValueError) return problem(error.message);
    throw error;
  }
}

function problem(text: string): Arguments {
  return { kind: 'problem', problem: text };
}

function refused(operation: OperationName | null, answer: Answer): Prepared {
  return { kind: 'refused', operation, answer };
}

function ready(operation: OperationName | null, work: () => Answer): Prepared {
  return { kind: 'ready', operation, resync: null, isRead: true, perform: work };
}

function notFound(path: string): Answer {
  return errorAnswer(404, 'SoNotFoundException', `No resource at ${path.slice(0, 200)}`);
}

function unauthorized(why: string): Answer {
  const headers = { 'WWW-Authenticate': 'Basic realm="SuperOffice", SOTicket, Bearer' };
  return errorAnswer(401, 'SoSessionException', why, headers);
}

/** What `GET /api` tells without a login. */
function versions(baseUrl: string): Readonly<Record<string, string>> {
  return {
    v1: `${baseUrl}/api/v1`,
    NetServerVersion: '12.4.1514.0',
    Application: 'erpsync sandbox',
    Services: 'Services87',
    ServicesCurrent: 'Services88',
  };
}

/** What a GET on an agent URL answers: it describes the operation and never invokes it. */
function description(name: OperationName): Readonly<Record<string, unknown>> {
  const { parameters, result } = operationNamed(name);
  const types = Object.entries(parameters).map(([parameter, type]) => [parameter, type.kind]);
  return {
    Agent: agentOf(name),
    Operation: name,
    Invoke: `POST ${restPath(name)}`,
    Parameters: Object.fromEntries(types),
    Result: result.kind,
  };
}
