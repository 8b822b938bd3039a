// Takes any number of resyncs. With a number as its argument it says "full" after so many and answers no more
// until SIGUSR2; then it says "came" at the next request.
import http from 'node:http';

const most = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
let requests = 0;
let isFull = false;
const say = (text) => process.stdout.write(`${text}\n`);
const server = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    requests++;
    if (requests === most + 1) {
      isFull = true;
      say('full');
    } else if (!isFull) {
      if (requests > most + 1) say('came');
      response.writeHead(204).end();
    }
  });
});
process.on('SIGUSR2', () => {
  isFull = false;
  requests = most + 1;
});
server.listen(0, '127.0.0.1', () => say(`http://127.0.0.1:${server.address().port}`));
