/** Secrets in a real secret service: gnome-keyring on a D-Bus session of its own, without a desktop. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { documentOf, expectRefusal } from '../support/expectations.ts';
import { type Finished, type Machine, machine } from '../support/program.ts';
import { startSandbox } from '../support/sandbox.ts';

/** The user's machine while somebody is logged in to its desktop. */
interface Desktop {
  readonly on: Machine;
  /** Runs erpsync in the session. */
  run(args: readonly string[], input?: string): Promise<Finished>;
  /** What the keychain holds for the service erpsync, each with its account. */
  entries(): Promise<ReadonlyMap<string, string>>;
  /** Somebody takes an entry away. */
  clear(account: string): Promise<void>;
  lock(): Promise<void>;
  /** The service stays on the bus and answers nothing. */
  hang(): void;
  wake(): void;
}

/** @param prompter what the bus starts when the keychain wants to ask a person */
async function desktop(prompter = '/bin/false'): Promise<Desktop> {
  const on = machine();
  const runtime = path.join(on.home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const base = { PATH: process.env['PATH'] ?? '', HOME: on.home, XDG_RUNTIME_DIR: runtime };
  const config = path.join(runtime, 'bus.conf');
  writeFileSync(config, busConfiguration(runtime));
  const name = 'org.gnome.keyring.SystemPrompter';
  const service = `[D-BUS Service]\nName=${name}\nExec=${prompter}\n`;
  writeFileSync(path.join(runtime, `${name}.service`), service);
  const bus = execa(
    'dbus-daemon',
    [`--config-file=${config}`, '--nofork', '--print-address', '--nopidfile'],
    {
      env: base,
      extendEnv: false,
      reject: false,
      stderr: 'ignore',
    },
  );
  const env = { ...base, DBUS_SESSION_BUS_ADDRESS: await firstText(bus.stdout) };
  const inSession = { env, extendEnv: false } as const;
  const keyring = execa('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    ...inSession,
    input: 'login-password',
    reject: false,
    stderr: 'ignore',
  });
  onTestFinished(async () => {
    keyring.kill('SIGKILL');
    bus.kill('SIGKILL');
    // What the bus has started may still hold it.
    bus.stdout.destroy();
    await Promise.all([keyring, bus]);
  });
  const call = (object: string, method: string, ...args: string[]) =>
    execa(
      'dbus-send',
      ['--session', '--print-reply', '--dest=org.freedesktop.secrets', object, method, ...args],
      inSession,
    );
  const secrets = '/org/freedesktop/secrets';
  const collection = `${secrets}/collection/login`;
  await until(async () => {
    const { stdout } = await call(secrets, 'org.freedesktop.Secret.Service.ReadAlias', 'string:default');
    return stdout.includes(collection);
  });
  return {
    on,
    run: (args, input) => on.run(args, { env, ...(input !== undefined && { input }) }),
    async entries() {
      const { stdout, stderr } = await execa('secret-tool', ['search', '--all', 'service', 'erpsync'], {
        ...inSession,
        reject: false,
      });
      const texts = [...stdout.matchAll(/^secret = (.*)$/gm)].map(([, text = '']) => text);
      const accounts = [...`${stdout}\n${stderr}`.matchAll(/^attribute\.username = (.*)$/gm)];
      return new Map(accounts.map(([, account = ''], index) => [account, texts[index] ?? '']));
    },
    async clear(account) {
      await execa('secret-tool', ['clear', 'service', 'erpsync', 'username', account], inSession);
    },
    async lock() {
      await call(secrets, 'org.freedesktop.Secret.Service.Lock', `array:objpath:${collection}`);
    },
    hang: () => void keyring.kill('SIGSTOP'),
    wake: () => void keyring.kill('SIGCONT'),
  };
}

/** A session bus that starts nothing but what is in a folder of the test. */
function busConfiguration(folder: string): string {
  return `<busconfig>
    <type>session</type>
    <listen>unix:dir=${folder}</listen>
    <servicedir>${folder}</servicedir>
    <policy context="default">
      <allow send_destination="*"/>
      <allow receive_sender="*"/>
      <allow own="*"/>
    </policy>
  </busconfig>`;
}

