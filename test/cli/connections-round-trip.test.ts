/** Connections and connectors against a server that refuses what a real one would silently blank. */
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { documentOf } from '../support/expectations.ts';
import { type MachineHere, machineHere } from '../support/in-process.ts';

/** Runs commands as a user of one sandbox. */
async function sandboxUser(): Promise<MachineHere['run']> {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => sandbox.close());
  const env = { ERPSYNC_URL: sandbox.url, ERPSYNC_USERNAME: 'tje0', ERPSYNC_PASSWORD: 'Tje0' };
  const { run } = machineHere();
  return (args, options = {}) => run(args, { env, ...options });
}

test('when what get prints is edited and saved then it is so, and the password is what it was', async () => {
  const run = await sandboxUser();
  const get = ['connections', 'get', '124', '-o', 'json'];
  const before = documentOf(await run(get));
  const fields = before['configFields'] as object;
  const edited = { ...before, name: 'Visma Norge', configFields: { ...fields, User: 'svc-erp' } };
  const save = ['connections', 'save', '124', '--data', '-', '-o', 'json'];
  const saved = documentOf(await run(save, { input: JSON.stringify(edited) }));
  expect(saved['changes']).toEqual([
    { field: 'name', before: 'Visma Net', after: 'Visma Norge' },
    { field: 'configFields.User', before: 'superoffice', after: 'svc-erp' },
  ]);
  const open = documentOf(await run([...get, '--show-secrets']));
  const configFields = { ...fields, User: 'svc-erp', Password: 'visma-net-secret' };
  expect(open).toEqual({ ...before, name: 'Visma Norge', configFields });
});

test('when a connector gets a connection then it can be deleted after that one only', async () => {
  const run = await sandboxUser();
  const made = ['connectors', 'create', '--name', 'Navision', '--connector-url', 'plugin://navision'];
  const { id } = documentOf(await run([...made, '-o', 'json']));
  const config = ['Company=1', 'User=u', 'Password=geheim'].flatMap((field) => ['--config', field]);
  const save = ['connections', 'save', '--name', 'Navision', '--connector', String(id), ...config];
  const connection = documentOf(await run([...save, '-o', 'json']));
  expect((await run(['connections', 'test', String(connection['id'])])).exitCode).toBe(0);
  const remove = ['connectors', 'delete', String(id), '--yes'];
  const refused = await run(remove);
  expect(refused.exitCode).toBe(6);
  expect(refused.stderr).toContain(`its ERP connections are ${connection['id']} "Navision"`);
  const removed = await run(['connections', 'delete', String(connection['id']), '--yes']);
  expect(removed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await run(remove)).toMatchObject({ exitCode: 0, stdout: `Deleted connector ${id} "Navision".\n` });
});
