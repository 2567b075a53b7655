import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shapes } from '../../../src/engine/guardrail/secrets/find.ts';
import { sampleOf } from '../../engine/guardrail/secrets/sample.ts';
import { governCodex, shell } from '../../lab/codex/governed.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';

const binary = installed('codex') ?? '';

test.skipIf(binary === '')('a session of Codex whose hooks were taken out is found by its own record, with what it ran', async () => {
  const patch = { names: ['apply_patch'], input: '*** Begin Patch\n*** Add File: free/b.txt\n+hello\n*** End Patch' };
  const secret = sampleOf(shapes.find(({ kind }) => kind.includes('github'))?.form.source() ?? '');
  await using lab = await governCodex(binary, (governed) => [
    { calls: [governed.mark('denied').call] },
    { calls: [governed.mark('allowed').call] },
    // What runs is not what the model wrote.
    { calls: [shell(`printf '%s' 'my ${secret}' > copy`)] },
    { calls: [patch] },
  ]);
  await lab.go('-m', 'gpt-5.5');
  expect(lab.mark('denied').runs()).toBe(0);
  const config = join(lab.scratch.codexHome, 'config.toml');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('trusted_hash = "sha256:', 'trusted_hash = "sha256:0'));
  await lab.go('-m', 'gpt-5.5');
  expect(lab.mark('denied').runs()).toBe(1);
  const found = await until('what ran to be told', async () => {
    const open = await lab.call('incidents', {});
    return open.length >= 5 ? open : undefined;
  });
  const [session, ...others] = new Set(found.map((incident) => incident.session));
  expect(others).toEqual([]);
  expect((await lab.call('sessions', {})).map(({ id }) => id)).not.toContain(session);
  expect(found.map(({ agent, cause, what }) => `${agent} ${cause}: ${what.replace(/\(.*\)/, '(id)')}`).toSorted()).toEqual([
    'codex no-hello: A session of codex runs without Countersign',
    'codex undecided: Bash (id) ran without a decision',
    'codex undecided: Bash (id) ran without a decision',
    'codex undecided: Bash (id) ran without a decision',
    'codex undecided: apply_patch (id) ran without a decision',
  ]);
});
