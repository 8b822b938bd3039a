/** The options of every command. They stand before or after its name. */
import { counted, type Given, optional, toggle, withDefault } from './flags.ts';
import { choice, duration, text, wholeNumber } from './values.ts';

/** The forms of output. */
export const outputForms = ['table', 'json', 'ndjson', 'csv', 'yaml', 'ids'] as const;
export type OutputForm = (typeof outputForms)[number];

export const globalFlags = {
  profile: optional(text('name', 'profile'), 'the stored profile to use', {
    short: 'p',
    environment: 'ERPSYNC_PROFILE',
  }),
  output: withDefault(
    choice('form', outputForms),
    'table',
    'table, json, ndjson, yaml or, of lists, csv and ids',
    {
      short: 'o',
    },
  ),
  query: optional(
    text('JMESPath'),
    'print only what this takes of the JSON or YAML (-o json if nothing else is said)',
  ),
  quiet: toggle('print errors and the data asked for, nothing else', { short: 'q' }),
  verbose: counted('tell each request on stderr; -vv what goes over the wire, with secrets masked', {
    short: 'v',
  }),
  noColor: toggle('no colour, whatever the terminal can do'),
  noInput: toggle('never ask; what would be asked is an error instead'),
  yes: toggle('confirm what would be asked', { short: 'y' }),
  timeout: optional(
    duration(),
    'the longest time for one request, from connecting (30s at most) to the whole answer (default 100s; direct 10m)',
  ),
  retries: withDefault(
    wholeNumber('n', 0, 100),
    '4',
    'further tries of a request that was not sent or only reads',
  ),
  configDir: optional(text('dir'), 'where profiles and secrets are stored', {
    environment: 'ERPSYNC_CONFIG_DIR',
  }),
};

/** Their values. */
export type Globals = Given<typeof globalFlags>;
