/** What `erpsync help` explains besides commands: a line for each topic, its page in a file of its own. */
import type { Page } from './help-page.ts';

/** A topic of help. */
export interface HelpTopic {
  /** As it is typed behind `erpsync help`. */
  readonly name: string;
  readonly summary: string;
  page(): Promise<Page>;
}

export const helpTopics: readonly HelpTopic[] = [
  {
    name: 'exit-codes',
    summary: 'what a script can rely on',
    page: async () => (await import('./topics/exit-codes.ts')).exitCodesPage(),
  },
  {
    name: 'environment',
    summary: 'variables that stand in for options',
    page: async () => (await import('./topics/environment.ts')).environmentPage(),
  },
  {
    name: 'output',
    summary: 'forms of output, and the JSON Schema of what each command prints',
    page: async () => (await import('./topics/output.ts')).outputPage(),
  },
  {
    name: 'options',
    summary: 'options that many commands share',
    page: async () => (await import('./topics/options.ts')).optionsPage(),
  },
  {
    name: 'secrets',
    summary: 'how passwords and tokens are given and kept',
    page: async () => (await import('./topics/secrets.ts')).secretsPage(),
  },
  {
    name: 'internal-keys',
    summary: 'which numbers a resync takes',
    page: async () => (await import('./topics/internal-keys.ts')).internalKeysPage(),
  },
];
