/** The certificate and the private key with which the sandbox speaks TLS. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { configError, systemErrorCode } from '../errors.ts';

/** Two PEM files. */
export interface TlsFiles {
  /** The certificate, followed by those that issued it where there are any. */
  readonly certFile: string;
  /** The private key that belongs to it, without a passphrase. */
  readonly keyFile: string;
}

/** What a TLS server is made with. */
interface Secured {
  readonly cert: string;
  readonly key: string;
  /** Older versions are broken and no client of ours may need them. */
  readonly minVersion: 'TLSv1.2';
}

/**
 * Reads both files and makes sure that they are what they should be and belong together.
 *
 * @throws ErpsyncError (config) that names the file that is at fault; a key is never quoted.
 */
export function readTlsFiles({ certFile, keyFile }: TlsFiles): Secured {
  const cert = readPem(certFile);
  const key = readPem(keyFile);
  const certificate = attempt(
    () => new X509Certificate(cert),
    `${certFile} holds no certificate in PEM`,
    'give --tls-cert a file that begins with -----BEGIN CERTIFICATE-----',
  );
  const privateKey = attempt(
    () => createPrivateKey(key),
    `${keyFile} holds no private key in PEM without a passphrase`,
    'give --tls-key a file such as openssl writes with -nodes',
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw configError(
      `the key in ${keyFile} does not belong to the certificate in ${certFile}`,
      'give --tls-cert and --tls-key two files that were made together',
    );
  }
  const secured: Secured = { cert, key, minVersion: 'TLSv1.2' };
  attempt(
    () => createSecureContext(secured),
    `TLS cannot be spoken with ${certFile} and ${keyFile}`,
    'make a new pair; the key may be too short',
  );
  return secured;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw configError(`cannot read ${file}: ${systemErrorCode(cause) ?? 'unknown error'}`, undefined, cause);
  }
}

function attempt<T>(action: () => T, problem: string, hint: string): T {
  try {
    return action();
  } catch (cause) {
    throw configError(problem, hint, cause);
  }
}
