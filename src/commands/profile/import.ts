import { readFile } from 'node:fs/promises';
import type { Context } from '../../cli/context.ts';
import { defineCommand } from '../../cli/define.ts';
import { argument, flagName, toggle } from '../../cli/flags.ts';
import { missingInWords } from '../../cli/secret-input.ts';
import { storedProfiles } from '../../cli/stored-profiles.ts';
import { text } from '../../cli/values.ts';
import { unreadable } from '../../error-words.ts';
import { configError, systemErrorCode } from '../../errors.ts';
import { secretsOf } from '../../identity/credentials.ts';
import { misplacedSecret } from '../../identity/placement.ts';
import { commandOf, heldSecrets, inherited, lineageOf } from '../../profiles/inheritance.ts';
import { readPortable } from '../../profiles/portable.ts';
import { noExport } from '../../profiles/portable-text.ts';
import type { SecretName } from '../../profiles/profile.ts';
import type { StoreView } from '../../profiles/store.ts';

/** An import is a page of text, not a dump (bytes). */
const largestImport = 16 * 1024 * 1024;

/** A profile that was imported, and the secrets that its login needs and does not have. */
interface Imported {
  readonly name: string;
  readonly missing: readonly SecretName[];
}

export default defineCommand({
  path: ['profile', 'import'],
  summary: 'add the profiles of an export',
  description: [
    'All of them or none: a name that is stored already is an error. What could weaken the network or run code',
    'is left out and named, unless --trust says that the file is yours. Secrets are given afterwards.',
  ],
  effect: 'write',
  arguments: {
    file: argument(
      text('file'),
      'the file that "erpsync profile export" wrote, as JSON or YAML; - is standard input',
    ),
  },
  flags: { trust: toggle('also take over what could weaken the network or run code') },
  examples: [
    { run: 'erpsync profile import profiles.json', why: 'what "erpsync profile export" wrote elsewhere' },
    {
      run: 'erpsync profile import profiles.json --trust',
      why: 'also its proxies, CAs and other settings of the network',
    },
  ],
  exitCodes: [12],
  async run({ file, trust }, context) {
    const from = file === '-' ? 'standard input' : file;
    const content = await contentOf(file, from, context);
    const { profiles, dropped } = await readPortable(content, from, trust);
    const store = storedProfiles(context);
    const entries = new Map([...profiles].map(([name, profile]) => [name, { profile, secrets: undefined }]));
    let imported: readonly Imported[] = [];
    await store.addAll(entries, (after) => {
      for (const name of profiles.keys()) {
        const problem = misplacedSecret(name, after)?.problem;
        if (problem === undefined) continue;
        throw configError({
          what: `nothing was imported from ${from}`,
          why: problem,
          next: 'correct "url" or "extends" there, and run the same command again',
        });
      }
      imported = [...profiles.keys()].map((name) => ({ name, missing: missingOf(name, after) }));
    });
    for (const { profile, member } of dropped) {
      const flag = member === 'allowHttp' ? flagName(member) : `${flagName(member)} <value>`;
      const could = member === 'credentialCommand' ? 'would run a program' : 'would weaken the network';
      context.warn(
        `left out ${member} of profile "${profile}", which ${could}; if you trust the file, import it with --trust, or run: erpsync profile set ${profile} ${flag}`,
      );
    }
    return { imported, dropped, file: store.configFile };
  },
  render({ imported }) {
    if (imported.length === 0) return 'There was no profile to import.';
    const count = imported.length === 1 ? '1 profile' : `${imported.length} profiles`;
    const missing = imported
      .filter((each) => each.missing.length > 0)
      .map(({ name, missing: kinds }) => missingInWords(name, kinds));
    const names = imported.map(({ name }) => name).join(', ');
    return `Imported ${count}, without secrets: ${names}.${missing.join('')}`;
  },
});

function missingOf(name: string, { profiles, secretsOf: stored }: StoreView): readonly SecretName[] {
  const line = lineageOf(name, profiles);
  if (commandOf(line) !== undefined) return [];
  const held = heldSecrets(line, stored);
  return secretsOf[inherited(line, 'auth') ?? 'basic'].filter((kind) => held[kind] === undefined);
}

async function contentOf(file: string, from: string, { host }: Context): Promise<string> {
  if (file !== '-') {
    try {
      return sized(await readFile(file), from);
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      throw unreadable('config', from, error, 'name a file that was written with: erpsync profile export');
    }
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of host.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largestImport) break;
  }
  return sized(Buffer.concat(chunks), from);
}

function sized(content: Buffer, from: string): string {
  if (content.length <= largestImport) return content.toString('utf8');
  throw noExport(from, `it has more than ${largestImport} bytes, which no export has`);
}
