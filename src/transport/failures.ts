/** Network errors in words, each with what to do about it. */
import { systemErrorCode } from '../errors.ts';

/** Why an exchange failed, and what to do about it: `why` continues "http://host was not reached: ...". */
export interface FailureWords {
  readonly why: string;
  readonly next: string;
}

/** A connection that could not be made for a reason that has its own words: a proxy's refusal. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code = 'ERPSYNC_CONNECT';
  readonly next: string;

  constructor(why: string, next: string, cause?: unknown) {
    super(cause === undefined ? why : `${why}: ${describeFailure(cause).why}`, { cause });
    this.next = next;
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

const again = 'and run the same command again';
const way = `check the address, the network and the firewall, ${again}`;
/** The setting that counts may stand in a flag, a variable or a profile. */
export const urlOrigin = 'see where the url comes from: erpsync config explain';
/** What to do about a proxy that is not there. */
export const proxyOrigin =
  'check --proxy, HTTPS_PROXY, HTTP_PROXY and NO_PROXY; see which of them counts: erpsync config explain';
const elsewhere = `check that the url leads to SuperOffice itself; ${urlOrigin}`;

/** A wait that lasted too long (ms). */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly code = 'ERPSYNC_TIMEOUT';
  readonly next: string;

  constructor(awaited: AwaitedPart, limitMs: number) {
    const limit = `within ${limitMs % 1_000 === 0 ? `${limitMs / 1_000} s` : `${limitMs} ms`}`;
    super(
      {
        connection: `no connection came about ${limit}`,
        head: `no answer came ${limit}`,
        body: `the answer began, but was not whole ${limit}`,
      }[awaited],
    );
    this.next = awaited === 'connection' ? way : 'give it more time with --timeout';
  }
}

const cut = `check the port of the url, and whether a firewall or a proxy ends the connection; ${urlOrigin}`;
const connectionWords: Readonly<Record<string, FailureWords>> = {
  ECONNREFUSED: {
    why: 'the connection was refused',
    next: `check that the server is running and that the port is right; ${urlOrigin}`,
  },
  ENOTFOUND: { why: 'the host name is not known', next: `check the url and the DNS; ${urlOrigin}` },
  EAI_AGAIN: {
    why: 'the host name could not be looked up',
    next: `check the DNS and the network, ${again}`,
  },
  EHOSTUNREACH: { why: 'the host cannot be reached', next: `check the network and the firewall, ${again}` },
  ENETUNREACH: { why: 'the network cannot be reached', next: `check the network, ${again}` },
  ETIMEDOUT: { why: 'the connection timed out', next: way },
  UND_ERR_CONNECT_TIMEOUT: {
    why: 'no connection came about in time',
    next: 'check the address, the network and the firewall, or give it more time with --timeout',
  },
  ECONNRESET: { why: 'the connection was reset', next: cut },
  EPIPE: { why: 'the connection was closed', next: cut },
  UND_ERR_SOCKET: { why: 'the connection was closed before the whole answer had come', next: cut },
  ERPSYNC_PACKED: { why: 'the answer is packed in a way that cannot be undone', next: elsewhere },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { why: 'the answer is larger than 64 MiB', next: elsewhere },
  UND_ERR_HEADERS_OVERFLOW: { why: 'the headers of the answer are too large', next: elsewhere },
  ERPSYNC_STOPPED: { why: 'it was given up on a signal', next: 'run the same command again' },
};

const trust =
  'if it is the CA of your company, or of a proxy that looks into TLS, trust it with --ca-file <pem file>';
const unverified = { why: "the server's certificate cannot be verified", next: trust };
const certificateWords: Readonly<Record<string, FailureWords>> = {
  CERT_HAS_EXPIRED: {
    why: "the server's certificate has expired",
    next: `renew it, check the clock here, ${again}`,
  },
  CERT_NOT_YET_VALID: {
    why: "the server's certificate is not valid yet",
    next: `check the clock here, ${again}`,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "the server's certificate is for another host name",
    next: `use the name in the url that the certificate was made for; ${urlOrigin}`,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { why: "the server's certificate is self-signed", next: trust },
  SELF_SIGNED_CERT_IN_CHAIN: {
    why: "the server's certificate comes from a CA not trusted here",
    next: trust,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unverified,
  UNABLE_TO_GET_ISSUER_CERT: unverified,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unverified,
  ERR_SSL_WRONG_VERSION_NUMBER: {
    why: 'the server does not speak TLS there',
    next: `check the port, and whether the url should begin with http://; ${urlOrigin}`,
  },
};

const certificateAlert =
  /ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_(?:REQUIRED|EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/;
const ownCertificate = 'give one with --client-cert and --client-key';
/** Alerts of the server that end a handshake: by a part of OpenSSL's name, the first that fits. */
const alertWords: readonly (readonly [RegExp, FailureWords])[] = [
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    {
      why: 'the server speaks only TLS older than 1.2',
      next: `have it speak TLS 1.2 or newer, ${again}`,
    },
  ],
  [/ALERT_CERTIFICATE_REQUIRED/, { why: 'the server asks for a certificate of ours', next: ownCertificate }],
  [
    certificateAlert,
    {
      why: 'the server does not accept our certificate',
      next: 'check the CA and the end of the one that is given with --client-cert',
    },
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    {
      why: 'the server ended the TLS handshake: it asks for a certificate of ours, or for other ciphers',
      next: ownCertificate,
    },
  ],
];

/** Words for the error of a failed exchange. */
export function describeFailure(cause: unknown): FailureWords {
  if (cause instanceof ConnectError || cause instanceof TimeLimitError)
    return { why: cause.message, next: cause.next };
  const code = systemErrorCode(innermost(cause)) ?? '';
  const told = certificateInWords(cause);
  if (told) return told;
  // undici names what is wrong only for some answers.
  if (code.startsWith('HPE_') || (cause instanceof Error && cause.name === 'HTTPParserError'))
    return { why: 'the answer is not HTTP', next: elsewhere };
  const alert = code.startsWith('ERR_SSL_') ? alertWords.find(([name]) => name.test(code))?.[1] : undefined;
  const known = connectionWords[code] ?? certificateWords[code] ?? alert;
  if (known) return known;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return {
    why: `the connection failed (${code === '' ? detail : `${code}: ${detail}`})`,
    next: `check the url and the network; ${urlOrigin}`,
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
    const why = `the server's certificate comes from ${JSON.stringify(issuer)}, which is not trusted here`;
    return { why, next: trust };
  }
  const known = certificateWords[code];
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID' || known === undefined || names === '') return known;
  return { ...known, why: `${known.why}: it is for ${names.replace(/\b(?:DNS|IP Address):/g, '')}` };
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
