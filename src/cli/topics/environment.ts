import { secretSources } from '../../identity/secrets.ts';
import { connectionFlags, runFlags } from '../connection-flags.ts';
import { flagName } from '../flags.ts';
import { globalFlags } from '../globals.ts';
import type { Page } from '../help-page.ts';

/** `erpsync help environment`: the variables that stand in for flags, and the others that are obeyed. */
export function environmentPage(): Page {
  const flags = Object.entries({ ...globalFlags, ...connectionFlags, ...runFlags });
  const variables = flags.flatMap(([key, { environment, summary }]) =>
    environment === undefined ? [] : [[environment, `${flagName(key)}: ${summary}`] as const],
  );
  return [
    {
      content: ['Environment variables. An option goes before its variable, a variable before the profile.'],
    },
    { heading: 'In place of options', content: [{ rows: variables }] },
    {
      heading: 'Secrets',
      content: [
        {
          rows: Object.values(secretSources).map(({ variable, words, use }) => [
            variable,
            `the ${words} ${use}`,
          ]),
        },
      ],
    },
    {
      heading: 'Others that are obeyed',
      content: [
        {
          rows: [
            [
              'ERPSYNC_STATE_DIR',
              'where runs and locks are kept; else XDG_STATE_HOME, or the place of the platform',
            ],
            ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'the proxy for other machines, as usual'],
            ['GITHUB_STEP_SUMMARY', 'a file that a run adds its summary to'],
            ['NO_COLOR, FORCE_COLOR, TERM, CI', 'colour, as usual'],
            ['NODE_EXTRA_CA_CERTS', 'a PEM file with further trusted CAs'],
          ],
        },
      ],
    },
    { heading: 'More', lead: 'erpsync config explain' },
  ];
}
