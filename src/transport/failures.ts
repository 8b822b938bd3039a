/** Network errors in words, each with what to do about it. */
import { systemErrorCode } from '../errors.ts';

/** What an exchange failed of: `message` continues "the request was sent, but ...". */
export interface FailureWords {
  readonly message: string;
  readonly hint: string | undefined;
}

/** A connection that could not be made for a reason that has its own words: a proxy's refusal. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code = 'ERPSYNC_CONNECT';
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined, cause?: unknown) {
    super(cause === undefined ? message : `${message}: ${describeFailure(cause, false).message}`, { cause });
    this.hint = hint;
  }
}

/** What a request was waiting for: a connection, TLS included; the head of the answer; the rest of it. */
export type AwaitedPart = 'connection' | 'head' | 'body';

/** A wait that lasted too long (ms). */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly code = 'ERPSYNC_TIMEOUT';
  readonly hint: string | undefined;

  constructor(awaited: AwaitedPart, limitMs: number) {
    const limit = `within ${limitMs % 1_000 === 0 ? `${limitMs / 1_000} s` : `${limitMs} ms`}`;
    super(
      {
        connection: `no connection came about ${limit}`,
        head: `no answer came ${limit}`,
        body: `the answer began, but was not whole ${limit}`,
      }[awaited],
    );
    this.hint =
      awaited === 'connection'
        ? 'check the address, the network and the firewall'
        : 'give a longer --timeout';
  }
}

const connectionWords: Readonly<Record<string, FailureWords>> = {
  ECONNREFUSED: {
    message: 'the connection was refused',
    hint: 'is the server running, and is the port right?',
  },
  ENOTFOUND: { message: 'the host name is not known', hint: 'check the url of the profile and the DNS' },
  EAI_AGAIN: { message: 'the host name could not be looked up', hint: 'check the DNS and the network' },
  EHOSTUNREACH: { message: 'the host cannot be reached', hint: 'check the network and the firewall' },
  ENETUNREACH: { message: 'the network cannot be reached', hint: 'check the network' },
  ETIMEDOUT: { message: 'the connection timed out', hint: 'check the address, the network and the firewall' },
  UND_ERR_CONNECT_TIMEOUT: {
    message: 'no connection came about in time',
    hint: 'check the address, the network and the firewall, or give a longer --timeout',
  },
  ECONNRESET: { message: 'the connection was reset', hint: undefined },
  EPIPE: { message: 'the connection was closed', hint: undefined },
  UND_ERR_SOCKET: { message: 'the connection was closed before the whole answer had come', hint: undefined },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { message: 'the answer is larger than 64 MiB', hint: undefined },
  UND_ERR_HEADERS_OVERFLOW: { message: 'the headers of the answer are too large', hint: undefined },
};

const trust = 'trust its CA with --ca-file <pem file>; a proxy that looks into TLS has a CA of its own';
const certificateWords: Readonly<Record<string, FailureWords>> = {
  CERT_HAS_EXPIRED: {
    message: "the server's certificate has expired",
    hint: 'renew it, and check the clock here',
  },
  CERT_NOT_YET_VALID: { message: "the server's certificate is not valid yet", hint: 'check the clock here' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: "the server's certificate is for another host name",
    hint: 'use the name in the url that the certificate was made for',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { message: "the server's certificate is self-signed", hint: trust },
  SELF_SIGNED_CERT_IN_CHAIN: {
    message: "the server's certificate comes from a CA not trusted here",
    hint: trust,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { message: "the server's certificate cannot be verified", hint: trust },
  UNABLE_TO_GET_ISSUER_CERT: { message: "the server's certificate cannot be verified", hint: trust },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { message: "the server's certificate cannot be verified", hint: trust },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    message: 'the server does not speak TLS there',
    hint: 'check the port, and whether the url should begin with http://',
  },
};

const ownCertificate = 'give one with --client-cert and --client-key';
/** Alerts of the server that end a handshake: by a part of OpenSSL's name, the first that fits. */
const alertWords: readonly (readonly [RegExp, FailureWords])[] = [
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    { message: 'the server speaks only TLS older than 1.2', hint: 'have it speak TLS 1.2 or newer' },
  ],
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    { message: 'the server asks for a certificate of ours', hint: ownCertificate },
  ],
  [
    /ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_(?:EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    {
      message: 'the server does not accept our certificate',
      hint: 'check --client-cert: its CA, and its end',
    },
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    {
      message: 'the server ended the TLS handshake: it asks for a certificate of ours, or for other ciphers',
      hint: ownCertificate,
    },
  ],
];

/** Words for the error of a failed exchange. */
export function describeFailure(cause: unknown, handedOver: boolean): FailureWords {
  if (cause instanceof ConnectError || cause instanceof TimeLimitError)
    return { message: cause.message, hint: cause.hint };
  const code = systemErrorCode(innermost(cause)) ?? '';
  if (code === 'ERPSYNC_STOPPED') return { message: 'it was given up on a signal', hint: undefined };
  if (code.startsWith('HPE_'))
    return { message: 'the answer is not HTTP', hint: 'check the url of the profile' };
  const alert = code.startsWith('ERR_SSL_') ? alertWords.find(([name]) => name.test(code))?.[1] : undefined;
  const known = connectionWords[code] ?? certificateWords[code] ?? alert;
  if (known) return known;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return {
    message: `the connection failed (${code === '' ? detail : `${code}: ${detail}`})`,
    hint: handedOver ? undefined : 'check the url of the profile and the network',
  };
}

/** A host with several addresses fails with one error for each; the last one tells as much as any. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors.at(-1));
  return error;
}
