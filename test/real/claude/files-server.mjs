// An MCP server over stdio that really writes and reads files: what an agent could use instead of its own tools.
import { readFileSync, writeFileSync } from 'node:fs';

const tools = {
  write_file: ({ path, content }) => void writeFileSync(path, content),
  read_text_file: ({ path }) => readFileSync(path, 'utf8'),
};

let rest = '';
for await (const text of process.stdin.setEncoding('utf8')) {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  lines.forEach(take);
}

function take(line) {
  const { id, method, params } = JSON.parse(line);
  // A notification expects no answer.
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) })}\n`);
}

function answer(method, params) {
  if (method === 'initialize')
    return { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'files', version: '1.0.0' } };
  if (method === 'tools/list')
    return { tools: Object.keys(tools).map((name) => ({ name, description: name, inputSchema: { type: 'object', properties: {} } })) };
  if (method === 'tools/call') return { content: [{ type: 'text', text: String(tools[params.name](params.arguments)) }] };
  return {};
}