function firstText(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    stream.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    stream.once('end', () => reject(new Error('the bus did not start')));
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('the secret service did not come');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A sandbox, and a profile for it whose password is in the keychain or the file. */
async function prepared(store: 'file' | 'keychain', prompter?: string) {
  const at = await desktop(prompter);
  const { url, username, password } = await startSandbox(at.on);
  const login = ['--username', username, '--password-stdin', '--store', store];
  const added = await at.run(['profile', 'add', 'prod', '--url', url, ...login], password);
  expect(added).toMatchObject({ exitCode: 0 });
  return { at, url, password, added };
}

function file(on: Machine, name: 'config' | 'secrets') {
  return readFileSync(path.join(on.configDirectory, `${name}.json`), 'utf8');
}

const use = ['connections', 'list', '-o', 'ids'];

test('when a profile keeps its secrets in the keychain then they are there alone, with their origin, and are used', async () => {
  const { at, url, password, added } = await prepared('keychain');
  expect(added.stdout).toContain('(auth basic, password in the keychain)');
  const [[account = '', text = ''] = []] = await at.entries();
  expect(account.startsWith(`${at.on.configDirectory}/prod/password/`)).toBe(true);
  expect(JSON.parse(text)).toEqual({ origin: url, secret: password });
  expect(file(at.on, 'secrets')).toContain(account);
  expect(file(at.on, 'secrets') + file(at.on, 'config')).not.toContain(password);
  expect(await at.run(use)).toMatchObject({ exitCode: 0, stdout: '124\n125\n126\n', stderr: '' });
  for (const args of [
    ['profile', 'show'],
    ['profile', 'list'],
    ['config', 'explain'],
  ]) {
    const { stdout } = await at.run(args);
    expect(stdout).toContain('(keychain)');
    expect(stdout).not.toContain(password);
  }
  const exported = documentOf(await at.run(['profile', 'export']));
  expect(exported['profiles']).toMatchObject({ prod: { store: 'keychain' } });
  expect(JSON.stringify(exported)).not.toMatch(new RegExp(`${password}|/prod/password/`));
});

test('when secrets move to the keychain and back then they are in one place each time', async () => {
  const { at, url, password } = await prepared('file');
  expect((await at.entries()).size).toBe(0);
  const set = (store: string) => at.run(['profile', 'set', 'prod', '--store', store]);
  expect(await set('keychain')).toMatchObject({ exitCode: 0, stdout: 'Changed profile prod: store.\n' });
  expect(file(at.on, 'secrets')).not.toContain(password);
  expect([...(await at.entries()).values()]).toEqual([JSON.stringify({ origin: url, secret: password })]);
  expect(await at.run(use)).toMatchObject({ exitCode: 0 });
  expect(await set('file')).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(file(at.on, 'secrets')).profiles.prod).toEqual({ origin: url, password });
  expect((await at.entries()).size).toBe(0);
  expect(await at.run(use)).toMatchObject({ exitCode: 0 });
});

test('when a profile gets another name, other secrets, heirs, and goes, then the keychain follows', async () => {
  const { at, password } = await prepared('keychain');
  expect(await at.run(['profile', 'rename', 'prod', 'base'])).toMatchObject({ exitCode: 0 });
  expect(await at.run(['profile', 'add', 'heir', '--extends', 'base'])).toMatchObject({ exitCode: 0 });
  expect(await at.run([...use, '-p', 'heir'])).toMatchObject({ exitCode: 0 });
  const other = await at.run(['profile', 'set', 'base', '--password-stdin'], 'Other-1');
  expect(other).toMatchObject({ exitCode: 0, stdout: 'Changed profile base: password.\n' });
  expect([...(await at.entries()).values()]).toEqual([expect.stringContaining('"Other-1"')]);
  expect(await at.run([...use, '-p', 'heir'])).toMatchObject({ exitCode: 4 });
  expect(await at.run(['profile', 'set', 'heir', '--password-stdin'], password)).toMatchObject({
    exitCode: 0,
  });
  expect(await at.run([...use, '-p', 'heir'])).toMatchObject({ exitCode: 0 });
  expect((await at.entries()).size).toBe(2);
  for (const name of ['heir', 'base']) {
    expect(await at.run(['profile', 'remove', name])).toMatchObject({ exitCode: 0 });
  }
  expect((await at.entries()).size).toBe(0);
});

