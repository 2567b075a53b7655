import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import * as z from 'zod/mini';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import { startTool } from '../../engine/artifact/start-call.ts';
import type { Explained } from '../../engine/policy/steps.ts';
import { Replay } from '../../engine/policy/replay/replay.ts';
import type { Doubt } from '../../engine/policy/replay/world.ts';
import { explainStepsGuarded } from '../../engine/guardrail/policy/explain-call.ts';
import { stepsText } from '../../engine/policy/steps-text.ts';
import type { Request } from '../../engine/request.ts';
import { agents } from '../../agents/registry.ts';
import { homeOf } from '../../storage/home.ts';
import { ReplayLog } from '../../storage/replay-log.ts';
import { replayWorld } from '../../storage/replay-world.ts';
import { callOfMessage, requestFor } from './asked-call.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { explainedStart } from './policy-explain-start.ts';
import { openLayers, type Layers } from './layers.ts';
import { draftList, onlyPolicies, policiesWith, PolicyProblems, type PoliciesOf } from './replay-policies.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  policy: { ...text, multiple: true },
  agent: text,
  cwd: text,
  command: text,
  server: text,
  all: flag,
  json: flag,
  /** For editors: the call's message and drafts as one JSON document on stdin. */
  stdin: flag,
} as const;

type Values = ReturnType<typeof parse<typeof options>>['values'];

const givenOnStdin = z.object({ drafts: z.optional(draftList), message: z.optional(z.unknown()) });
type Given = z.infer<typeof givenOnStdin>;

/** Every document and rule for one call, matcher by matcher: a recorded call, a command, or a hook message on stdin. */
export async function explainCall(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, options);
  try {
    return await explained(values, positionals, terminal);
  } catch (cause) {
    // An editor shows them where they are.
    if (!(cause instanceof PolicyProblems) || values.json !== true) throw cause;
    terminal.out(JSON.stringify({ problems: cause.problems }));
    return 2;
  }
}

async function explained(values: Values, [seq]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const given: Given = values.stdin === true ? givenOnStdin.parse(JSON.parse(await textOf(terminal.stdin))) : {};
  using open = new DisposableStack();
  const layers = open.use(openLayers());
  const policiesOf = policies(layers, values, given);
  const record = seq === undefined ? undefined : recorded(Number(seq), open);
  if (values.server !== undefined || record?.entry.tool === startTool) {
    const { steps, approvedBy } = await explainedStart(layers, policiesOf, values, record?.entry);
    tell(steps, [], values, terminal);
    if (approvedBy !== undefined && values.json !== true)
      terminal.out(`${approvedBy} approved this very start before: nobody is asked about it.`);
    return 0;
  }
  const asked = record === undefined ? await askedCall(layers, values, given, terminal) : recordedCall(layers, record);
  const steps = explainStepsGuarded(policiesOf(asked.request.workspace.root), asked.request, { count: () => 0 }, layers.fingerprint);
  tell(steps, asked.doubts(), values, terminal);
  return 0;
}

function tell(steps: Explained, found: readonly Doubt[], { json, all }: Values, terminal: Terminal): void {
  if (json) terminal.out(JSON.stringify({ ...steps, doubts: found }));
  else for (const line of [...stepsText(steps, all === true), ...found.map((doubt) => doubts[doubt])]) terminal.out(line);
}

interface Asked {
  readonly request: Request;
  /** Why it may have been another call than it seems now. They grow while it is judged. */
  readonly doubts: () => readonly Doubt[];
}

async function askedCall(layers: Layers, values: Values, { message }: Given, terminal: Terminal): Promise<Asked> {
  const asked = message ?? (values.command === undefined ? JSON.parse(await textOf(terminal.stdin)) : bash(values.command));
  const cwd = values.cwd === undefined ? process.cwd() : resolve(values.cwd);
  const call = callOfMessage(asked, { cwd, agent: values.agent });
  if (call === undefined) throw new WrongUsage('this message asks for no decision');
  return { request: requestFor(layers, call), doubts: () => [] };
}

interface Recorded {
  readonly log: ReplayLog;
  readonly entry: AuditEntry;
  readonly seq: number;
}

/** The log stays open: what a call depended on is read when it is judged. */
function recorded(seq: number, open: DisposableStack): Recorded {
  if (!Number.isInteger(seq) || seq < 1)
    throw new WrongUsage(
      'a recorded call is named by its number in the log, a command as --command TEXT, any other call as a message on stdin',
    );
  const { audit } = homeOf();
  if (!existsSync(audit)) throw new Error(`Nothing was recorded yet: there is no ${audit}`);
  const log = open.use(new ReplayLog(audit));
  const [record] = [...log.records([seq])];
  if (record === undefined || typeof record === 'number') throw new Error(`There is no entry ${seq} that can be read.`);
  return { log, entry: record.entry, seq };
}

function recordedCall({ surroundings }: Layers, { log, entry, seq }: Recorded): Asked {
  const world = replayWorld(agents, surroundings, (other) => log.facts(other));
  const past = new Replay(world, () => ({ files: [] })).requestOf({ entry });
  if (typeof past === 'string') throw new Error(`Entry ${seq} is not about a call, or its content was removed.`);
  return { request: past.request, doubts: () => [...past.doubts] };
}

function policies(layers: Layers, { policy }: Values, { drafts = [] }: Given): PoliciesOf {
  return policy === undefined ? policiesWith(layers, drafts) : onlyPolicies(policy);
}

const doubts: Readonly<Record<Doubt, string>> = {
  masked: 'Arguments were masked or cut before they were recorded, so it may have been decided on another text.',
  'not-recorded': 'What the call depended on was not recorded then, so it was looked up now.',
  'looked-up': 'A rule asks for something that nobody asked then, so it was looked up now, or is taken as unknown.',
  partial: 'The call depended on more than is kept.',
};

function bash(command: string): unknown {
  return { tool_name: 'Bash', tool_input: { command } };
}
