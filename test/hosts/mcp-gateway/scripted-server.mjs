// An MCP server that does what its tools are called: well, badly, or not at all. Writes down what it got.
import { appendFileSync } from 'node:fs';

const log = process.argv.slice(2).at(-1) ?? '';
const names = [
  'echo',
  'slow',
  'secret',
  'big',
  'huge',
  'flood',
  'die',
  'hang',
  'twice',
  'garbage',
  'broken',
  'batch',
  'more',
  'delete_file',
];
const tools = names.map((name) => ({ name, inputSchema: { type: 'object' }, odd: 12345678901234567000 }));
const say = (text) => process.stdout.write(`${text}\n`);
const answer = (id, result) => say(JSON.stringify({ result, jsonrpc: '2.0', id }));
const text = (value) => ({ content: [{ type: 'text', text: value }], structuredContent: { value } });
const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');

const does = {
  echo: (id, { value }) => answer(id, text(value ?? '')),
  environment: (id, { name, as }) => answer(id, text(Buffer.from(process.env[name] ?? '').toString(as ?? 'utf8'))),
  argument: (id) => answer(id, text(process.argv.find((one) => one.startsWith('--token')))),
  slow: (id, { value, ms }) => setTimeout(() => answer(id, text(value)), ms),
  secret: (id) => answer(id, { ...text(`it is ${token}`), isError: true }),
  big: (id, { bytes }) => answer(id, text('x"\n'.repeat(bytes / 3))),
  huge: (id, { bytes }) => answer(id, text('x'.repeat(bytes))),
  flood: (id, { lines }) => {
    for (let n = 0; n < lines; n += 1) say(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { n } }));
    answer(id, text('flooded'));
  },
  die: () => process.exit(7),
  hang: () => undefined,
  twice: (id) => {
    answer(id, text(token));
    answer(id, text(token));
  },
  garbage: (id) => {
    say('this is no JSON');
    say(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":"${token}"}]}}`);
    say('{"jsonrpc":"2.0","id":');
    answer(id, text('after'));
  },
  broken: (id) => say(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content" []}}`),
  batch: (id) =>
    say(
      JSON.stringify([
        { jsonrpc: '2.0', method: 'notifications/message', params: {} },
        { jsonrpc: '2.0', id, result: text(token) },
      ]),
    ),
  later: (id, { task, era, ...script }) => {
    later.set(task, script);
    if (script.early) say(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tasks', params: { taskId: task, ...script.early } }));
    if (era === 'handshake') return answer(id, { task: { taskId: task, status: 'working' } });
    say(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"resultType":"t\\u0061sk","taskId":"${task}","status":"working"}}`);
  },
  raw: (id, { line }) => {
    say(line.replaceAll("'", '"'));
    answer(id, text('said'));
  },
  news: (id, { method, params }) => {
    say(JSON.stringify({ jsonrpc: '2.0', method, params }).replace('TOKEN', token));
    answer(id, text('told'));
  },
  more: (id, args, { inputResponses }) =>
    inputResponses === undefined
      ? answer(id, {
          resultType: 'input_required',
          inputRequests: { who: { method: 'elicitation/create', params: {} } },
          requestState: 'st4te',
        })
      : answer(id, text(`hello ${inputResponses.who.content.name}`)),
};

/** Of tasks: the states that are told one after the other, and the result. TOKEN stands for what a guardrail should find, HUGE for more than it can look through. */
const later = new Map();

function aboutTasks(id, method, { taskId, cursor }) {
  const { states = [], result = {} } = later.get(taskId) ?? {};
  if (method === 'tasks/list' && cursor !== undefined) return answer(id, { tasks: 'TOKEN' });
  if (method === 'tasks/list')
    return answer(id, {
      tasks: [...later.keys()].map((one) => ({ taskId: one, status: 'working', statusMessage: 'at work' })),
      more: 'text',
    });
  if (taskId === undefined || taskId === 'none')
    return say(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message: 'No such task' } }));
  if (method === 'tasks/result') return saying(id, result);
  if (method === 'tasks/get') return saying(id, { taskId, ...(states.length > 1 ? states.shift() : states[0]) });
  answer(id, { resultType: 'complete' });
}

function saying(id, result) {
  say(JSON.stringify({ jsonrpc: '2.0', id, result }).replace('TOKEN', token).replace('HUGE', 'x'.repeat(17_000_000)));
}

let rest = '';
process.stdin.setEncoding('utf8').on('data', (part) => {
  const lines = (rest + part).split('\n');
  rest = lines.pop();
  lines.forEach(take);
});
process.on('SIGTERM', () => process.exit(43));

function take(line) {
  if (log !== '') appendFileSync(log, `${line}\n`);
  const { id, method, params } = JSON.parse(line);
  if (method === 'tools/list') return answer(id, { tools });
  if (method === 'tools/call') return does[params.name]?.(id, params.arguments ?? {}, params);
  if (method?.startsWith('tasks/')) return aboutTasks(id, method, params ?? {});
  if (method === 'initialize')
    return answer(id, {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'scripted', version: '1' },
    });
  if (method === 'resources/read') return answer(id, { contents: [{ uri: params.uri, text: 'content' }] });
  if (method === 'odd/echo')
    return say(line.replace('"method":"odd/echo"', '"result":{"n":1.0,"big":12345678901234567890,"u":"\\u0041","n":2}'));
  if (id !== undefined) say(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no', extra: 1 } }));
}
