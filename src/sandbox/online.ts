/**
 * What SuperOffice Online answers beside its tenants, without a login: the state of the tenant, the exchange that
 * makes an app the system user, and its OpenID provider.
 */
import { type Answer, errorAnswer, invalidRequest, jsonAnswer } from './answers.ts';
import { element, escaped } from './markup.ts';
import { type OpenIdParts, only, prepareOpenId } from './openid.ts';
import type { Place } from './place.ts';
import type { Prepared } from './prepared.ts';
import { type Body, mediaTypeProblem, type RequestHead } from './request.ts';
import { envelopeAnswer, soapFault } from './soap-answers.ts';
import { readEnvelope } from './soap-envelope.ts';
import { leadsTo, readMedia } from './soap-media.ts';
import { readStrictJson } from './strict-json.ts';
import { exchangeSystemUser, type SystemUserParts, type SystemUserRequest } from './system-user.ts';
import { readXmlDocument, type XmlElement } from './xml-document.ts';

/** The states that a tenant can be in, and whether it is served then. */
export const tenantStates = [
  'Running',
  'OnlineMaintenance',
  'OfflineMaintenance',
  'Provisioning',
  'ProvisioningFailed',
  'Suspended',
  'MigrationPending',
  'Deleting',
  'DeleteFailed',
  'Deleted',
  'Unknown',
] as const;
/** One of {@link tenantStates}. */
export type TenantState = (typeof tenantStates)[number];

/** What the Online half works with. */
export interface OnlineParts extends SystemUserParts, OpenIdParts {
  readonly state: TenantState;
}

/** How long a state holds (ms). */
const stateLifetime = 60 * 60_000;

/** Understands a request to Online itself; undefined for one that is the tenant's. */
export function prepareOnline(head: RequestHead, body: Body, parts: OnlineParts): Prepared | undefined {
  const path = head.path.toLowerCase();
  const [, asked] = /^\/api\/state\/([^/]+)\/?$/.exec(path) ?? [];
  if (asked !== undefined) return only(['GET'], head, () => stateAnswer(asked, parts));
  if (path === '/login/api/partnersystemuser/authenticate')
    return only(['POST'], head, () => overRest(head, body, parts));
  if (path === '/login/services/partnersystemuserservice.svc') {
    return only(['POST'], head, () => overSoap(head, body, parts));
  }
  return prepareOpenId(head, body, parts);
}

/** Whether requests to the tenant are answered. */
export function isServed(state: TenantState): boolean {
  return state === 'Running' || state === 'OnlineMaintenance';
}

/** What stands in front of the tenants says of one that is not served, or not here. */
export function notServed(state: TenantState): Prepared {
  return text(503, `The tenant is in state ${state}.`);
}

/** What a host answers for a tenant that is served elsewhere. */
export const misdirected: Prepared = text(421, 'Wrong subdomain used to access tenant.');

