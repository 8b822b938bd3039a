/** A sync engine that a test watches, and what runs `erpsync engine` against it. */
import { machineHere } from './in-process.ts';
import { type Finished, type Machine, machine, type RunOptions } from './program.ts';
import { type Received, type Reply, tenantServer } from './tenant-server.ts';

/** An engine that does what it is asked after some looks at it. */
export function engine(
  { running = true, looks = 0, interval = '00:15:00' },
  other: (request: Received, asked: number) => Reply | undefined = () => undefined,
) {
  let left = 0;
  let now = running;
  let wanted = running;
  let asked = 0;
  const status = (): Reply => ({
    status: 200,
    body: { IsRunning: now, StatusMessage: 'NO:"Hviler";US:"Rests"', Interval: interval },
  });
  return (request: Received): Reply => {
    if (request.operation === 'ChangeEngineStatus') {
      asked++;
      const reply = other(request, asked);
      if (reply) return reply;
      wanted = JSON.parse(request.body).Run;
      left = looks;
    }
    if (request.operation === 'ChangeEngineInterval') return { status: 204 };
    if (left-- <= 0) now = wanted;
    return status();
  };
}

/** What a run left, and what the server saw of it. */
interface EngineRun {
  readonly user: Pick<Machine, 'home' | 'run'>;
  readonly finished: Finished;
  /** The bodies of ChangeEngineStatus. */
  readonly asked: readonly unknown[];
  readonly operations: readonly string[];
  bodiesOf(operation: string): unknown[];
}

/** Starts a server before the tests of the file and returns its tenants, and what runs commands against one. */
export function engineRunner() {
  const tenant = tenantServer();
  async function run(
    args: readonly string[],
    react: (request: Received) => Reply,
    options: RunOptions = {},
  ): Promise<EngineRun> {
    const { url, requests, bodiesOf } = tenant(react);
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const flags = ['--url', url, '--auth', 'none', '--retries', '0'];
    // With a program to run, that is one of its own.
    const user = args.includes('--') ? machine() : machineHere();
    const finished = await user.run(['engine', ...args.slice(0, end), ...flags, ...args.slice(end)], options);
    const operations = requests.map(({ operation }) => operation);
    return { user, finished, bodiesOf, asked: bodiesOf('ChangeEngineStatus'), operations };
  }
  return { tenant, run };
}

/** The bodies that ask the engine to stop and to start. */
export const [stop, start] = [{ Run: false }, { Run: true }];
