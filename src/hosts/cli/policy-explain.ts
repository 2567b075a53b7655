import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { explainSteps } from '../../engine/policy/steps.ts';
import { stepsText } from '../../engine/policy/steps-text.ts';
import { callOfMessage, readPolicies, requestFor } from './asked-call.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { openLayers } from './layers.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Every document and rule for one call, matcher by matcher: a command, or a hook message on stdin. */
export async function explainCall(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    policy: { ...text, multiple: true },
    agent: text,
    cwd: text,
    command: text,
    all: flag,
    json: flag,
  });
  if (positionals.length > 0) throw new WrongUsage('a command is given as --command TEXT, any other call as a hook message on stdin');
  using layers = openLayers();
  const message: unknown = values.command === undefined ? JSON.parse(await textOf(terminal.stdin)) : bash(values.command);
  const cwd = values.cwd === undefined ? process.cwd() : resolve(values.cwd);
  const call = callOfMessage(message, { cwd, agent: values.agent });
  if (call === undefined) throw new WrongUsage('this message asks for no decision');
  const set = values.policy === undefined ? layers.policies.inForce(call.cwd) : readPolicies(values.policy);
  const explained = explainSteps(set, requestFor(layers, call), { count: () => 0 });
  if (values.json) terminal.out(JSON.stringify(explained));
  else for (const line of stepsText(explained, values.all === true)) terminal.out(line);
  return 0;
}

function bash(command: string): unknown {
  return { tool_name: 'Bash', tool_input: { command } };
}
