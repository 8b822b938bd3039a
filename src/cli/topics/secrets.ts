import { secretsOf } from '../../identity/credentials.ts';
import { secretSources } from '../../identity/secrets.ts';
import { authSchemes } from '../../profiles/setting-table.ts';
import type { Page } from '../help-page.ts';

/** `erpsync help secrets`: where a secret can come from, where it is kept, and where it goes. */
export function secretsPage(): Page {
  return [
    {
      content: [
        'Secrets are never given on the command line, where other users of the machine could read them, and never shown in output, logs or errors.',
      ],
    },
    {
      heading: 'What each login needs',
      content: [
        {
          rows: authSchemes.map((auth) => [
            `--auth ${auth}`,
            secretsOf[auth].map((name) => secretSources[name].words).join(' and ') || 'nothing',
          ]),
        },
      ],
    },
    {
      heading: 'How each is given',
      content: [
        {
          rows: Object.values(secretSources).map(({ words, flag, variable }) => [
            words,
            `${flag}-file <file>, ${flag}-stdin or ${variable}`,
          ]),
        },
      ],
    },
    {
      heading: 'Examples',
      content: [
        '  erpsync profile add prod --url https://crm.example.com/super --username svc-erp --password-file password.txt',
        { note: 'keeps it with the profile; at a terminal it is asked for instead' },
        '  erpsync profile set prod --password-file password.txt',
        { note: 'a new one' },
      ],
    },
    {
      content: [
        'What is stored stands apart from the profiles, readable by you alone (see: erpsync config path), and goes only to the address that it was stored for: scheme, host and port; Online environment and tenant.',
      ],
    },
  ];
}
