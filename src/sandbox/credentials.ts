/** The secrets of one running sandbox: fixed on loopback, random wherever others can reach it. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { sampleKey } from './sample-key.ts';

/** What a client logs in with. */
export interface SandboxCredentials {
  readonly username: string;
  readonly password: string;
  /** For `Authorization: SOTicket`; valid for 6 hours after its last use. */
  readonly ticket: string;
  /** For `Authorization: Bearer`. */
  readonly token: string;
  /** For `SO-AppToken`: may be absent unless the sandbox plays SuperOffice Online, must not be another. */
  readonly appToken: string;
  /** The app that users sign in to; its secret is the application token. Not a secret itself. */
  readonly clientId: string;
  /** What the app of the tenant signs to become its system user: `<name of the app>-<random>`. */
  readonly systemUserToken: string;
  /** What it signs with: PKCS#8 in PEM. */
  readonly privateKey: string;
}

/** The credentials of the documented sample requests; only ever served on loopback. */
const sampleCredentials: SandboxCredentials = {
  username: 'tje0',
  password: 'Tje0',
  ticket: '7T:1234abcxyzExample==',
  token: '8A:Cust00000.sandbox-token',
  appToken: '1234567-1234-9876',
  clientId: '5eb1c3a0d2f94e7c8a6b9d0e1f2a3b4c',
  systemUserToken: 'erpsync sandbox-Ab3dEf9hIj',
  privateKey: `-----BEGIN PRIVATE KEY-----\n${sampleKey.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
};

/** Whether only this machine can reach a server that listens on `host`: 127.0.0.0/8, `::1`, `localhost`. */
export function isLoopback(host: string): boolean {
  return (isIPv4(host) && host.startsWith('127.')) || host === '::1' || host.toLowerCase() === 'localhost';
}

/** The sample credentials on a loopback host, random ones on any other. */
export function credentialsFor(host: string): SandboxCredentials {
  if (isLoopback(host)) return sampleCredentials;
  return {
    username: `admin-${randomBytes(4).toString('hex')}`,
    password: randomBytes(18).toString('base64url'),
    ticket: `7T:${randomBytes(30).toString('base64')}`,
    token: `8A:Cust00000.${randomBytes(30).toString('base64url')}`,
    appToken: randomUUID(),
    clientId: randomUUID().replaceAll('-', ''),
    systemUserToken: `erpsync sandbox-${randomBytes(8).toString('base64url')}`,
    privateKey: generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey,
  };
}
