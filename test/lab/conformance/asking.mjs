/** Tools that need something of the client first. The SDK asks clients of either era in their own way. */
import { CLIENT_CAPABILITIES_META_KEY, createRequestStateCodec, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { object, saying, string, text } from './content.mjs';

export const states = createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) });

const elicit = (message, requestedSchema) => inputRequired.elicit({ message, requestedSchema });
const sample = (prompt, maxTokens = 100) => inputRequired.createMessage({ messages: [{ role: 'user', content: text(prompt) }], maxTokens });
const confirm = { confirm: elicit('Please confirm', object({ ok: { type: 'boolean' } })) };
const name = { user_name: elicit('What is your name?', object({ name: string() })) };

/** Asks until everything is answered, then says `last` of the answers. What else came is not looked at. */
function asks(requestsFor, last, state) {
  return async (args, ctx) => {
    const inputRequests = requestsFor(args, ctx);
    const keys = Object.keys(inputRequests);
    const answers = keys.map((key) => inputResponse(ctx.mcpReq.inputResponses, key));
    const isAnswered = answers.every(({ kind }) => kind !== 'missing') && (state === undefined || ctx.mcpReq.requestState() === state);
    if (isAnswered) return last(...answers);
    return inputRequired({ inputRequests, ...(state === undefined ? {} : { requestState: await states.mint(state) }) });
  };
}

const always = (requests) => () => requests;
const told = (words) => () => saying(text(words));
const sampled = ({ result }) => saying(text(`LLM response: ${[result.content].flat()[0].text}`));
const completed = ({ action, content }) =>
  saying(text(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`));

const steps = [
  { step1: elicit('Step 1: What is your name?', object({ name: string() })) },
  { step2: elicit('Step 2: What is your favorite color?', object({ color: string() })) },
];

/** Each answer leads to the next question; how far it has come is in the state alone. */
async function inSteps(_, ctx) {
  const done = ctx.mcpReq.requestState() ?? 0;
  const isAnswered = inputResponse(ctx.mcpReq.inputResponses, `step${done}`).kind !== 'missing';
  const next = isAnswered ? done : Math.max(done - 1, 0);
  if (next === steps.length) return saying(text('both steps are answered'));
  return inputRequired({ inputRequests: steps[next], requestState: await states.mint(next + 1) });
}

const withDefaults = object(
  {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
  [],
);
const titled = [1, 2, 3].map((number) => ({ const: `value${number}`, title: `Option ${number}` }));
const options = ['option1', 'option2', 'option3'];
const choices = object(
  {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  },
  [],
);

/** Of a client that is not asked for what it cannot do. */
function asItCan(_, { mcpReq }) {
  const can = mcpReq.envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
  return { ...(can.sampling && { greeting: sample('Generate a greeting') }), ...(can.elicitation && name) };
}

const all = { ...name, greeting: sample('Generate a greeting', 50), client_roots: inputRequired.listRoots() };

/** Name of the tool → what it takes, what it does. */
export const askingTools = {
  test_sampling: [object({ prompt: string() }), asks(({ prompt }) => ({ answer: sample(prompt) }), sampled)],
  test_elicitation: [
    object({ message: string() }),
    asks(
      ({ message }) => ({
        answer: elicit(message, object({ username: string("User's response"), email: string("User's email address") })),
      }),
      ({ action, content }) => saying(text(`User response: action: ${action}, content: ${JSON.stringify(content ?? {})}`)),
    ),
  ],
  test_elicitation_sep1034_defaults: [object(), asks(always({ answer: elicit('Is this so?', withDefaults) }), completed)],
  test_elicitation_sep1330_enums: [object(), asks(always({ answer: elicit('Choose', choices) }), completed)],
  test_streaming_elicitation: [object(), asks(always(confirm), told('confirmed'))],
  test_missing_capability: [object(), asks(always({ answer: sample('Anything') }), sampled)],
  test_input_required_result_elicitation: [
    object(),
    // An answer that is none is asked for again.
    asks(always(name), ({ content }) => saying(text(`Hello, ${content?.name ?? 'whoever you are'}!`))),
  ],
  test_input_required_result_sampling: [object(), asks(always({ capital_question: sample('What is the capital of France?') }), sampled)],
  test_input_required_result_list_roots: [
    object(),
    asks(always({ client_roots: inputRequired.listRoots() }), ({ roots }) => saying(text(roots.map(({ uri }) => uri).join(' ')))),
  ],
  test_input_required_result_request_state: [object(), asks(always(confirm), told('state-ok'), 'to be confirmed')],
  test_input_required_result_tampered_state: [object(), asks(always(confirm), told('state-ok'), 'not to be tampered with')],
  test_input_required_result_multiple_inputs: [object(), asks(always(all), told('everything is answered'), 'all')],
  test_input_required_result_multi_round: [object(), inSteps],
  test_input_required_result_capabilities: [object(), asks(asItCan, told('asked for what it can do'))],
};

const context = { user_context: elicit('What context should the prompt use?', object({ context: string() })) };

export const askingPrompt = asks(always(context), ({ content }) => ({
  messages: [{ role: 'user', content: text(`In the context of ${content?.context}`) }],
}));
