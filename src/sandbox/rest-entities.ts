/** The REST endpoints beside the agents: archives, MDO lists and batch tasks. */
import { type Answer, errorAnswer, invalidRequest } from './answers.ts';
import type { Prepared } from './prepared.ts';
import { Refusal } from './refusal.ts';
import { type Body, bodyLimit, formProblem, mediaTypeProblem, type RequestHead } from './request.ts';
import { archiveColumns, archiveList, archivePage } from './rest-archive.ts';
import { readArchiveOptions } from './rest-archive-options.ts';
import type { EntityCall } from './rest-entity-call.ts';
import { mdoList, mdoListNames } from './rest-mdo-lists.ts';
import type { EntityRoute } from './rest-routes.ts';
import { changedTask, deletedTask, namedTask, startedTask, stoppedTask } from './rest-tasks.ts';
import { readStrictJson } from './strict-json.ts';

/** Understands a request of an endpoint without doing anything yet. Its method is one that the route has. */
export function prepareEntity(route: EntityRoute, head: RequestHead, body: Body, call: EntityCall): Prepared {
  const prepared = prepareRoute(route, head, body, call);
  const isRead = head.method === 'GET' || route.entity === 'archive';
  return prepared.kind === 'ready' ? { ...prepared, isRead } : prepared;
}

function prepareRoute(route: EntityRoute, head: RequestHead, body: Body, call: EntityCall): Prepared {
  if (body === 'too large')
    return refused(
      errorAnswer(413, 'RequestEntityTooLarge', `The request body is larger than ${bodyLimit} bytes.`),
    );
  const { name } = route;
  switch (route.entity) {
    case 'archives':
      return withoutQuery(head, () => archiveList(call));
    case 'archive':
      return preparePage(name, head, body, call);
    case 'archive columns':
      return withoutQuery(head, () => archiveColumns(name));
    case 'lists':
      return withoutQuery(head, mdoListNames);
    case 'list':
      return ready(() => mdoList(name, head.query, call));
    case 'tasks':
      if (head.method === 'GET') return preparePage('BatchTasks', head, body, call);
      return withJson(head, body, (value) => startedTask(value, call));
    case 'task':
      if (head.method === 'PUT') return withJson(head, body, (value) => changedTask(name, value, call));
      if (head.method === 'DELETE') return withoutQuery(head, () => deletedTask(name, call));
      return withoutQuery(head, () => namedTask(name, call));
    case 'stop task':
      return withoutQuery(head, () => stoppedTask(Number(name), call));
  }
}

/** A page of an archive; a POST carries the options of the query in a form, for queries too long for a URL. */
function preparePage(archive: string, head: RequestHead, body: Uint8Array, call: EntityCall): Prepared {
  let text = head.query ?? '';
  if (head.method === 'POST') {
    if (text !== '') return refused(invalidRequest('the options stand in the body, not in the query'));
    const mediaType = formProblem(head);
    if (mediaType !== undefined) return refused(errorAnswer(415, 'UnsupportedMediaType', mediaType));
    text = new TextDecoder().decode(body);
  }
  const options = readArchiveOptions(text);
  if (options.kind === 'problem') return refused(invalidRequest(options.problem));
  return ready(() => archivePage(archive, options, head.path, call));
}

function withJson(head: RequestHead, body: Uint8Array, work: (value: unknown) => Answer): Prepared {
  const mediaType = mediaTypeProblem(head);
  if (mediaType !== undefined) return refused(errorAnswer(415, 'UnsupportedMediaType', mediaType));
  const json = readStrictJson(body);
  if (json.kind === 'problem') return refused(invalidRequest(json.problem));
  return withoutQuery(head, () => work(json.value));
}

function withoutQuery(head: RequestHead, work: () => Answer): Prepared {
  return head.query === undefined || head.query === ''
    ? ready(work)
    : refused(invalidRequest('this resource takes no query'));
}

function refused(answer: Answer): Prepared {
  return { kind: 'refused', operation: null, answer };
}

/** A record that is not there is 404 here, unlike with the agents. */
function ready(work: () => Answer): Prepared {
  const perform = () => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return errorAnswer(error.type === 'SoNotFoundException' ? 404 : 500, error.type, error.message);
    }
  };
  return { kind: 'ready', operation: null, resync: null, perform };
}
