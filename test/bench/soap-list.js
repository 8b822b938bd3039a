/** How fast a long list comes in over SOAP: the whole program, from its start to the last line. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const connections = 50_000;

function answer() {
  const nothing = '<TableRight i:nil="true"/><FieldProperties/>';
  const one = (id) =>
    `<ErpConnection>${nothing}<ErpConnectionId>${id}</ErpConnectionId><ErpConnectorId>17</ErpConnectorId><DisplayName>Company ${id}</DisplayName><DisplayDescription/><Active>true</Active><ConnectionId>0b6c2f5e-7a4d-4f43-9b1e-1f8f0f8a1c2d</ConnectionId><Deleted>false</Deleted><AllAccess>true</AllAccess></ErpConnection>`;
  const list = Array.from({ length: connections }, (_, index) => one(index + 1)).join('');
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetAllConnectionsResponse xmlns="http://www.superoffice.net/ws/crm/NetServer/Services88" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Response>${list}</Response></GetAllConnectionsResponse></s:Body></s:Envelope>`;
}

if (isMainThread) {
  const home = mkdtempSync(path.join(tmpdir(), 'erpsync-bench-'));
  const worker = new Worker(fileURLToPath(import.meta.url));
  worker.once('message', ({ url, bytes }) => {
    const program = fileURLToPath(new URL('../../bin/erpsync.js', import.meta.url));
    const args = ['connections', 'list', '-o', 'ids', '--transport', 'soap', '--auth', 'none', '--url', url];
    const env = { PATH: process.env.PATH, HOME: home };
    const times = Array.from({ length: 5 }, () => {
      const startedAt = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], { env, maxBuffer: 1 << 26 });
      if (status !== 0) throw new Error(String(stderr));
      return performance.now() - startedAt;
    });
    const median = times.toSorted((a, b) => a - b)[2];
    const speed = bytes / 1_000 / median;
    const what = `${connections} connections over SOAP (${(bytes / 1e6).toFixed(0)} MB)`;
    process.stdout.write(
      `${what.padEnd(46)} ${median.toFixed(0)} ms from start to end = ${speed.toFixed(1)} MB/s\n`,
    );
    rmSync(home, { recursive: true, force: true });
    void worker.terminate();
  });
} else {
  const body = Buffer.from(answer());
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' }).end(body));
  });
  server.listen(0, '127.0.0.1', () => {
    parentPort.postMessage({ url: `http://127.0.0.1:${server.address().port}`, bytes: body.length });
  });
}
