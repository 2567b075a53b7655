import * as z from 'zod/mini';

const request = z.object({
  tools: z._default(z.array(z.looseObject({ name: z.optional(z.string()) })), []),
  input: z.array(z.looseObject({ type: z.optional(z.string()), call_id: z.optional(z.string()), output: z.optional(z.unknown()) })),
});

/** A harmless call by which the chain proves itself: reading a file that is not there, in a place that no agent may read. */
export interface CodexCanary {
  readonly id: string;
  readonly file: string;
}

/** What a model would answer that wants to make that one call, and then stops; and what Codex said became of it, once it does. */
export function standInAnswer(body: string, { id, file }: CodexCanary): { readonly body: string; readonly heard?: string } {
  const { tools, input } = z.parse(request, JSON.parse(body));
  const result = input.find((item) => item.type === 'function_call_output' && item.call_id === id);
  const wanted = ['exec_command', 'shell_command', 'shell'].find((name) => tools.some((tool) => tool.name === name));
  const command = `cat '${file.replaceAll("'", String.raw`'\''`)}'`;
  const item =
    result === undefined && wanted !== undefined
      ? { type: 'function_call', id: `fc_${id}`, call_id: id, name: wanted, arguments: JSON.stringify({ cmd: command, command }) }
      : { type: 'message', id: `msg_${id}`, role: 'assistant', content: [{ type: 'output_text', text: 'Done.' }] };
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  const events = [
    { type: 'response.created', response: { id: `resp_${id}` } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: `resp_${id}`, usage } },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { body: text, ...(result === undefined ? {} : { heard: JSON.stringify(result.output) }) };
}

/** A run that asks a stand-in at that address, keeps no record of itself, and may do nothing but what the call does. */
export function canaryArguments(url: string): readonly string[] {
  const settings = [
    'model_provider="countersign"',
    'model="gpt-5.3-codex"',
    `model_providers.countersign={name="countersign",base_url="${url}/v1",wire_api="responses",requires_openai_auth=false,request_max_retries=0,stream_max_retries=0}`,
    'approval_policy="never"',
  ];
  return [
    'exec',
    '--skip-git-repo-check',
    '--ephemeral',
    ...settings.flatMap((setting) => ['-c', setting]),
    'Countersign checks its hooks.',
  ];
}
