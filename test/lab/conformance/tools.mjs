/** Tools that answer by themselves. */
import { setTimeout as delay } from 'node:timers/promises';
import { audio, image, object, resource, saying, string, text } from './content.mjs';

/** Between two notifications of one call, so that they are two. */
const betweenMs = 50;

async function logs(_, { mcpReq }) {
  for (const words of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    await mcpReq.log('info', words);
    await delay(betweenMs);
  }
  return saying(text('logged three times'));
}

async function progresses(_, { mcpReq }) {
  const progressToken = mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined)
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    await delay(betweenMs);
  }
  return saying(text('done'));
}

/** Ends the stream of its own answer, which is then there for a client that asks again. */
async function disconnects(_, { http }) {
  http.closeSSE?.();
  await delay(2 * betweenMs);
  return saying(text('You came back.'));
}

function fails() {
  throw new Error('This tool intentionally returns an error for testing');
}

const always =
  (...content) =>
  () =>
    saying(...content);

const contact = {
  ...object(
    {
      name: string(),
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: string(),
      email: string(),
    },
    [],
  ),
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: string(), city: string() } } },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so.
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** Name of the tool → what it takes, what it does. The suite calls the first one with nothing. */
export const plainTools = {
  test_simple_text: [object(), always(text('This is a simple text response for testing.'))],
  test_image_content: [object(), always(image)],
  test_audio_content: [object(), always(audio)],
  test_embedded_resource: [object(), always(resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'))],
  test_multiple_content_types: [
    object(),
    always(
      text('Multiple content types test:'),
      image,
      resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ),
  ],
  test_tool_with_logging: [object(), logs],
  test_logging_tool: [object(), logs],
  test_tool_with_progress: [object(), progresses],
  test_error_handling: [object(), fails],
  test_reconnection: [object(), disconnects],
  json_schema_2020_12_tool: [contact, always(text('valid'))],
  test_header: [object({ region: { ...string(), 'x-mcp-header': 'Region' } }), ({ region }) => saying(text(region))],
};