test('when another address is named then the secret in the keychain stays with its own', async () => {
  const { at, url } = await prepared('keychain');
  const elsewhere = 'http://127.0.0.1:9';
  expectRefusal(await at.run([...use, '-p', 'prod', '--url', elsewhere]), 3, [url, elsewhere]);
  const moved = await at.run(['profile', 'set', 'prod', '--url', elsewhere]);
  expectRefusal(moved, 3, ['belongs to', 'was not changed']);
  // Both files edited by hand: the keychain itself says where the secret belongs.
  for (const name of ['config', 'secrets'] as const) {
    const edited = file(at.on, name).replace(url, elsewhere);
    writeFileSync(path.join(at.on.configDirectory, `${name}.json`), edited);
  }
  expectRefusal(await at.run(use), 3, [`belongs to ${url}, not to ${elsewhere}`]);
});

test('when the service hangs then a call is given up after 3 s, and nothing is kept elsewhere instead', async () => {
  const { at, password } = await prepared('keychain');
  at.hang();
  const begun = performance.now();
  expectRefusal(await at.run(use), 4, [
    'the keychain of the system cannot be used: it does not answer within 3 s',
    '--store file',
  ]);
  expect(performance.now() - begun).toBeLessThan(10_000);
  const before = file(at.on, 'secrets');
  const set = await at.run(['profile', 'set', 'prod', '--password-stdin'], 'Other-1');
  expect(set.exitCode).toBe(4);
  expect(file(at.on, 'secrets')).toBe(before);
  const move = await at.run(['profile', 'set', 'prod', '--store', 'file']);
  expectRefusal(move, 4, ['does not answer']);
  at.wake();
  expect([...(await at.entries()).values()]).toContainEqual(expect.stringContaining(password));
  expect(await at.run(use)).toMatchObject({ exitCode: 0 });
});

test('when the service hangs then a profile is removed, and the command is told that takes away what stays', async () => {
  const { at } = await prepared('keychain');
  const [account = ''] = (await at.entries()).keys();
  at.hang();
  expectRefusal(await at.run(['profile', 'remove', 'prod']), 4, [
    'secrets stay in the keychain',
    `secret-tool clear username ${account} service erpsync`,
  ]);
  at.wake();
  expect(documentOf(await at.run(['profile', 'list', '-o', 'json']))).toMatchObject({ items: [] });
  await at.clear(account);
  expect(await at.entries()).toEqual(new Map());
});

test('when the keychain is locked then that is told, and a move changes nothing', async () => {
  const { at, password } = await prepared('file');
  await at.lock();
  const before = file(at.on, 'secrets');
  const move = await at.run(['profile', 'set', 'prod', '--store', 'keychain']);
  expectRefusal(move, 4, ['the keychain of the system cannot be used: it is locked', 'unlock it']);
  expect(file(at.on, 'secrets')).toBe(before);
  expect(before).toContain(password);
  const login = ['--url', 'https://a.example', '--username', 'u', '--password-stdin', '--store', 'keychain'];
  expectRefusal(await at.run(['profile', 'add', 'new', ...login, '-q'], 'x'), 4, ['is locked']);
  expect(documentOf(await at.run(['profile', 'list', '-o', 'json']))['items']).toHaveLength(1);
});

test('when the keychain waits for a person to unlock it then the call is given up after 3 s', async () => {
  const { at } = await prepared('keychain', '/bin/sleep 30');
  await at.lock();
  const begun = performance.now();
  expectRefusal(await at.run(use), 4, [
    'the keychain of the system cannot be used: it does not answer within 3 s',
    'unlock it',
  ]);
  const tookMs = performance.now() - begun;
  expect(tookMs).toBeGreaterThan(2_900);
  expect(tookMs).toBeLessThan(15_000);
});

test('when an entry was taken out of the keychain then that is told with what to do', async () => {
  const { at } = await prepared('keychain');
  const [account = ''] = (await at.entries()).keys();
  await at.clear(account);
  expectRefusal(await at.run(use), 4, [
    'is not in the keychain any more',
    'profile set prod --password-file',
  ]);
});
