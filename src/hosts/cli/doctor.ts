import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Status } from '../../channel/messages.ts';
import { installationOf, type ClaudeCodeOptions } from '../../storage/install/claude-code.ts';
import { doctorClaudeCode } from '../../storage/install/claude-doctor.ts';
import { startHere } from '../../storage/install/claude-canary.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { proofBy } from './canary.ts';
import { type Command, parse, type Terminal } from './command.ts';
import { withGovernor } from './governor.ts';
import { examineAgent } from './doctor-agent.ts';
import { installerOf } from './install-agent.ts';
import { renderedRuntime } from './runtime.ts';
import { version } from './version.ts';

interface Finding {
  readonly id: string;
  readonly state: 'ok' | 'notice' | 'bad';
  readonly message: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'check the whole chain, from the agent to the log, with a real call',
  usage: 'countersign doctor [AGENT] [--json]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { json: { type: 'boolean' } });
    const installer = positionals.length === 0 ? undefined : installerOf(positionals[0]);
    const findings = installer === undefined ? await examine() : stated(await examineAgent(installer));
    if (values.json) terminal.out(JSON.stringify(findings));
    else for (const finding of findings) terminal.out(`${marks[finding.state]} ${finding.message}`);
    if (!values.json) conclude(findings, terminal);
    return findings.some(({ state }) => state === 'bad') ? 2 : 0;
  },
};

type Found = { readonly id: string; readonly severity: 'fine' | 'notice' | 'bad'; readonly message: string };

function stated(found: readonly Found[]): readonly Finding[] {
  return found.map(({ id, severity, message }) => ({ id, state: severity === 'fine' ? 'ok' : severity, message }));
}

const marks: Record<Finding['state'], string> = { ok: 'ok    ', notice: 'note  ', bad: 'WRONG ' };

function conclude(findings: readonly Finding[], terminal: Terminal): void {
  const wrong = findings.filter(({ state }) => state === 'bad').length;
  terminal.out(
    wrong === 0
      ? 'Sessions that start now are governed.'
      : `${wrong} thing${wrong === 1 ? '' : 's'} to put right before sessions are governed.`,
  );
}

async function examine(): Promise<readonly Finding[]> {
  const home = openHome();
  const found: Finding[] = [{ id: 'state', state: 'ok', message: `State is in ${home.root}` }];
  const status = await attempt('governor', found, () => withGovernor((client) => client.call('status', {})));
  if (status === undefined) return found;
  found.push({ id: 'governor', state: 'ok', message: `Governor ${status.version} answers, process ${status.pid}, port ${status.port}` });
  found.push(
    ...status.problems.map(({ id, message, file, line }): Finding => ({
      id,
      state: 'bad',
      message: file === undefined ? message : `${file}:${line ?? 1}: ${message}`,
    })),
  );
  const options = optionsOf(home, status);
  found.push(...stated(await doctorClaudeCode(options, process.cwd())));
  await attempt('call', found, () => makeCall(home, status, found));
  if (!found.some(({ id, state }) => id === 'client' && state === 'bad')) await attempt('canary', found, () => proveClient(options, found));
  return found;
}

function optionsOf(home: Home, status: Status): ClaudeCodeOptions {
  return { home, version, port: status.port, token: readOrCreateToken(home.hookToken), ...renderedRuntime() };
}

/** The way of every tool call: over HTTP, with the token, into the engine and the log. The call must be refused, by the right rule. */
async function makeCall(home: Home, status: Status, found: Finding[]): Promise<void> {
  const file = join(home.root, 'client-token');
  const message = {
    session_id: `doctor-${createHash('sha256').update(String(process.pid)).digest('hex').slice(0, 8)}`,
    transcript_path: '',
    cwd: home.root,
    hook_event_name: 'PreToolUse',
    tool_name: 'Read',
    tool_input: { file_path: file },
    tool_use_id: `doctor_${randomUUID()}`,
  };
  const response = await fetch(`http://127.0.0.1:${status.port}/v1/hooks/claude-code`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${readOrCreateToken(home.hookToken)}` },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(10_000),
  });
  const body = await response.text();
  const refused = response.status === 200 && body.includes('"permissionDecision":"deny"');
  const logged = await withGovernor(async (client) =>
    (await client.call('activity', { limit: 20 })).some(({ entry }) => entry.callId === message.tool_use_id),
  );
  if (!refused) found.push(bad('call', `A call that self-protection forbids was answered with ${response.status} ${body.slice(0, 200)}`));
  else if (!logged) found.push(bad('call', 'A refused call is not in the log'));
  else found.push({ id: 'call', state: 'ok', message: 'A forbidden call was refused and is in the log' });
}

/** The whole chain, with the person's own client in this folder: its call must be refused by us, and not by something else. */
async function proveClient(options: ClaudeCodeOptions, found: Finding[]): Promise<void> {
  const program = options.program ?? installationOf(options).client.program;
  const proof = await proofBy(options.home, () => startHere(program, process.env, process.cwd()));
  if ('problem' in proof) found.push(bad('canary', `${proof.problem} "claude --debug" may say more.`));
  else found.push({ id: 'canary', state: 'ok', message: 'Claude Code, started here, had its call refused by Countersign' });
}

function bad(id: string, message: string): Finding {
  return { id, state: 'bad', message };
}

async function attempt<T>(id: string, found: Finding[], step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    found.push(bad(id, error instanceof Error ? error.message : String(error)));
    return undefined;
  }
}
