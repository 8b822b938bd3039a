/**
 * What a value can be completed with: from the declarations and the files of this machine alone. No server, secret store
 * or command is asked, no lock is taken and nothing is written; what cannot be read has no candidates.
 */
import { join } from 'node:path';
import type { Host } from '../cli/context.ts';
import type { CommandEntry } from '../cli/define.ts';
import type { Completion, ValueParser } from '../cli/flags.ts';
import { configDirectory } from '../cli/run-context.ts';
import type { TypedLine } from '../cli/typed-line.ts';
import type { AddressPart } from '../profiles/address.ts';
import type { GivenSettings } from '../profiles/settings.ts';

/** A text that may stand at the cursor, and what it is. */
export interface Candidate {
  readonly text: string;
  readonly note?: string;
}

/** What a value can be. */
export interface ValueChoice {
  readonly candidates: readonly Candidate[];
  /** A path, beginning so many characters into the value: the shell completes those itself. */
  readonly path?: { readonly kind: 'files' | 'directories'; readonly from: number };
  /** Something has to follow each candidate, or may: a comma or a value. */
  readonly goesOn?: boolean;
}

/** Where values are completed. */
export interface Surroundings {
  readonly line: TypedLine;
  readonly host: Host;
  readonly commands: readonly CommandEntry[];
}

/** What a value that is typed as far as `text` can be. */
export async function valueChoice(
  { choices, suggestions = [], completes = 'nothing' }: ValueParser<unknown>,
  text: string,
  around: Surroundings,
): Promise<ValueChoice> {
  if (choices !== undefined) return { candidates: named(choices) };
  const found = await completions[completes](around, text, suggestions);
  // The members of a list are suggested one by one.
  if (found.path || completes.endsWith('-list')) return found;
  return { ...found, candidates: [...named(suggestions), ...found.candidates] };
}

type Completer = (
  around: Surroundings,
  text: string,
  suggestions: readonly string[],
) => ValueChoice | Promise<ValueChoice>;

const nothing: ValueChoice = { candidates: [] };

const completions: Readonly<Record<Completion, Completer>> = {
  nothing: () => nothing,
  file: () => pathFrom('files', 0),
  directory: () => pathFrom('directories', 0),
  'file-behind-at': (_, text) => (text.startsWith('@') ? pathFrom('files', 1) : nothing),
  'file-behind-equals': (_, text) =>
    text.includes('=') ? pathFrom('files', text.indexOf('=') + 1) : { ...nothing, goesOn: true },
  profile: async (around) => ({ candidates: await profiles(around) }),
  'profile-list': async (around, text) => listed(await profiles(around), text),
  connection: async (around) => ({ candidates: await connections(around) }),
  'connection-list': async (around, text, suggestions) =>
    listed([...named(suggestions), ...(await connections(around))], text),
  'connection-name': async (around) => ({
    candidates: (await connections(around)).flatMap(({ text, note }) =>
      note === undefined ? [] : [{ text: note, note: `ERP connection ${text}` }],
    ),
  }),
  run: async (around) => ({ candidates: (await runs(around)).flatMap(({ name, id }) => [...name, id]) }),
  'run-name': async (around) => ({ candidates: (await runs(around)).flatMap(({ name }) => name) }),
  operation: async () => {
    const { erpSync } = await import('../agent/contract.ts');
    return {
      candidates: Object.entries(erpSync).map(([name, { effect, parameters }]) => ({
        text: name,
        note: `${effect}: ${Object.keys(parameters).join(', ') || 'no parameters'}`,
      })),
    };
  },
  parameter: parameterChoice,
  'command-word': ({ commands, line: { words } }) => ({ candidates: commandWords(commands, words) }),
};

/** The words that commands may go on with. */
export function commandWords(
  commands: readonly CommandEntry[],
  path: readonly string[],
): readonly Candidate[] {
  const found = new Map<string, string[]>();
  for (const { path: words, summary } of commands) {
    if (!path.every((word, index) => words[index] === word)) continue;
    const word = words[path.length];
    if (word === undefined) continue;
    const rest = words.slice(path.length + 1).join(' ');
    found.set(word, [...(found.get(word) ?? []), rest === '' ? summary : rest]);
  }
  return [...found].map(([text, notes]) => ({ text, note: notes.join(', ') }));
}

function named(texts: readonly string[]): readonly Candidate[] {
  return texts.map((text) => ({ text }));
}

function pathFrom(kind: 'files' | 'directories', from: number): ValueChoice {
  return { candidates: [], path: { kind, from } };
}

/** The next member of a list with commas: none that is there already. */
function listed(candidates: readonly Candidate[], text: string): ValueChoice {
  const before = text.slice(0, text.lastIndexOf(',') + 1);
  const taken = before.split(',');
  const left = candidates.filter(({ text: each }) => !taken.includes(each));
  return { candidates: left.map(({ text: each, note }) => withNote(before + each, note)), goesOn: true };
}

function withNote(text: string, note: string | undefined): Candidate {
  return note === undefined || note === '' ? { text } : { text, note };
}

/** What was given last for a flag of every command or of the connection. */
function lastGiven({ given }: TypedLine, key: string): string | undefined {
  return given.get(key)?.at(-1);
}

