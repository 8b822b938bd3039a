import { connectionFlags } from '../connection-flags.ts';
import { explained } from '../flags.ts';
import { globalFlags } from '../globals.ts';
import { flagRows, flagSections } from '../help-flags.ts';
import type { Page } from '../help-page.ts';

/** `erpsync help options`: the options of every command, and those of all that talk to the server. */
export function optionsPage(): Page {
  return [
    {
      content: [
        'Options that many commands share. Those of every command may also stand before its name. What is stored in a profile need not be given again: erpsync profile add --help',
      ],
    },
    {
      heading: 'Options of every command',
      content: [{ rows: flagRows({ ...globalFlags }) }],
    },
    ...flagSections(explained(connectionFlags)),
  ];
}
