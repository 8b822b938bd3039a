/** Whom TLS trusts, and what it shows of itself: files in PEM, read once for a command. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { configError, systemErrorCode } from '../errors.ts';

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
    throw configError('a client key is given without its certificate', 'give --client-cert, too');
  }
  return {
    ...(caFile !== undefined && { ca: [...standardCertificates(extraCaFile), certificatesIn(caFile)] }),
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
  return [...tls.rootCertificates, ...(extraCaFile === undefined ? [] : [certificatesIn(extraCaFile)])];
}

function certificatesIn(file: string): string {
  const pem = readPem(file);
  const blocks = pem.match(
    /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*-----END (?:TRUSTED )?CERTIFICATE-----/g,
  );
  if (blocks === null) {
    throw configError(`${file} holds no certificate in PEM`, 'it begins with -----BEGIN CERTIFICATE-----');
  }
  for (const [index, block] of blocks.entries()) {
    if (isCertificate(block)) continue;
    throw configError(
      `${file}: certificate ${index + 1} of ${blocks.length} cannot be read`,
      'export it again',
    );
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
  const cert = certificatesIn(certFile);
  const holder = keyFile ?? certFile;
  const key = readPem(holder);
  let belongs: boolean;
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw configError(
      `${holder} holds no private key in PEM without a passphrase`,
      keyFile === undefined ? 'give it with --client-key' : 'take its passphrase off, as with openssl pkey',
    );
  }
  if (belongs) return { cert, key };
  throw configError(
    `the key in ${holder} does not belong to the certificate in ${certFile}`,
    'name the two that belong together with --client-cert and --client-key',
  );
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const problems = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a directory',
      EACCES: 'it may not be read',
    };
    throw configError(`${file}: ${Reflect.get(problems, code) ?? code}`, undefined, error);
  }
}
