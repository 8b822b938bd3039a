/** What the commands about logins print. */
import { instant, integer, list, nullable, record, text, truth, words } from '../../output/shape.ts';
import { secretNames } from '../../profiles/profile.ts';
import { authSchemes, transports } from '../../profiles/setting-table.ts';
import { keptKinds } from '../../profiles/ticket-cache.ts';
import type login from '../auth/login.ts';
import type logout from '../auth/logout.ts';
import type status from '../auth/status.ts';
import type token from '../auth/token.ts';
import { outcome, type ResultShape } from './shared-shapes.ts';

const secret = words(...secretNames);

const loggedIn: ResultShape<typeof login> = record({
  profile: text,
  server: text,
  tenant: text,
  clientId: text,
  user: nullable(text),
  associateId: nullable(integer),
  accessTokenExpiresAt: nullable(instant),
});

const loggedOut: ResultShape<typeof logout> = record({
  profile: text,
  revoked: nullable(truth),
  forgotten: list(secret),
  forgottenTickets: list(words(...keptKinds)),
  ...outcome,
});

const shown: ResultShape<typeof status> = record({
  profile: nullable(text),
  user: record({
    associateId: integer,
    associate: nullable(text),
    fullName: nullable(text),
    role: nullable(text),
  }),
  url: text,
  tenant: nullable(text),
  transport: words(...transports),
  auth: words(...authSchemes),
  credentials: list(record({ secret, from: text })),
  expiresAt: nullable(instant),
  renewsItself: truth,
});

const printed: ResultShape<typeof token> = record({
  scheme: words('SOTicket', 'Bearer'),
  token: text,
  expiresAt: nullable(instant),
});

export const loginResults = {
  'auth login': loggedIn,
  'auth logout': loggedOut,
  'auth status': shown,
  'auth token': printed,
};
