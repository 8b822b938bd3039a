/** The flags that say where the server is and who calls; shared by all commands that talk to it. */
import { authSchemes } from '../profiles/profile.ts';
import { type Given, optional, toggle } from './flags.ts';
import { choice, text } from './values.ts';

const file = text('file');

export const connectionFlags = {
  url: optional(text('url'), "base URL of SuperOffice's web client", { environment: 'ERPSYNC_URL' }),
  auth: optional(choice('scheme', authSchemes), `how to log in: ${authSchemes.join(', ')}`, {
    environment: 'ERPSYNC_AUTH',
  }),
  username: optional(text('name'), 'user name for auth basic', { environment: 'ERPSYNC_USERNAME' }),
  allowHttp: toggle('allow http:// beyond this machine; everything, the password too, travels in the clear'),
  passwordStdin: toggle('read the password for auth basic from standard input', { readsStdin: true }),
  passwordFile: optional(file, 'read it from a file'),
  ticketStdin: toggle('read the ticket for auth ticket from standard input', { readsStdin: true }),
  ticketFile: optional(file, 'read it from a file'),
  tokenStdin: toggle('read the access token for auth bearer from standard input', { readsStdin: true }),
  tokenFile: optional(file, 'read it from a file'),
  appTokenStdin: toggle('read the application token (SO-AppToken) from standard input', { readsStdin: true }),
  appTokenFile: optional(file, 'read it from a file'),
};

/** Their values. */
export type ConnectionFlags = Given<typeof connectionFlags>;
