/**
 * The main job, shown on an embedded server: starts the sandbox on a free port, stores a profile in a
 * temporary directory, runs the command line, and asks the server what became of it. Ends with 1 if
 * anything is not as it should be, and always cleans up.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = process.env.ERPSYNC_BIN ?? fileURLToPath(new URL('../bin/erpsync.js', import.meta.url));
const directory = mkdtempSync(path.join(tmpdir(), 'erpsync-demo-'));
const environment = {
  PATH: process.env.PATH,
  HOME: directory,
  ERPSYNC_CONFIG_DIR: path.join(directory, 'config'),
};
const requestLog = path.join(directory, 'requests.ndjson');
const keys = [100, 959];

/** Starts erpsync with a command line as it would be typed, and says so. */
function start(commandLine, { shown = true, input } = {}) {
  if (shown) process.stdout.write(`\n$ ${commandLine}\n`);
  const [, ...args] = commandLine.split(' ');
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const child = spawn(process.execPath, [program, ...args], {
    env: environment,
    stdio: [stdin, 'pipe', 'inherit'],
  });
  child.stdin?.end(input);
  return child;
}

async function run(commandLine, options) {
  const child = start(commandLine, options);
  child.stdout.pipe(process.stdout, { end: false });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${commandLine} ended with ${code}`);
}

async function startSandbox() {
  const child = start(`erpsync sandbox --log ${requestLog}`);
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(child, 'close').then(() => assert.fail('the sandbox did not start')),
  ]);
  process.stdout.write(`${line}\n`);
  return { child, server: JSON.parse(line) };
}

/** The batch tasks of the caller, asked as SuperOffice's REST API has it. */
async function batchTasks({ url, username, password }) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers = {
    Authorization: authorization,
    Accept: 'application/json',
    'Content-Type': 'application/json',
  };
  const principal = await fetch(`${url}/api/v1/User/currentPrincipal`, { headers });
  const { AssociateId } = await principal.json();
  const body = JSON.stringify({ AssociateIds: [AssociateId] });
  const operation = `${url}/api/v1/Agents/Batch/GetBatchTaskInfosByAssociates`;
  const answer = await fetch(operation, { method: 'POST', headers, body });
  assert.equal(answer.status, 200);
  return await answer.json();
}

/** The requests for a resync that reached the server, from its own log. */
function resyncRequests() {
  const lines = readFileSync(requestLog, 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ operation }) => operation === 'ForceResyncBatchTask');
}

/** Watches the one task until it has ended, and shows each change. */
async function watchTask(server) {
  const deadline = Date.now() + 30_000;
  for (let shown = ''; ; await wait(300)) {
    const [task, ...others] = await batchTasks(server);
    assert.ok(task, 'the server started no batch task');
    assert.equal(others.length, 0, 'the server started more than one batch task');
    const line = `batch task ${task.Id} ${task.Name}: ${task.State}, ${task.ProgressPercent} %, ${task.Request}`;
    if (line !== shown) process.stdout.write(`${line}\n`);
    shown = line;
    if (task.State === 'Succeeded') return task;
    assert.notEqual(task.State, 'Failed', task.Response);
    assert.ok(Date.now() < deadline, 'the batch task did not end within 30 s');
  }
}

let sandbox;
try {
  sandbox = await startSandbox();
  const { url, username, password } = sandbox.server;
  assert.deepEqual(await batchTasks(sandbox.server), [], 'there is a batch task before anything was sent');
  await run(`erpsync profile add sandbox --url ${url} --username ${username} --password-stdin`, {
    input: password,
  });
  await run(`erpsync force-resync --connection 124 --ids ${keys.join(',')}`);
  process.stdout.write('\nWhat the server made of it:\n');
  const [request, ...others] = resyncRequests();
  assert.equal(others.length, 0, 'more than one request for a resync was sent');
  assert.deepEqual(request?.keys, keys, 'the request was for other keys');
  process.stdout.write(
    `${request.method} ${request.path} with the keys ${request.keys.join(', ')}: HTTP ${request.status}\n`,
  );
  const task = await watchTask(sandbox.server);
  assert.match(task.Request, /\b124\b.*\b2\b/, 'the task is for something else');
  process.stdout.write(`${task.Response}\n`);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`demo failed: ${error.message}\n`);
} finally {
  if (sandbox) {
    const ended = once(sandbox.child, 'close');
    sandbox.child.kill();
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
}
