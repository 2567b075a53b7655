import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GovernorProcess } from './governor-process.ts';

const policy = `
kind: ToolPolicy
metadata: {name: pushes}
spec:
  rules:
    - {name: ask, commands: [git push], action: require_approval}
    - {name: never, commands: ["git push --force"], action: deny}
`;

let governor: GovernorProcess;
beforeEach(async () => {
  governor = new GovernorProcess();
  mkdirSync(join(governor.root, 'repo', '.git'), { recursive: true });
  mkdirSync(join(governor.root, 'other', '.git'), { recursive: true });
  writeFileSync(join(governor.home.policies, 'pushes.yaml'), policy);
  await governor.start();
});
afterEach(() => governor.close());

test('while a workspace is only observed its calls run, what keeps agents from us holds, and the log says what would have been', async () => {
  const { client } = governor;
  const folder = join(governor.root, 'repo');
  expect(await governor.call('c1', 'git push --force', 'repo')).toBe('deny');
  await client.call('observe', { folder: join(folder, '.git'), on: true, surface: 'test' });
  expect(await governor.call('c2', 'git push --force', 'repo')).toBeUndefined();
  expect(await governor.call('c3', 'git push', 'repo')).toBeUndefined();
  expect(await governor.call('c4', 'git push --force', 'other')).toBe('deny');
  expect(await governor.call('c5', 'countersign observe on --all', 'repo')).toBe('deny');
  expect((await client.call('status', {})).observing).toMatchObject([{ folder }]);
  await client.call('observe', { folder, on: false, surface: 'test' });
  expect(await governor.call('c6', 'git push --force', 'repo')).toBe('deny');
  const decided = (await client.call('activity', { limit: 100 })).flatMap(({ entry }) =>
    entry.kind === 'decision' && entry.cwd === folder ? [[entry.callId, entry.mode, entry.action]] : [],
  );
  expect(decided.toReversed()).toEqual([
    ['c1', 'enforce', 'deny'],
    ['c2', 'observe', 'deny'],
    ['c3', 'observe', 'require_approval'],
    ['c5', 'enforce', 'deny'],
    ['c6', 'enforce', 'deny'],
  ]);
});
