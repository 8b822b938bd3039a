/** What `doctor` asks of a server without a login: whether REST and SOAP are there, and what time it is. */
import { asReadError } from '../agent/client.ts';
import { anonymously, type ServerParts } from '../cli/server-parts.ts';
import { continued, ErpsyncError } from '../errors.ts';
import { clockSkewInWords, clockSkewMs } from '../transport/clock-skew.ts';
import type { Answer } from '../transport/http.ts';
import { lostRead } from '../transport/lost-answer.ts';
import { failureOutcome } from '../transport/outcome.ts';
import { statusError } from '../transport/raw.ts';
import type { Checkup, Finding, Found } from './doctor-checkup.ts';

/** The services that are asked for where the settings leave it to the server. */
const newest = '88';

/** @returns the name of the check of the transport that the profile uses */
export async function checkServer(
  { check }: Checkup,
  needs: readonly string[],
  url: string,
  parts: ServerParts,
): Promise<string> {
  const transport = parts.settings.transport.value;
  const { value: services } = parts.settings.services;
  const soapPath = `/Remote/Services${services === 'auto' ? newest : services}/ErpSync.svc`;
  let told: Answer | undefined;
  const asked = async (path: string): Promise<Answer> => {
    const answer = await anonymously(url, parts, async (requests) => {
      const exchange = await requests.send({ method: 'GET', path });
      if (exchange.kind === 'answer') return exchange;
      throw asReadError(failureOutcome(exchange, lostRead(`GET ${path}`)));
    });
    told ??= answer;
    const error = statusError(answer, `GET ${path}`);
    if (error !== undefined) throw error;
    return answer;
  };
  await check('rest', needs, () =>
    required(transport === 'rest', 'SOAP', async () => versionsIn(await asked('/api'), url)),
  );
  await check('soap', needs, () =>
    required(transport === 'soap', 'REST', async () => {
      await asked(soapPath);
      return `${soapPath} is there`;
    }),
  );
  await check('clock', needs, async () => ({ found: clockFound(told, parts), made: undefined }));
  return transport;
}

/** What fails of a transport that the profile does not use is no failure of the profile. */
async function required(
  isNeeded: boolean,
  other: string,
  look: () => Promise<Finding>,
): Promise<Found<undefined>> {
  try {
    return { found: await look(), made: undefined };
  } catch (error) {
    if (isNeeded || !(error instanceof ErpsyncError)) throw error;
    const detail = continued(error.message, `this profile does not need it, it uses ${other}`);
    return { found: { detail, info: true }, made: undefined };
  }
}

function clockFound(told: Answer | undefined, { context }: ServerParts): Finding {
  const skew = told && clockSkewMs(told, context.host.clock.now());
  if (skew === undefined) return { detail: 'the server does not tell its time', info: true };
  const off = clockSkewInWords(skew);
  if (off === undefined) return 'right, by the server';
  return { detail: off, fix: 'set it, or have it set by NTP: logins with signed tokens fail otherwise' };
}

/** `GET /api` of NetServer tells its versions. */
function versionsIn({ body }: Answer, url: string): Finding {
  const value = jsonIn(body.toString('utf8'));
  const named = (name: string): string | undefined => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return typeof found === 'string' ? found : undefined;
  };
  const [server, services] = [named('NetServerVersion'), named('ServicesCurrent')];
  if (server === undefined && services === undefined) {
    const fix = 'check the url of the profile: it is that of the web client';
    return { detail: `${url} answers, but not as SuperOffice does`, fix };
  }
  const parts = [server && `NetServer ${server}`, services && `SOAP up to ${services}`];
  return parts.filter(Boolean).join(', ');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
