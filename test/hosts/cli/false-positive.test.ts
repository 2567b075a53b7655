import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { githubToken } from '../../governor/guard-fixture.ts';
import { makePlace, type CliRun, type Place } from './run.ts';

// The governor stays out: a hook judges in its own process, with the same engine, log and salt.
const alone = { COUNTERSIGN_NO_GOVERNOR: '1' };
const why = ['--reason', 'it is made up'];

const guardrail = `kind: GuardrailPolicy
metadata: {name: no-secrets}
spec:
  detect:
    - {type: secret, action: deny}
`;

function preToolUse(place: Place, id: string): Promise<CliRun> {
  const message = {
    session_id: 's1',
    transcript_path: join(place.folder, 't.jsonl'),
    cwd: place.folder,
    permission_mode: 'default',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: `echo ${githubToken}` },
    tool_use_id: id,
  };
  return place.run(['hook', 'claude-code', 'PreToolUse'], JSON.stringify(message), alone);
}

const interferes = /"permissionDecision":"deny"|\[redacted:/;

/** A place where that policy of the user has found something in a call; `seq` is its entry. */
async function placeWith(source: string): Promise<{ readonly place: Place; readonly policies: string; readonly seq: string }> {
  const place = makePlace();
  const policies = join(place.home, 'policies');
  mkdirSync(policies, { recursive: true });
  writeFileSync(join(policies, 'own.yaml'), source);
  expect((await preToolUse(place, 'c1')).stdout).toMatch(interferes);
  const listed: readonly { readonly id: number; readonly entry: { readonly kind: string } }[] = JSON.parse(
    (await place.run(['audit', 'list', '--json'])).stdout,
  );
  return { place, policies, seq: String(listed.find(({ entry }) => entry.kind === 'decision')?.id) };
}

test.each<[string, string, string]>([
  ['in the guardrail that found it', guardrail, 'own.yaml'],
  [
    'in one of the person’s own, where we ship that guardrail',
    'kind: ToolPolicy\nmetadata: {name: mine}\nspec: {packs: [guardrails]}\n',
    'false-positives.yaml',
  ],
])('a false positive is shown, then written, and is none from then on: %s', { timeout: 120_000 }, async (_, source, name) => {
  const { place, policies, seq } = await placeWith(source);
  using _place = place;
  const file = join(policies, name);
  const shown = await place.run(['audit', 'false-positive', seq, ...why]);
  expect(shown).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('--yes') });
  expect(shown.stdout).toMatch(/fingerprint: "[0-9a-f]{16}", reason: "it is made up"/);
  expect([existsSync(join(policies, 'false-positives.yaml')), readFileSync(join(policies, 'own.yaml'), 'utf8')]).toEqual([false, source]);
  const written = await place.run(['audit', 'false-positive', seq, ...why, '--yes', '--json']);
  expect(JSON.parse(written.stdout)).toMatchObject({ file, written: true });
  expect(readFileSync(file, 'utf8')).not.toContain(githubToken);
  const again = await preToolUse(place, 'c2');
  expect([again.exitCode, again.stdout]).toEqual([0, expect.not.stringMatching(interferes)]);
});

test('what cannot be said to be none is not, and nothing is written', { timeout: 120_000 }, async () => {
  const { place, policies, seq } = await placeWith(guardrail);
  using _place = place;
  for (const [args, exitCode, message] of [
    [['999', ...why], 1, 'There is no entry 999'],
    [[seq, '--finding', '7', ...why], 1, 'no finding 7'],
    [[seq, '--reason', ' '], 64, '--reason'],
    [[seq, ...why, '--policy', 'other'], 64, 'there are no-secrets'],
    [['x', ...why], 64, 'a whole number'],
  ] as const) {
    const run = await place.run(['audit', 'false-positive', ...args, '--yes']);
    expect(run).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
  }
  expect(readdirSync(policies)).toEqual(['own.yaml']);
});
