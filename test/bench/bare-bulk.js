// What a bulk run costs at least: the same bodies over undici, so many at a time, with nothing written down.
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

const [, , url, file, chunkSize, concurrency] = process.argv;
const keys = readFileSync(file, 'utf8').split('\n').filter(Boolean);
const pool = new Pool(url, { connections: Number(concurrency), pipelining: 1 });
let next = 0;
async function work() {
  while (next < keys.length) {
    const part = keys.slice(next, next + Number(chunkSize));
    next += Number(chunkSize);
    const body = `{"ErpConnectionId":0,"InternalKeyIds":[${part.join(',')}]}`;
    const { statusCode, body: answer } = await pool.request({
      path: '/api/v1/Agents/ErpSync/ForceResyncBatchTask',
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
    });
    await answer.dump();
    if (statusCode !== 204) throw new Error(`HTTP ${statusCode}`);
  }
}
await Promise.all(Array.from({ length: Number(concurrency) }, work));
await pool.close();
