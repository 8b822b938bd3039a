/** Runs `erpsync api` against a socket that answers everything with one reaction. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runHere } from './in-process.ts';
import { type Finished, machine, type RunOptions } from './program.ts';
import { noContent, type Reaction, wireServer } from './wire-server.ts';

/** What a run may have besides its arguments. */
interface Options extends RunOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly auth?: readonly string[];
}

/** A request against a server that answers everything with one reaction, below the base path /crm. */
export async function api(args: readonly string[], reaction: Reaction = noContent, options: Options = {}) {
  const server = await wireServer(() => reaction);
  const line = ['api', ...args, '--url', `${server.url}/crm`, ...(options.auth ?? ['--auth', 'none'])];
  const finished =
    options.files === undefined ? await runHere(line, options) : await runWithFiles(line, options);
  return { finished, requests: server.requests, url: `${server.url}/crm` };
}

async function runWithFiles(line: readonly string[], { files = {}, ...options }: Options): Promise<Finished> {
  const user = machine();
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(user.home, name), content);
  return await user.run(line, options);
}

/** Request line, head and body of a request. */
export function parts(request = ''): { line: string; head: string; body: string } {
  const [head = '', ...body] = request.split('\r\n\r\n');
  return {
    line: (head.split('\r\n', 1)[0] ?? '').replace(/ HTTP\/1\.1$/, ''),
    head,
    body: body.join('\r\n\r\n'),
  };
}
