// An MCP server over stdio that tells what stands in a file, as text or as data, and writes down what it is told.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , told, heard] = process.argv;
const tools = {
  text: () => ({ content: [{ type: 'text', text: readFileSync(told, 'utf8') }] }),
  data: () => ({
    content: [{ type: 'text', text: JSON.stringify(dataOf(readFileSync(told, 'utf8'))) }],
    structuredContent: dataOf(readFileSync(told, 'utf8')),
  }),
  hear: ({ text }) => {
    writeFileSync(heard, text);
    return { content: [{ type: 'text', text: 'heard' }] };
  },
};

let rest = '';
for await (const text of process.stdin.setEncoding('utf8')) {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  lines.forEach(take);
}

function dataOf(text) {
  return { count: text.split('\n').length, lines: text.split('\n'), fine: true };
}

function take(line) {
  const { id, method, params } = JSON.parse(line);
  // A notification expects no answer.
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) })}\n`);
}

function answer(method, params) {
  if (method === 'initialize')
    return { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'telling', version: '1.0.0' } };
  if (method === 'tools/list')
    return { tools: Object.keys(tools).map((name) => ({ name, description: name, inputSchema: { type: 'object', properties: {} } })) };
  if (method === 'tools/call') return tools[params.name](params.arguments ?? {});
  return {};
}
