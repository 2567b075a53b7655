// A collector for tests: `collector.ts FILE PORT` appends each request to FILE as a line, and then answers it. Prints its port.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const [file = '', port = '0'] = process.argv.slice(2);
const server = createServer((request, response) => {
  void text(request).then((body) => {
    appendFileSync(file, `${body}\n`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
  });
});
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' ? address?.port : port));
});
