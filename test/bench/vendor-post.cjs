// The same call with the vendor's own client, from the folder where the bench has installed it.
const { createRequire } = require('node:module');

const [, , folder, url, username, password] = process.argv;
const { ErpSyncAgent } = createRequire(`${folder}/`)('@superoffice/webapi');
const agent = new ErpSyncAgent(url, { auth: { username, password } });
agent.forceResyncBatchTaskAsync(124, [100, 959]).then(
  () => undefined,
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
