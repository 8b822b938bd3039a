import type { Page } from '../help-page.ts';

/** `erpsync help internal-keys`: three numbers that are easily taken for each other. */
export function internalKeysPage(): Page {
  return [
    {
      content: [
        'A record that is synchronised has up to three keys. A forced resync takes any of them, and sends internal keys or ERP keys to the server.',
      ],
    },
    {
      content: [
        {
          rows: [
            [
              'internal key',
              'the number under which SuperOffice keeps a synchronised record (table ErpInternalKey); the same for all connections: --ids, --ids-file',
            ],
            [
              'CRM record id',
              'the number of a company, person, project or sale in SuperOffice; its internal key is asked for: --company, --person, --project, --sale',
            ],
            [
              'ERP key',
              'the key of the record in the ERP system, any text: --external-keys with --actor-type and --connection',
            ],
          ],
        },
      ],
    },
    {
      heading: 'Examples',
      content: [
        '  erpsync keys list --connection 124',
        { note: 'the internal keys of an ERP connection' },
        '  erpsync keys resolve --company 12',
        { note: 'the internal key of a company' },
        '  erpsync force-resync --connection 124 --ids 100,959,2000-2999 --dry-run',
        { note: 'internal keys and ranges of them' },
      ],
    },
    {
      content: [
        'A list without keys is refused: to the server it would mean every record, which takes --all.',
      ],
    },
  ];
}
