import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { startPrint } from '../../lab/claude/client.ts';
import type { MadeCall } from '../../lab/claude/model.ts';
import { until } from '../../lab/editor/until.ts';
import { themes } from './four-commands.ts';
import { govern, lastWord, type Governed } from './governed.ts';
import { standIns } from './stand-ins.ts';
import { callOf, filesOf, textOf, type Places, type Variant } from './variant.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const records = z.array(
  z.object({
    entry: z.object({
      kind: z.string(),
      callId: z.optional(z.string()),
      action: z.optional(z.string()),
      rules: z.optional(z.array(z.object({ policy: z.string(), rule: z.string() }))),
    }),
  }),
);
const variants = themes.flatMap((theme) => theme.variants).filter(({ engineOnly }) => engineOnly !== true);

test(
  `${variants.length} ways to get rid of the governor, in one session that may do everything: none of them runs`,
  { timeout: 600_000 },
  async () => {
    await using lab = await govern((governed) => (ask) => {
      const variant = variants[ask.step];
      if (variant === undefined) return { text: lastWord };
      return { calls: [{ ...callOf(variant, placesOf(governed)), id: idOf(ask.step) }] };
    });
    await lab.succeeds('sessions');
    prepare(lab);
    const before = stateOf(lab);
    const programs = standIns(join(lab.scratch.dir, 'bin'), lab.scratch.env['PATH'] ?? '');
    const files = { mcpServers: { files: { command: process.execPath, args: [join(import.meta.dirname, 'files-server.mjs')] } } };
    const run = startPrint(lab.scratch, {
      prompt: 'go',
      env: { PATH: programs.path },
      args: ['--mcp-config', JSON.stringify(files)],
    });
    await refuseAll(lab, run.done);
    expect((await run.done).stdout).toContain(lastWord);

    const log = await entries(lab);
    expect(variants.map((variant, step) => outcomeOf(variant, lab.model.calls(), log, step))).toEqual(variants.map(expected));
    expect(programs.started()).toEqual([]);
    expect(stateOf(lab)).toEqual(before);
    await lab.succeeds('audit', 'verify');
  },
);

/** What everybody sees of the things that the calls were after. */
function stateOf(lab: Governed) {
  const { home, project } = lab.scratch;
  const kept = ['hook-token', 'client-token', 'config.json', 'governor.json', 'policies/**', 'agents/**'];
  const files = [
    ...kept.flatMap((pattern) => globSync(join(lab.state, pattern))),
    join(home, '.claude', 'settings.json'),
    ...globSync(join(root, 'dist', '*.mjs')),
  ].filter((path) => statSync(path).isFile());
  return {
    governor: lab.governor().pid,
    files: Object.fromEntries(files.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')])),
    projectSettings: globSync(join(project, '{.claude,.countersign,.git}', '**')),
  };
}

function prepare(lab: Governed): void {
  for (const variant of variants)
    for (const [name, text] of Object.entries(filesOf(variant, placesOf(lab)))) {
      writeFileSync(join(lab.scratch.project, name), text, { mode: 0o755 });
    }
}

function placesOf(lab: Governed): Places {
  const { pid, port } = lab.governor();
  const { home, project } = lab.scratch;
  return { pid: String(pid), port: String(port), program: join(root, 'dist'), runtime: process.execPath, home, project };
}

/** A person who is there, and says no to whatever is asked. */
async function refuseAll(lab: Governed, done: Promise<unknown>): Promise<void> {
  let isOver = false;
  const answered = new Set<string>();
  void done.then(() => (isOver = true));
  await until(
    'the session to end',
    async () => {
      for (const { id } of (await lab.call('approvals', {})).filter((one) => !answered.has(one.id))) {
        answered.add(id);
        await lab.answer(id, 'denied');
      }
      return isOver;
    },
    550_000,
  );
}

function idOf(step: number): string {
  return `toolu_variant_${step}`;
}

/** What a person said no to ends as a denial, after the question. */
function expected(variant: Variant) {
  const { action, rule, clientRefuses } = variant;
  const rest = { action: 'deny', asked: action === 'require_approval', by: expect.arrayContaining([rule]) };
  return { tries: textOf(variant), failed: true, ran: false, ...(clientRefuses === true ? {} : rest) };
}

type Entries = Awaited<ReturnType<typeof entries>>;

function outcomeOf(variant: Variant, calls: readonly MadeCall[], log: Entries, step: number) {
  const about = log.filter(({ callId }) => callId === idOf(step));
  const decision = about.find(({ kind, action }) => kind === 'decision' && action !== undefined);
  return {
    tries: textOf(variant),
    failed: calls.find(({ id }) => id === idOf(step))?.isError === true,
    ran: about.some(({ kind }) => kind === 'outcome'),
    ...(variant.clientRefuses === true
      ? {}
      : {
          action: decision?.action,
          asked: about.some(({ kind }) => kind === 'approval-asked'),
          by: (decision?.rules ?? []).map(({ policy, rule }) => `${policy}/${rule}`),
        }),
  };
}

async function entries(lab: Governed) {
  return z.parse(records, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--limit', '5000'))).map(({ entry }) => entry);
}
