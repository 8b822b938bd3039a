/** Whom TLS trusts, and what it shows of itself: files in PEM, read once for a command. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { unreadable } from '../error-words.ts';
import { configError, type ErpsyncError, systemErrorCode } from '../errors.ts';

/** The files of a connection; each may be absent. */
export interface TrustFiles {
  /** Certificates of CAs that are trusted besides those of Node. */
  readonly caFile: string | undefined;
  /** Our own certificate, for servers that ask for one. */
  readonly clientCert: string | undefined;
  /** The key that belongs to it, without a passphrase. */
  readonly clientKey: string | undefined;
}

/** What a TLS connection is made with. */
export interface Trust {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  /** Said always, so that NODE_TLS_REJECT_UNAUTHORIZED does not count; false only for a profile that says so. */
  readonly rejectUnauthorized: boolean;
  readonly minVersion: 'TLSv1.2';
}

/**
 * Reads the files.
 *
 * @param extraCaFile what NODE_EXTRA_CA_CERTS names: Node trusts it, and goes on doing so beside `caFile`
 * @throws ErpsyncError (config) that names the file that is at fault; a key is never quoted
 */
export function readTrust(
  { caFile, clientCert, clientKey }: TrustFiles,
  extraCaFile: string | undefined,
): Trust {
  const own = clientCert === undefined ? undefined : ownCertificate(clientCert, clientKey);
  if (own === undefined && clientKey !== undefined) {
    throw configError({
      what: `the client key ${clientKey} cannot be used`,
      why: 'its certificate is not given',
      next: 'give it with --client-cert, too',
    });
  }
  return {
    ...(caFile !== undefined && {
      ca: [...standardCertificates(extraCaFile), certificatesIn(caFile, '--ca-file')],
    }),
    ...own,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  };
}

/** What Node trusts by itself, the system's store too where it can read it (from Node 22.15 on). */
function standardCertificates(extraCaFile: string | undefined): string[] {
  // Not in the types of Node 20, which lacks it.
  const read: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof read === 'function') return [...read('default'), ...read('system')];
  const extra = extraCaFile === undefined ? [] : [certificatesIn(extraCaFile, 'NODE_EXTRA_CA_CERTS')];
  return [...tls.rootCertificates, ...extra];
}

/** @param from the flag or variable that names the file */
function certificatesIn(file: string, from: string): string {
  const pem = readPem(file, from);
  const blocks = pem.match(
    /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*-----END (?:TRUSTED )?CERTIFICATE-----/g,
  );
  if (blocks === null) {
    throw unfit(
      file,
      'it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----',
      `name a file that holds one in ${from}`,
    );
  }
  for (const [index, block] of blocks.entries()) {
    if (isCertificate(block)) continue;
    const which = `certificate ${index + 1} of ${blocks.length} in it is damaged`;
    throw unfit(file, which, 'export it anew, and run the same command again');
  }
  return pem;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem) !== undefined;
  } catch {
    return false;
  }
}

function ownCertificate(certFile: string, keyFile: string | undefined): { cert: string; key: string } {
  const cert = certificatesIn(certFile, '--client-cert');
  const holder = keyFile ?? certFile;
  const key = readPem(holder, keyFile === undefined ? '--client-cert' : '--client-key');
  let belongs: boolean;
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw unfit(
      holder,
      'it holds no private key in PEM without a passphrase',
      keyFile === undefined
        ? 'give the key with --client-key'
        : 'take its passphrase off, as with openssl pkey, and name what comes of it with --client-key',
    );
  }
  if (belongs) return { cert, key };
  throw unfit(
    holder,
    `the key in it does not belong to the certificate in ${certFile}`,
    'name the two that belong together with --client-cert and --client-key',
  );
}

function unfit(file: string, why: string, next: string): ErpsyncError {
  return configError({ what: `${file} cannot be used`, why, next });
}

function readPem(file: string, from: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw unreadable('config', file, error, `name a file that can be read in ${from}`);
  }
}
