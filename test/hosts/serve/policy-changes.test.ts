import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StateDatabase } from '../../../src/storage/state-db.ts';
import { GovernorProcess } from './governor-process.ts';

const policy = (rule: string) =>
  `kind: ToolPolicy\nmetadata: {name: team}\nspec:\n  rules:\n    - {name: tag, commands: [git tag], ${rule}}\n`;
const denies = policy('action: deny');
const frees = policy('action: allow, autoApprove: true');

let governor: GovernorProcess;
let file: string;
let repo: string;

beforeEach(async () => {
  governor = new GovernorProcess();
  repo = join(governor.root, 'repo');
  file = join(repo, '.countersign', 'team.yaml');
  for (const folder of ['.git', '.countersign']) mkdirSync(join(repo, folder), { recursive: true });
  writeFileSync(file, denies);
});
afterEach(() => governor.close());

/** Until the log says so: nobody calls meanwhile. */
async function logged(words: string): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const found = (await governor.client.call('activity', { limit: 50 })).find(({ entry }) => entry.reason?.includes(words) === true);
    if (found !== undefined) return found.entry.detail ?? {};
  }
}

function trust(digest: string): void {
  const state = new StateDatabase(governor.home.state);
  state.trustFile(file, digest);
  state.close();
}

test('a branch that is pulled holds at once for a running session, the log says from when and what is new, also while no call comes', async () => {
  await governor.start([repo]);
  expect(await governor.call('c1', 'git tag v1', 'repo')).toBe('deny');
  writeFileSync(file, frees);
  const detail = await logged('1 autoApprove added: tag; 1 rule loosened: tag');
  expect(await governor.call('c2', 'git tag v1', 'repo')).toBeUndefined();
  rmSync(file);
  await logged('no longer in force: 1 policy removed: team');
  expect(await governor.call('c3', 'git tag v1', 'repo')).toBeUndefined();
  expect((await governor.client.call('policyText', { digest: String(detail['before']) })).source).toBe(denies);
  expect(await governor.client.call('policyText', { digest: 'sha256:0' })).toEqual({});
});

test('what was pulled while no governor ran is said when a window opens', async () => {
  await governor.start([repo]);
  await governor.call('c1', 'git tag v1', 'repo');
  await governor.stop();
  writeFileSync(file, frees);
  await governor.start([repo]);
  expect(await logged('1 autoApprove added: tag; 1 rule loosened: tag')).toMatchObject({ path: file, layer: 'workspace' });
});

test('what waits for trust is listed with what is new since a person trusted it last', async () => {
  writeFileSync(file, frees);
  await governor.start([repo]);
  const listed = async () => (await governor.client.call('policies', { folder: repo })).files.find(({ path }) => path === file);
  const first = await listed();
  expect(first).toMatchObject({ layer: 'workspace', documents: [{ name: 'team', mode: 'enforce', rules: 1, line: 2 }] });
  expect(first?.trust).toEqual({ isTrusted: false, autoApprove: 1 });
  await governor.call('c1', 'git tag v1', 'repo');
  trust(first?.digest ?? '');
  expect((await listed())?.trust).toEqual({ isTrusted: true, autoApprove: 1 });
  writeFileSync(file, frees.replace('git tag', 'git push'));
  await logged('1 rule changed: tag');
  expect((await listed())?.trust).toEqual({
    isTrusted: false,
    autoApprove: 1,
    since: { digest: first?.digest, changes: '1 rule changed: tag' },
  });
});