function text(status: number, message: string): Prepared {
  const answer = { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${message}\n` };
  return { kind: 'refused', operation: null, answer };
}

function stateAnswer(asked: string, { tenant, state, tenantUrl, now }: OnlineParts): Answer {
  if (asked !== tenant.toLowerCase()) return jsonAnswer(404, { Message: `No tenant ${asked.slice(0, 80)}.` });
  const url = tenantUrl();
  return jsonAnswer(200, {
    ContextIdentifier: tenant,
    Endpoint: url,
    State: state,
    IsRunning: isServed(state),
    ValidUntil: new Date(now() + stateLifetime).toISOString().replace('Z', '0000Z'),
    Api: `${url}/api`,
    Version: 'Release_11.10_2026.02.24-02',
  });
}

const members = ['SignedSystemToken', 'ApplicationToken', 'ContextIdentifier', 'ReturnTokenType'] as const;

function overRest(head: RequestHead, body: Body, parts: OnlineParts): Answer {
  const media = mediaTypeProblem(head);
  if (media !== undefined) return errorAnswer(415, 'UnsupportedMediaType', media);
  if (body === 'too large') return errorAnswer(413, 'RequestEntityTooLarge', 'The body is too large.');
  const json = readStrictJson(body);
  if (json.kind === 'problem') return invalidRequest(json.problem);
  const given = typeof json.value === 'object' && json.value !== null ? Object.entries(json.value) : [];
  const values = new Map<string, unknown>(given);
  const strange = given.find(([name]) => !members.some((member) => member === name));
  if (strange !== undefined) return invalidRequest(`${strange[0].slice(0, 40)} is no member of the request`);
  const read = (member: (typeof members)[number]): string => {
    const value = values.get(member);
    return typeof value === 'string' ? value : '';
  };
  const missing = members.find((member) => read(member) === '');
  if (missing !== undefined) return invalidRequest(`${missing} is missing`);
  return jsonAnswer(
    200,
    exchangeSystemUser(
      {
        signedSystemToken: read('SignedSystemToken'),
        applicationToken: read('ApplicationToken'),
        contextIdentifier: read('ContextIdentifier'),
        returnTokenType: read('ReturnTokenType'),
      },
      parts,
    ),
  );
}

const namespace = 'http://www.superoffice.com/superid/partnersystemuser/0.1';
const action = `${namespace}/IPartnerSystemUserService/Authenticate`;

function overSoap(head: RequestHead, body: Body, parts: OnlineParts): Answer {
  const media = readMedia(head);
  const refuse = (problem: string): Answer => soapFault('1.1', 'Sender', problem);
  if (media.kind === 'problem' || media.soap !== '1.1') {
    return { status: 415, headers: { 'Content-Type': 'text/plain' }, body: 'Not text/xml.\n' };
  }
  if (body === 'too large') return refuse('the body is too large');
  const document = readXmlDocument(body);
  if (document.kind === 'problem') return refuse(document.problem);
  const envelope = readEnvelope(document.root, namespace, ['ApplicationToken', 'ContextIdentifier']);
  if (envelope.kind === 'problem') return soapFault('1.1', envelope.code, envelope.problem);
  if (!leadsTo(action, media.actions, '1.1')) {
    return soapFault('1.1', 'ActionNotSupported', `The action is not ${action}.`);
  }
  const request = requestIn(envelope.content, envelope.blocks);
  if (typeof request === 'string') return soapFault('1.1', 'DeserializationFailed', request);
  const { IsSuccessful, Token, ErrorMessage } = exchangeSystemUser(request, parts);
  const result = element(
    'AuthenticationResponse',
    { xmlns: namespace },
    element('IsSuccessful', {}, String(IsSuccessful)),
    element('Token', {}, escaped(Token ?? '')),
    element('ErrorMessage', {}, escaped(ErrorMessage ?? '')),
  );
  return envelopeAnswer('1.1', undefined, result);
}

/** The request in an envelope, or why there is none: each element in its place and namespace. */
function requestIn(content: XmlElement, blocks: ReadonlyMap<string, XmlElement>): SystemUserRequest | string {
  if (content.name !== 'AuthenticationRequest' || content.namespace !== namespace) {
    return 'the body holds no AuthenticationRequest';
  }
  const [token, type, more] = content.children;
  if (token?.name !== 'SignedSystemToken' || token.namespace !== namespace)
    return 'SignedSystemToken is missing';
  if (type?.name !== 'ReturnTokenType' || type.namespace !== namespace) return 'ReturnTokenType is missing';
  if (more !== undefined) return `${more.name.slice(0, 40)} is no element of the request`;
  if (!['Jwt', 'Saml'].includes(type.text)) return 'ReturnTokenType is neither Jwt nor Saml';
  return {
    signedSystemToken: token.text,
    applicationToken: blocks.get('ApplicationToken')?.text ?? '',
    contextIdentifier: blocks.get('ContextIdentifier')?.text ?? '',
    returnTokenType: type.text,
  };
}

/** A request as the tenant sees it, at the place where it is served; undefined for one that is misdirected. */
export function belowPlace(head: RequestHead, place: Place): RequestHead | undefined {
  const path = place.below(head.path);
  return path === undefined ? undefined : { ...head, path };
}
