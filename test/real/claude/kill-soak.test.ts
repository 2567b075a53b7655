import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startPrint } from '../../lab/claude/client.ts';
import type { Turn } from '../../lab/claude/model-messages.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, type Governed } from './governed.ts';
import { processesOf } from './processes.ts';

const kills = Number(process.env['COUNTERSIGN_SESSION_KILLS'] ?? 4);
/** As many sessions run at a time. */
const lanes = 2;
/** How often a session has asked its model when it is killed: 5 times when all of `steps` run. 0: it is still starting. */
const moments = [5, 3, 0, 4, 2, 1];
const startMs = 2_500;
const stepMs = 400;

test(
  `${kills} sessions are killed at random points: nothing of them is left, and nobody else is touched`,
  { timeout: 3_600_000 },
  async () => {
    await using lab = await govern(() => (ask) => (ask.subagent === '' ? steps : steps.slice(2))[ask.step] ?? {});
    const bystanders = standBy(lab);
    const own = new Set(bystanders.map(({ pid }) => pid ?? 0));
    await lab.succeeds('sessions');
    let begun = 0;
    const lane = async (): Promise<void> => {
      while (begun < kills) {
        begun += 1;
        await killOne(lab, moments[begun % moments.length] ?? 0);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(processesOf(lab.scratch.home).filter((pid) => !own.has(pid))).toEqual([lab.governor().pid]);
    expect(lab.model.calls().length).toBeGreaterThan(2 * kills);
    expect(bystanders.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual(bystanders.map(() => null));
  },
);

async function killOne(lab: Governed, moment: number): Promise<void> {
  const session = randomUUID();
  const { done } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  const asks = () => lab.model.asks.filter((ask) => ask.session === session).length;
  await until(`${moment} questions to the model`, async () => asks() >= moment, 60_000);
  await sleep(Math.random() * (moment === 0 ? startMs : stepMs));
  // Before it has told anybody of itself there is nothing to kill.
  const report = await until('the session to be known', async () =>
    lab.call('kill', { session, reason: '', surface: 'terminal' }).catch(() => false as const),
  );
  expect(report.left).toEqual([]);
  await done;
}

/** Everything that a session may have running when it is killed. */
const steps: readonly Turn[] = [
  { calls: [bash('exec tail -f /dev/null', true), bash('sh -c "while :; do sleep 0.05; done"', true)] },
  { calls: [bash('setsid sh -c "while :; do sleep 0.1; done" > /dev/null 2>&1 < /dev/null &')] },
  { calls: [{ name: 'Agent', input: { description: 'sub', prompt: 'sub', subagent_type: 'general-purpose' } }] },
  { calls: [bash('(nohup tail -f /dev/null > /dev/null 2>&1 &); exec tail -f /dev/null')] },
];

function bash(command: string, background = false) {
  return { name: 'Bash', input: { command, ...(background ? { run_in_background: true } : {}) } };
}

/** Of the same person, near to a session in name, place or program. */
function standBy(lab: Governed) {
  const one = (env: Readonly<Record<string, string>>, argv0 = 'sleep') => {
    const child = spawn('sleep', ['3600'], { argv0, env: { ...lab.scratch.env, ...env }, cwd: lab.scratch.project, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  return [
    one({}),
    one({ CLAUDE_CODE_SESSION_ID: '' }),
    one({ CLAUDE_CODE_SESSION_ID: randomUUID() }),
    one({}, 'claude'),
    one({ CLAUDECODE: '1' }),
  ];
}
