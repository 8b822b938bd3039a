// What the main job costs at least: the same body to the same server with nothing but node:http.
import http from 'node:http';

const [, , url, authorization] = process.argv;
const body = '{"ErpConnectionId":124,"InternalKeyIds":[100,959]}';
const headers = {
  Authorization: authorization,
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': Buffer.byteLength(body),
};
const request = http.request(
  `${url}/api/v1/Agents/ErpSync/ForceResyncBatchTask`,
  { method: 'POST', headers, agent: false },
  (response) => {
    process.exitCode = response.statusCode === 204 ? 0 : 1;
    response.resume();
  },
);
request.end(body);
