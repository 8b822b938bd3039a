/**
 * The exchange with the PartnerSystemUser service of SuperOffice Online, over REST or SOAP: a signed token for a JWT.
 * Whether it succeeds stands in the answer, under HTTP 200.
 */
import { readXml, XmlError } from '../agent/xml-document.ts';
import { xmlText } from '../agent/xml-writer.ts';
import { errorMessageIn } from '../transport/error-object.ts';
import type { Answer } from '../transport/http.ts';
import { type RawRequests, statusError } from '../transport/raw.ts';
import { failureInFault, type Told, ToldElements } from '../transport/soap-failure.ts';
import { notAnswered, notOfService, refusedBy } from './service-errors.ts';

/** What an app sends. */
export interface PartnerRequest {
  /** `<token>.<time>.<signature>`. */
  readonly signedToken: string;
  /** The client secret of the app. */
  readonly applicationToken: string;
  /** The tenant: `Cust12345`. */
  readonly contextIdentifier: string;
}

/** What it is told. */
export type PartnerReply =
  | { readonly kind: 'token'; readonly token: string; readonly answer: Answer }
  /** The service's own words, cut short. */
  | { readonly kind: 'refused'; readonly message: string; readonly answer: Answer };

/** How the exchange travels. */
export type PartnerProtocol = 'rest' | 'soap';

const service = 'PartnerSystemUser service';
const noToken = `the ${service} gives no token`;
/** Larger answers are none of the service (bytes). */
const largestAnswer = 256 * 1024;

/**
 * Sends a request. It is repeated as a read is: another try costs a line in a table of the server, and no more.
 *
 * @param requests to the environment
 * @throws ErpsyncError (network, unavailable, rejected) for no answer, and for one that is not the service's
 */
export async function exchangeToken(
  request: PartnerRequest,
  protocol: PartnerProtocol,
  requests: RawRequests,
): Promise<PartnerReply> {
  const { path, headers, body } = protocol === 'rest' ? restRequest(request) : soapRequest(request);
  const where = requests.addressOf(path);
  const exchange = await requests.send({ method: 'POST', path, headers, body, reads: true });
  if (exchange.kind === 'failure') throw notAnswered(noToken, exchange);
  const reply = exchange.body.length > largestAnswer ? undefined : readReply(exchange, protocol);
  if (reply !== undefined) return reply;
  const error = statusError(exchange);
  if (error !== undefined && exchange.status !== 404) throw refusedBy(where, noToken, error);
  throw notOfService(where, `it is not that of the ${service}`, exchange.status);
}

function restRequest({ signedToken, applicationToken, contextIdentifier }: PartnerRequest) {
  return {
    path: '/Login/api/PartnerSystemUser/Authenticate',
    headers: {},
    body: JSON.stringify({
      SignedSystemToken: signedToken,
      ApplicationToken: applicationToken,
      ContextIdentifier: contextIdentifier,
      ReturnTokenType: 'JWT',
    }),
  };
}

const namespace = 'http://www.superoffice.com/superid/partnersystemuser/0.1';

function soapRequest({ signedToken, applicationToken, contextIdentifier }: PartnerRequest) {
  const part = (name: string, content: string): string => `<p:${name}>${content}</p:${name}>`;
  const header = [
    part('ApplicationToken', xmlText(applicationToken, 'ApplicationToken')),
    part('ContextIdentifier', xmlText(contextIdentifier, 'ContextIdentifier')),
  ].join('');
  const content = [
    part('SignedSystemToken', xmlText(signedToken, 'SignedSystemToken')),
    // The enumeration of the WSDL; REST spells it JWT.
    part('ReturnTokenType', 'Jwt'),
  ].join('');
  return {
    path: '/login/services/PartnerSystemUserService.svc',
    headers: {
      Accept: 'text/xml',
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: `"${namespace}/IPartnerSystemUserService/Authenticate"`,
    },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="${namespace}"><s:Header>${header}</s:Header><s:Body>${part('AuthenticationRequest', content)}</s:Body></s:Envelope>`,
  };
}

/** What an answer says of the exchange; undefined for one that says nothing of it. */
function readReply(answer: Answer, protocol: PartnerProtocol): PartnerReply | undefined {
  const said = protocol === 'rest' ? readJson(answer) : readSoap(answer);
  if (said === undefined) return undefined;
  if ('error' in said) {
    return answer.status < 500 ? { kind: 'refused', message: shortened(said.error), answer } : undefined;
  }
  if (said.isSuccessful && said.token !== '') return { kind: 'token', token: said.token, answer };
  return { kind: 'refused', message: shortened(said.message), answer };
}

type Said =
  | { readonly isSuccessful: boolean; readonly token: string; readonly message: string }
  | { readonly error: string };

function readJson({ body, status }: Answer): Said | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const isSuccessful: unknown = Reflect.get(json, 'IsSuccessful');
  if (typeof isSuccessful !== 'boolean') {
    const error = status >= 400 ? errorMessageIn(json) : undefined;
    return error === undefined ? undefined : { error };
  }
  const text = (name: string): string => {
    const value: unknown = Reflect.get(json, name);
    return typeof value === 'string' ? value : '';
  };
  return { isSuccessful, token: text('Token'), message: text('ErrorMessage') };
}

function readSoap({ body }: Answer): Said | undefined {
  const elements = new ToldElements();
  try {
    readXml(body, elements);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
  const inside = (told: Told | undefined, name: string): Told | undefined =>
    told?.children.find(({ local }) => local === name);
  const soapBody = inside(
    elements.all.find(({ local }) => local === 'Envelope'),
    'Body',
  );
  const fault = inside(soapBody, 'Fault');
  if (fault !== undefined) return { error: failureInFault(fault).message };
  const response = inside(soapBody, 'AuthenticationResponse');
  if (response === undefined) return undefined;
  const text = (name: string): string => inside(response, name)?.text.trim() ?? '';
  return {
    isSuccessful: /^(?:true|1)$/.test(text('IsSuccessful')),
    token: text('Token'),
    message: text('ErrorMessage'),
  };
}

function shortened(message: string): string {
  const trimmed = message.trim();
  if (trimmed === '') return 'it does not say why';
  return trimmed.length > 300 ? `${trimmed.slice(0, 300)}...` : trimmed;
}
