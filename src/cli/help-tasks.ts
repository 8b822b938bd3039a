/** What people come for, and the commands for it: the first page of help, by the first words of commands. */

/** A task. */
export interface HelpTask {
  readonly heading: string;
  /** First words, in the order of the page; a group of commands is one line. */
  readonly words: readonly string[];
}

export const helpTasks: readonly HelpTask[] = [
  { heading: 'Resync', words: ['force-resync', 'resume', 'sync'] },
  { heading: 'Look at what happened', words: ['runs', 'tasks', 'keys', 'log'] },
  {
    heading: 'Connections and what they are made of',
    words: ['connections', 'connectors', 'links', 'mappings'],
  },
  { heading: 'Sync engine', words: ['engine'] },
  { heading: 'Profiles and login', words: ['profile', 'auth', 'config', 'doctor'] },
  { heading: 'Scripts, and trying out', words: ['call', 'api', 'sandbox', 'completion', 'help'] },
];

/** What the commands of a group are about, by its word. */
export const groupSummaries: Readonly<Record<string, string>> = {
  runs: 'the runs of this machine: what each was to do, and what became of its keys',
  tasks: 'the batch tasks of the server: what it makes of a resync',
  keys: 'internal keys: the numbers under which SuperOffice keeps synchronised records',
  connections: 'ERP connections: look at them, test, switch and change them',
  connectors: 'sync connectors: the services through which connections reach ERP systems',
  links: 'links between CRM records and ERP actors',
  mappings: 'which fields and list items of SuperOffice and the ERP system go together',
  engine: 'the sync engine: whether it runs, how often, and how to have it stand still',
  profile: 'stored profiles: address, login and secrets of each server',
  auth: 'logins: with a browser, who we are, and an end to it',
  config: 'effective settings, and where they are stored',
};
