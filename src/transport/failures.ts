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

/** A certificate of a server that is not accepted, and what it says of itself. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: string;
  /** Who issued it, or the last one of its chain; empty where that has no name. */
  readonly issuer: string;
  /** The names that it is for: `DNS:crm.example.com, IP Address:10.0.0.1`. */
  readonly names: string;

  constructor(cause: Error, issuer: string, names: string | undefined) {
    super(cause.message, { cause });
    this.code = systemErrorCode(cause) ?? '';
    this.issuer = issuer;
    this.names = names ?? '';
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

const cut = 'check the port of the url, and whether a firewall or a proxy ends the connection';
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
  ECONNRESET: { message: 'the connection was reset', hint: cut },
  EPIPE: { message: 'the connection was closed', hint: cut },
  UND_ERR_SOCKET: { message: 'the connection was closed before the whole answer had come', hint: cut },
  ERPSYNC_PACKED: { message: 'the answer is packed in a way that cannot be undone', hint: undefined },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { message: 'the answer is larger than 64 MiB', hint: undefined },
  UND_ERR_HEADERS_OVERFLOW: { message: 'the headers of the answer are too large', hint: undefined },
};

const trust =
  'if it is the CA of your company, or of a proxy that looks into TLS, trust it with --ca-file <pem file>';
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

const certificateAlert =
  /ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_(?:REQUIRED|EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/;
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
    certificateAlert,
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
  const told = certificateInWords(cause);
  if (told) return told;
  // undici names what is wrong only for some answers.
  if (code.startsWith('HPE_') || (cause instanceof Error && cause.name === 'HTTPParserError'))
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

/** The errors of certificates whose issuer is not trusted. */
const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** What the certificate itself adds: who issued it, whom it is for. */
function certificateInWords(cause: unknown): FailureWords | undefined {
  if (!(cause instanceof CertificateError)) return undefined;
  const { code, issuer, names } = cause;
  if (untrusted.has(code) && issuer !== '') {
    const message = `the server's certificate comes from ${JSON.stringify(issuer)}, which is not trusted here`;
    return { message, hint: trust };
  }
  const known = certificateWords[code];
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID' || known === undefined || names === '') return known;
  return { ...known, message: `${known.message}: it is for ${names.replace(/\b(?:DNS|IP Address):/g, '')}` };
}

/** Whether a server has ended the handshake for our certificate, or for want of one. */
export function isCertificateAlert(error: Error): boolean {
  const code = systemErrorCode(error) ?? '';
  return code.startsWith('ERR_SSL_') && certificateAlert.test(code);
}

/** A host with several addresses fails with one error for each; the last one tells as much as any. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors.at(-1));
  return error;
}
