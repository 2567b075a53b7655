/** The server that the conformance suite expects: its tools, resources and prompts, as the official SDK serves them in both eras. */
import { fromJsonSchema, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { askingPrompt, askingTools, states } from './asking.mjs';
import { from, image, object, resource, string, text } from './content.mjs';
import { plainTools } from './tools.mjs';

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true },
  completions: {},
  logging: {},
};

/** One for each session, and since there are none, for each request. `notify` tells those who listen that a list has changed. */
export function fixture(notify) {
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    { capabilities, requestState: { verify: (state, ctx) => states.verify(state, ctx) } },
  );
  for (const [name, [schema, run]] of Object.entries({ ...plainTools, ...askingTools, ...changes(notify) }))
    server.registerTool(name, { description: `The suite's ${name}`, inputSchema: fromJsonSchema(schema) }, run);
  addPrompts(server);
  addResources(server);
  server.server.setRequestHandler('completion/complete', () => ({ completion: { values: ['test'], total: 1, hasMore: false } }));
  return server;
}

/** Nothing changes: whoever asks again gets the same list. */
function changes(notify) {
  const tell = (how) => () => {
    how();
    return { content: [text('told')] };
  };
  return {
    test_trigger_tool_change: [object(), tell(() => notify.toolsChanged())],
    test_trigger_prompt_change: [object(), tell(() => notify.promptsChanged())],
  };
}

function addPrompts(server) {
  const add = (name, args, get) =>
    server.registerPrompt(name, { description: `The suite's ${name}`, argsSchema: fromJsonSchema(object(args)) }, get);
  const user = (...content) => ({ messages: content.map((one) => from('user', one)) });
  add('test_simple_prompt', {}, () => user(text('This is a simple prompt for testing.')));
  add('test_prompt_with_arguments', { arg1: string(), arg2: string() }, ({ arg1, arg2 }) =>
    user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  add('test_prompt_with_embedded_resource', { resourceUri: string() }, ({ resourceUri }) =>
    user(
      resource(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
      text('Please process the embedded resource above.'),
    ),
  );
  add('test_prompt_with_image', {}, () => user(image, text('Please analyze the image above.')));
  add('test_input_required_result_prompt', {}, askingPrompt);
}

function addResources(server) {
  const add = (uri, mimeType, content) =>
    server.registerResource(uri, uri, { description: `The suite's ${uri}`, mimeType }, () => ({
      contents: [{ uri, mimeType, ...content }],
    }));
  add('test://static-text', 'text/plain', { text: 'This is the content of the static text resource.' });
  add('test://static-binary', 'image/png', { blob: image.data });
  add('test://watched-resource', 'text/plain', { text: 'It never changes.' });
  const data = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  const mimeType = 'application/json';
  server.registerResource('template', data, { description: 'Data of an id', mimeType }, ({ href: uri }, { id }) => ({
    contents: [{ uri, mimeType, text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }],
  }));
  for (const method of ['resources/subscribe', 'resources/unsubscribe']) server.server.setRequestHandler(method, () => ({}));
}
