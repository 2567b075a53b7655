import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { copilotCli } from '../../../src/agents/copilot-cli/agent.ts';
import { until } from '../../lab/editor/until.ts';
import { plainLauncher } from '../../lab/plain-launcher.ts';
import { findIn } from '../../../src/engine/guardrail/detect.ts';
import { shapes } from '../../../src/engine/guardrail/secrets/find.ts';
import { sampleOf } from '../../engine/guardrail/secrets/sample.ts';
import { processesOf } from '../claude/processes.ts';
import { bash, call, copilot, govern, type Governed } from './governed.ts';

/** What becomes of the hook's program before the call of that name. */
const outages: Readonly<Record<string, (lab: Governed) => void>> = {
  'allowed-1': () => undefined,
  'missing-hook': (lab) => rmSync(program(lab)),
  'killed-hook': (lab) => replaceProgram(lab, 'kill -9 $$'),
  'crashing-hook': (lab) => replaceProgram(lab, 'exit 139'),
  'denied-after-kill': (lab) => {
    replaceProgram(lab, `exec ${process.execPath} "$@"`);
    process.kill(lab.governorPid(), 'SIGKILL');
  },
  'allowed-2': () => undefined,
};
const names = Object.keys(outages);

test.skipIf(copilot === undefined)('whatever becomes of the hook and the governor, a call that was not judged does not run', async () => {
  await using lab = await govern((governed, results) => {
    const name = names[results];
    if (name !== undefined) outages[name]?.(governed);
    return { turns: names.map((one) => bash(governed.mark(one).command)) };
  });
  replaceProgram(lab, `exec ${process.execPath} "$@"`);
  const launcher = join(lab.scratch.home, '.countersign', 'agents', 'hook');
  writeFileSync(launcher, plainLauncher(launcher).replaceAll(` ${process.execPath} `, ` ${program(lab)} `));
  await lab.run();

  expect(Object.fromEntries(names.map((name) => [name, lab.mark(name).runs()]))).toEqual({
    'allowed-1': 1,
    'missing-hook': 0,
    'killed-hook': 0,
    'crashing-hook': 0,
    'denied-after-kill': 0,
    'allowed-2': 1,
  });
});

/** Not ours to stop: our own deadline comes before that of the hook file. */
test.skipIf(copilot === undefined)(
  'a hook that is not done in its time does not stop the call, and is written to have an hour',
  async () => {
    await using lab = await govern((governed) => ({ turns: [bash(governed.mark('hanging').command)] }));
    const { hooks } = z.parse(hooksSchema, JSON.parse(readFileSync(lab.hooks, 'utf8')));
    expect(Object.values(hooks).map(([hook]) => hook?.timeoutSec)).toEqual(Object.keys(hooks).map(() => 3_600));
    expect(copilotCli.waits).toBeLessThan(3_600_000);

    writeFileSync(lab.hooks, JSON.stringify({ version: 1, hooks: { PreToolUse: [{ type: 'command', bash: 'sleep 30', timeoutSec: 1 }] } }));
    await lab.run();
    expect(lab.mark('hanging').runs()).toBe(1);
  },
);

const hooksSchema = z.object({ hooks: z.record(z.string(), z.array(z.object({ timeoutSec: z.number() }))) });

/** Stands where the hook's runtime is. */
function program(lab: Governed): string {
  return join(lab.scratch.home, 'runtime');
}

function replaceProgram(lab: Governed, line: string): void {
  writeFileSync(program(lab), `#!/bin/sh\n${line}\n`);
  chmodSync(program(lab), 0o755);
}

test.skipIf(copilot === undefined)('a killed session ends with all it started, and what it asked for never runs', async () => {
  await using lab = await govern((governed) => ({
    turns: [
      { calls: [call('bash', { command: 'sleep 300', description: 'x', mode: 'async', shellId: 's' })] },
      bash(governed.mark('asked').command),
    ],
  }));
  const { done, child } = lab.start();
  const { session } = await lab.question(lab.mark('asked'));
  await lab.countersign('kill', session);
  await done;
  expect(child.exitCode !== null || child.signalCode !== null).toBe(true);
  const { pid } = child;
  await until('its shells to be gone', async () => processesOf(lab.scratch.home).every((one) => one !== pid && !isSleep(one)), 60_000);
  expect(lab.mark('asked').runs()).toBe(0);
});

function isSleep(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep\u0000300');
  } catch {
    return false;
  }
}

const guardrail = `
kind: GuardrailPolicy
metadata: {name: no-secrets}
spec:
  detect: [{type: secret, action: redact}]
`;

test.skipIf(copilot === undefined)('secrets reach the model in no result, and no tool in its arguments', async () => {
  const secret = oneSecret();
  await using lab = await govern((governed) => ({
    turns: [
      bash('cat notes.txt'),
      { calls: [call('view', { path: join(governed.scratch.project, 'notes.txt') })] },
      { calls: [call('apply_patch', `*** Begin Patch\n*** Add File: patched.txt\n+it is "${secret}" now\n*** End Patch\n`)] },
    ],
  }));
  lab.writePolicy(guardrail, 'guardrail.yaml');
  const file = (name: string) => readFileSync(join(lab.scratch.project, name), 'utf8');
  writeFileSync(join(lab.scratch.project, 'notes.txt'), `it is "${secret}" now\n`);
  const { done } = lab.start();
  // Whoever wants a key in a file has to ask; what is approved is the patch without it.
  const asked = await until('the question about the patch', async () => (await lab.call('approvals', {}).catch(() => []))[0], 60_000);
  expect(JSON.stringify(asked)).not.toContain(secret);
  await lab.answer(asked.id, 'approved');
  await done;
  expect(lab.heard()).toHaveLength(3);
  expect(lab.heard().join('\n')).not.toContain(secret);
  expect(lab.heard().slice(0, 2)).toEqual([expect.stringContaining('it is'), expect.stringContaining('it is')]);
  expect(file('patched.txt')).toContain('it is');
  expect(file('patched.txt')).not.toContain(secret);
});

/** Made up as it is needed: one that is a secret by its form alone. */
function oneSecret(): string {
  for (const { form } of shapes) {
    const value = sampleOf(form.source());
    if (
      /^[\w-]+$/.test(value) &&
      findIn(`it is "${value}" now`, ['secret']).findings.some(({ start, end }) => start <= 7 && end >= 6 + value.length)
    )
      return value;
  }
  throw new Error('No kind of secret makes a plain word.');
}