function place({ host, line }: Surroundings) {
  return { directory: configDirectory({ configDir: lastGiven(line, 'configDir') }, host), uid: host.uid };
}

/** The stored profiles, also those that are not valid. */
async function profiles(around: Surroundings): Promise<readonly Candidate[]> {
  const { directory, uid } = place(around);
  const { checkDirectory } = await import('../files/file-safety.ts');
  const { readProfileFile } = await import('../profiles/profile-file.ts');
  if (!checkDirectory(directory, uid)) return [];
  const { entries } = readProfileFile(join(directory, 'config.json'), uid);
  return [...entries].map(([name, entry]) => withNote(name, addressIn(entry)));
}

/** Where a profile is, without what may stand in a URL besides: a password, for one. */
function addressIn(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { url, tenant } = entry as { readonly url?: unknown; readonly tenant?: unknown };
  if (typeof tenant === 'string') return tenant;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`.replace(/\/$/, '');
}

/** The connections that were listed last of the server that the command would call, by id. */
async function connections(around: Surroundings): Promise<readonly Candidate[]> {
  const server = await serverOf(around);
  if (server === undefined) return [];
  const { keptConnections } = await import('../profiles/connection-cache.ts');
  return keptConnections(place(around), server).map(({ id, name }) => withNote(String(id), name));
}

/** What the server that the command would call is known by. */
async function serverOf(around: Surroundings): Promise<string | undefined> {
  const { line, host } = around;
  const [{ openProfileStore }, { chooseProfile, effectiveAddress, namesServer }, inheritance, address] =
    await Promise.all([
      import('../profiles/store.ts'),
      import('../profiles/settings.ts'),
      import('../profiles/inheritance.ts'),
      import('../profiles/address.ts'),
    ]);
  // Texts as they are typed; what makes an address of them reads them by the rules of the settings.
  const said = Object.fromEntries(address.addressParts.map((part) => [part, lastGiven(line, part)])) as Pick<
    GivenSettings,
    AddressPart
  >;
  const given = { ...said, allowHttp: line.given.has('allowHttp') };
  const stored = await openProfileStore(place(around)).read();
  const { environment } = host;
  const circumstances = { environment, atTerminal: true, writes: false };
  const profile = chooseProfile(lastGiven(line, 'profile'), stored, circumstances, namesServer(given));
  const lineage = profile === undefined ? [] : inheritance.lineageOf(profile.value, stored.profiles);
  const found = effectiveAddress(given, lineage, environment);
  return found === undefined ? undefined : address.tenantNamed(found.value);
}

interface KnownRun {
  /** Its name, where it has one: of several runs of a name the one that is meant by it. */
  readonly name: readonly Candidate[];
  readonly id: Candidate;
}

/** The runs of this machine, the newest first. */
async function runs({ host }: Surroundings): Promise<readonly KnownRun[]> {
  const { listRuns } = await import('../resync/run-store.ts');
  const { direction } = await import('../resync/plan.ts');
  const { runPlace } = await import('./run-place.ts');
  const known = new Set<string>();
  const found = (await listRuns(runPlace({ host }))).runs.toSorted(
    ({ header: one }, { header: other }) => Date.parse(other.createdAt) - Date.parse(one.createdAt),
  );
  return found.map(({ header: { id, name, createdAt, source } }) => {
    const isLatest = name !== null && !known.has(name);
    if (name !== null) known.add(name);
    return {
      name: isLatest ? [{ text: name, note: `${createdAt}, ${direction(source)}` }] : [],
      id: { text: id, note: name === null ? direction(source) : `${name}, ${direction(source)}` },
    };
  });
}

/** `Name=` of the operation's parameters that are not given yet; behind it what the parameter can be. */
async function parameterChoice(around: Surroundings, text: string): Promise<ValueChoice> {
  const { erpSyncOperation, parameterOf } = await import('../agent/arguments.ts');
  const { erpSync } = await import('../agent/contract.ts');
  const { given, words } = around.line;
  const operation = erpSyncOperation(words[0] ?? '');
  const end = text.indexOf('=') + 1;
  if (end === 0) {
    const names = (given.get('field') ?? []).map((field) => field.split('=', 1)[0]?.toLowerCase());
    const left = Object.entries(erpSync[operation].parameters).filter(
      ([name]) => !names.includes(name.toLowerCase()),
    );
    return { candidates: left.map(([name, { kind }]) => ({ text: `${name}=`, note: kind })), goesOn: true };
  }
  if (text.startsWith('@', end)) return pathFrom('files', end + 1);
  const before = text.slice(0, end);
  const [name, type] = parameterOf(operation, before.slice(0, -1));
  const isConnection = type.kind === 'integer' && name.endsWith('ConnectionId');
  const values = isConnection ? await connections(around) : named(valuesOf(type));
  return { candidates: values.map(({ text: value, note }) => withNote(before + value, note)) };
}

function valuesOf(type: { readonly kind: string; readonly values?: object }): readonly string[] {
  if (type.kind === 'boolean') return ['true', 'false'];
  return type.kind === 'enum' ? Object.keys(type.values ?? {}) : [];
}
