/** The data types of SOAP headers, as every service has them. */
import type { AgentName } from '../agent/contract.ts';
import { SoCredentials } from '../agent/login-carriers.ts';
import {
  boolean,
  type CarrierType,
  dictionary,
  type Fields,
  int32,
  lazy,
  plainCarrier,
  string,
} from '../agent/wire-types.ts';

/** What went wrong; of the sandbox it never holds a stack trace. */
interface SoExceptionInfoValue {
  readonly Message?: string | null;
  readonly StackTrace?: string | null;
  readonly FriendlyText?: string | null;
  readonly ExceptionType?: string | null;
  readonly Source?: string | null;
  readonly InnerException?: SoExceptionInfoValue | null;
  readonly Parameters?: Readonly<Record<string, string | null>> | null;
}

const SoExceptionInfo: CarrierType<SoExceptionInfoValue> = plainCarrier('SoExceptionInfo', {
  Message: string,
  StackTrace: string,
  FriendlyText: string,
  ExceptionType: string,
  Source: string,
  InnerException: lazy((): CarrierType<SoExceptionInfoValue> => SoExceptionInfo),
  Parameters: dictionary('SoExceptionInfoParameters', 'SoExceptionInfoParametersKeyValuePair', string),
});

export const SoTimeZone = plainCarrier('SoTimeZone', { SoTimeZoneId: int32, SoTimeZoneLocationCode: string });

const SoExtraInfo = dictionary('SoExtraInfo', 'ExtraInfoNameValuePair', string);

const requestHeaders: Fields = {
  ApplicationToken: string,
  Credentials: SoCredentials,
  TimeZone: SoTimeZone,
};

/** What a request says of itself. A login cannot say who calls: that is what it finds out. */
export function requestHeadersOf(agent: AgentName): Fields {
  return agent === 'SoPrincipal' ? { ApplicationToken: string } : requestHeaders;
}

/** What every answer says of itself. */
export const responseHeaders: Fields = {
  ExceptionInfo: SoExceptionInfo,
  ExtraInfo: SoExtraInfo,
  Succeeded: boolean,
  TimeZone: SoTimeZone,
};
