// An MCP server over stdio whose tools do nothing, one for each name on its command line.
// What is left of a call's time is the client, and whatever hooks stand before the call.

const tools = process.argv.slice(2).map((name) => ({
  name,
  description: 'Does nothing.',
  inputSchema: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true },
}));

let rest = '';
// Not `readline`: it takes U+2028 for the end of a line.
for await (const text of process.stdin.setEncoding('utf8')) {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  lines.forEach(take);
}

function take(line) {
  const { id, method, params } = JSON.parse(line);
  // A notification expects no answer.
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer(method, params) })}\n`);
}

function answer(method, params) {
  switch (method) {
    case 'initialize':
      return {
        result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'lab', version: '1.0.0' } },
      };
    case 'tools/list':
      return { result: { tools } };
    case 'tools/call':
      return { result: { content: [{ type: 'text', text: 'nothing' }] } };
    case 'ping':
      return { result: {} };
    default:
      return { error: { code: -32601, message: `There is no ${method} here.` } };
  }
}
