/** The certificate and the private key with which the sandbox speaks TLS. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { unreadable } from '../error-words.ts';
import { configError, type ErrorParts } from '../errors.ts';

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
  const cert = readPem('--tls-cert', certFile);
  const key = readPem('--tls-key', keyFile);
  const certificate = attempt(() => new X509Certificate(cert), {
    what: `--tls-cert ${certFile} cannot be used`,
    why: 'it holds no certificate in PEM',
    next: 'give --tls-cert a file that begins with -----BEGIN CERTIFICATE-----',
  });
  const privateKey = attempt(() => createPrivateKey(key), {
    what: `--tls-key ${keyFile} cannot be used`,
    why: 'it holds no private key in PEM without a passphrase',
    next: 'give --tls-key a file such as openssl writes with -nodes',
  });
  if (!certificate.checkPrivateKey(privateKey)) {
    throw configError({
      what: `--tls-key ${keyFile} cannot be used`,
      why: `its key does not belong to the certificate in ${certFile}`,
      next: 'give --tls-cert and --tls-key two files that were made together',
    });
  }
  const secured: Secured = { cert, key, minVersion: 'TLSv1.2' };
  attempt(() => createSecureContext(secured), {
    what: `TLS cannot be spoken with ${certFile} and ${keyFile}`,
    why: 'the key may be too short',
    next: 'make a new pair and give it with --tls-cert and --tls-key',
  });
  return secured;
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable('config', `${flag} ${file}`, cause, `give ${flag} a file that can be read`);
  }
}

function attempt<T>(action: () => T, parts: Pick<ErrorParts, 'what' | 'why' | 'next'>): T {
  try {
    return action();
  } catch (cause) {
    throw configError({ ...parts, cause });
  }
}
