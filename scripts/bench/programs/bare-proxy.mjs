// The least that a gateway could be: whole lines from one side to the other, and nothing read.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
join(process.stdin, child.stdin);
join(child.stdout, process.stdout);
process.stdin.on('end', () => child.stdin.end());
child.on('close', (code) => process.exit(code ?? 1));

function join(from, to) {
  let parts = [];
  from.on('data', (bytes) => {
    let at = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, at)) {
      parts.push(bytes.subarray(at, end + 1));
      to.write(parts.length === 1 ? parts[0] : Buffer.concat(parts));
      parts = [];
      at = end + 1;
    }
    if (at < bytes.length) parts.push(bytes.subarray(at));
  });
}
