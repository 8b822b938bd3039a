/** A private CA with certificates of its own, made with openssl for the tests of a file. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import { temporaryDirectory } from '../../support/program.ts';

/** A certificate with its key, as files in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** What is particular of a certificate; without anything it is good for 127.0.0.1. */
export interface Wanted {
  /** As openssl writes them: `DNS:crm.company.test`, `IP:127.0.0.1`. */
  readonly names?: string;
  /** `clientAuth` for certificates that users show. */
  readonly purpose?: 'serverAuth' | 'clientAuth';
  /** It ended long ago. */
  readonly expired?: boolean;
  /** It is signed by itself, not by the CA. */
  readonly selfSigned?: boolean;
}

/** A CA of a company. */
export interface PrivateCa extends Issued {
  /** Its name, as messages show it. */
  readonly name: string;
  issue(wanted?: Wanted): Issued;
}

/** Makes a CA. Its keys are on elliptic curves, which take no time to make. */
export function privateCa(name = 'Company Root CA'): PrivateCa {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  let made = 0;
  const file = (what: string): string => path.join(directory, what);
  const openssl = (...args: string[]): void => void execaSync('openssl', args, { stdin: 'ignore' });

  function newKey(to: string): void {
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', to);
    chmodSync(to, 0o644);
  }

  const ca = { cert: file('ca.pem'), key: file('ca.key') };
  newKey(ca.key);
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  openssl(
    ...[
      'req',
      '-x509',
      '-new',
      '-key',
      ca.key,
      '-out',
      ca.cert,
      '-days',
      '30',
      '-subj',
      `/O=Company/CN=${name}`,
    ],
    ...extensions.flatMap((extension) => ['-addext', extension]),
  );
  writeFileSync(file('index.txt'), '');
  writeFileSync(
    file('ca.cnf'),
    [
      '[ca]\ndefault_ca=own',
      `[own]\ndatabase=${file('index.txt')}\nnew_certs_dir=${directory}\nrand_serial=yes\npolicy=any`,
      'default_md=sha256\nunique_subject=no\ncopy_extensions=copy',
      '[any]\ncommonName=supplied',
    ].join('\n'),
  );

  function issue({
    names = 'IP:127.0.0.1',
    purpose = 'serverAuth',
    expired,
    selfSigned,
  }: Wanted = {}): Issued {
    const stem = file(`issued-${made++}`);
    const [cert, key, request] = [`${stem}.pem`, `${stem}.key`, `${stem}.csr`];
    newKey(key);
    const asked = ['-key', key, '-subj', `/CN=issued ${made}`];
    const added = ['-addext', `subjectAltName=${names}`, '-addext', `extendedKeyUsage=${purpose}`];
    if (selfSigned) {
      openssl('req', '-x509', '-new', '-days', '30', ...asked, ...added, '-out', cert);
      return { cert, key };
    }
    openssl('req', '-new', ...asked, ...added, '-out', request);
    const days = expired ? ['-startdate', '20200101000000Z', '-enddate', '20210101000000Z'] : ['-days', '30'];
    const signer = ['-config', file('ca.cnf'), '-cert', ca.cert, '-keyfile', ca.key];
    openssl('ca', '-batch', '-notext', ...signer, ...days, '-in', request, '-out', cert);
    return { cert, key };
  }

  return { ...ca, name, issue };
}
