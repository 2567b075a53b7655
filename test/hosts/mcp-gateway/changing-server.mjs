// An MCP server whose tools and instructions are what a file says, each time that it is asked.
import { readFileSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);
const shown = () => JSON.parse(readFileSync(file, 'utf8'));
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

let text = '';
process.stdin.setEncoding('utf8').on('data', (part) => {
  text += part;
  const lines = text.split('\n');
  text = lines.pop() ?? '';
  lines.forEach((line) => answer(JSON.parse(line)));
});

function answer({ id, method, params }) {
  const { tools, instructions } = shown();
  if (method === 'initialize')
    say({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'changing', version: '1' },
        instructions,
      },
    });
  else if (method === 'tools/list') say({ id, result: { tools } });
  else if (method === 'tools/call') say({ id, result: { content: [{ type: 'text', text: `${params.name} ran` }] } });
  else if (id !== undefined) say({ id, error: { code: -32601, message: 'no' } });
}
