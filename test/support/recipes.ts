/** Pages of docs/ as data, and a machine on which what they say is done. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { type Finished, type Machine, machine } from './program.ts';
import { type ResyncServer, resyncServer } from './resync-server.ts';

/** The address that pages show, which tests replace by that of a server. */
export const shownUrl = 'https://crm.example.com/super';

/** The text of a page, and its blocks of one language, in order; of none, the indented ones. */
export function page(name: string): {
  readonly text: string;
  blocks(language: string): readonly string[];
} {
  const text = readFileSync(path.join('docs', name), 'utf8');
  return {
    text,
    blocks: (language) =>
      [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, is, block = '']) =>
        is === language ? [block] : [],
      ),
  };
}

/** A user with a profile `prod`, a list of keys in `keys.txt`, and `erpsync` on the path. */
export interface Worker {
  readonly user: Machine;
  readonly server: ResyncServer;
  readonly list: readonly number[];
  /** Runs a line as a shell of cron or of a pipeline does: no input, few variables. */
  run(line: string, env?: Readonly<Record<string, string>>): Promise<Finished>;
}

/** @param server what takes the keys; by default it takes all */
export async function worker(keys: number, server?: ResyncServer): Promise<Worker> {
  const user = machine();
  const taking = server ?? (await resyncServer());
  const added = await user.run(['profile', 'add', 'prod', '--url', taking.url, '--auth', 'none']);
  if (added.exitCode !== 0) throw new Error(added.stderr);
  const list = Array.from({ length: keys }, (_, index) => index + 1);
  writeFileSync(path.join(user.home, 'keys.txt'), list.join('\n'));
  // The server of the test knows nothing but resyncs.
  const program = `#!/bin/sh
if [ "$1" = force-resync ]; then set -- "$@" --no-check; fi
exec ${process.execPath} ${inject('program')} "$@"
`;
  writeFileSync(path.join(user.home, 'erpsync'), program, { mode: 0o755 });
  const own = { PATH: `${user.home}:${process.env['PATH'] ?? ''}`, HOME: user.home };
  return {
    user,
    server: taking,
    list,
    async run(line, env = {}) {
      const given = line.replaceAll(shownUrl, taking.url);
      const { exitCode, signal, stdout, stderr } = await execa('/bin/sh', ['-c', given], {
        cwd: user.home,
        env: { ...own, ...env },
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
      });
      return { exitCode, signal, stdout, stderr };
    },
  };
}

/** Keys in the order of numbers. */
export function sorted(keys: readonly number[]): number[] {
  return keys.toSorted((a, b) => a - b);
}
