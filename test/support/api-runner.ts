/** Runs `erpsync api` against a socket that answers everything with one reaction. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { machine, type RunOptions } from './program.ts';
import { noContent, type Reaction, wireServer } from './wire-server.ts';

/** What a run may have besides its arguments. */
interface Options extends RunOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly auth?: readonly string[];
}

/** A request against a server that answers everything with one reaction, below the base path /crm. */
export async function api(args: readonly string[], reaction: Reaction = noContent, options: Options = {}) {
  const server = await wireServer(() => reaction);
  const user = machine();
  for (const [name, content] of Object.entries(options.files ?? {}))
    writeFileSync(path.join(user.home, name), content);
  const auth = options.auth ?? ['--auth', 'none'];
  const finished = await user.run(['api', ...args, '--url', `${server.url}/crm`, ...auth], options);
  return { finished, requests: server.requests, url: `${server.url}/crm` };
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
