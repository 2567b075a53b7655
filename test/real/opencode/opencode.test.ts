import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import type { ChatAsk, ChatCall } from '../../lab/opencode/model.ts';
import { bash, governOpencode, type GovernedOpencode } from './governed.ts';

const binary = installed('opencode');

/** What the model does at each prompt, one call after another. */
function callsFor(lab: GovernedOpencode, { prompt }: ChatAsk): readonly ChatCall[] {
  const run = (name: string): ChatCall => bash(lab.mark(name).command);
  const tracker = (tool: string): ChatCall => ({ tool: `tracker_${tool}`, input: {} });
  if (prompt.includes('everything'))
    return [
      run('allowed'),
      run('denied'),
      run('asked-yes'),
      run('asked-no'),
      tracker('look'),
      tracker('forbidden'),
      { tool: 'task', input: { description: 'd', prompt: 'Work as a helper', subagent_type: 'general' } },
    ];
  if (prompt.includes('helper')) return [run('allowed-below'), run('denied-below')];
  if (prompt.includes('endless'))
    return [run('denied-revived'), bash(`${lab.mark('allowed-begun').command}; tail -f /dev/null`), run('allowed-after')];
  const name = /^"?(\S+) please/.exec(prompt)?.[1] ?? '';
  return [run(`allowed-${name}`), run(`denied-${name}`)];
}

/** It starts in two seconds, and in a minute where others are at work; the first time it brings a package of its own. */
const timeout = 400_000;

describe.skipIf(binary === undefined)('the real opencode', { timeout }, () => {
  let lab: GovernedOpencode;
  beforeAll(async () => {
    lab = await governOpencode(binary ?? '', callsFor);
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  const ran = (...names: string[]) => Object.fromEntries(names.map((name) => [name, lab.mark(name).runs()]));

  test('runs what is allowed and approved, and nothing else', async () => {
    const done = lab.scratch.run('everything');
    await lab.answer(lab.mark('asked-yes'), 'approved');
    await lab.answer(lab.mark('asked-no'), 'denied');
    expect(await done).toMatchObject({ exitCode: 0 });
    expect(ran('allowed', 'denied', 'asked-yes', 'asked-no', 'allowed-below', 'denied-below')).toEqual({
      allowed: 1,
      denied: 0,
      'asked-yes': 1,
      'asked-no': 0,
      'allowed-below': 1,
      'denied-below': 0,
    });
    const heard = lab.heard('everything');
    expect(heard[1]).toContain('The policy of the lab says no.');
    expect(heard[3]).toContain('Not today.');
    expect(heard[4]).toBe('nothing');
    expect(heard[5]).toContain('Not on the tracker.');
    // What was served is what is counted, to the token.
    expect(
      await until('what was used to be written down', async () => lab.counted().responses === lab.model.ledger.length && lab.counted()),
    ).toEqual(lab.served());
    // One session, its subagent within it.
    expect(await lab.call('sessions', {})).toMatchObject([{ agent: 'opencode', calls: 9, denials: 4 }]);
  });

  test('a governor that was killed is there again for the next call; a killed session ends with all that it started', async () => {
    const before = lab.governor();
    process.kill(before, 'SIGKILL');
    const done = lab.scratch.run('endless');
    await until('the endless call to begin', async () => lab.mark('allowed-begun').runs() === 1, timeout / 2);
    expect(lab.mark('denied-revived').runs()).toBe(0);
    expect(lab.governor()).not.toBe(before);
    const [latest] = (await lab.call('sessions', {})).toSorted((one, other) => other.startedAt - one.startedAt);
    await lab.countersign('kill', latest?.id ?? '', '--reason', 'Enough.');
    expect((await done).exitCode).not.toBe(0);
    expect(lab.mark('allowed-after').runs()).toBe(0);
  });

  test('a hook program that is missing refuses everything', async () => {
    const good = readFileSync(lab.plugin, 'utf8');
    writeFileSync(lab.plugin, good.replaceAll('/agents/hook"', '/agents/gone"'));
    await lab.scratch.run('lost please');
    writeFileSync(lab.plugin, good);
    expect(ran('allowed-lost', 'denied-lost')).toEqual({ 'allowed-lost': 0, 'denied-lost': 0 });
  });

  test('doctor proves it with a real call, which does not run', async () => {
    expect(await lab.countersign('doctor', 'opencode')).toContain('A real call of opencode was brought to the governor, and did not run.');
  });

  test('NOT GOVERNED, and shown so: a session that leaves plugins out (--pure), found by its own record with what it ran', async () => {
    // Whatever ran until now was decided on, or a person's own.
    expect(await lab.call('incidents', {})).toEqual([]);
    const done = lab.scratch.run('pure please', ['--pure']);
    const seen = until(
      'a session that is not governed',
      async () => (await lab.call('sessions', {})).find(({ governed }) => governed?.by === 'none'),
      timeout / 2,
    );
    expect(await seen).toMatchObject({ agent: 'opencode' });
    await done;
    expect(ran('allowed-pure', 'denied-pure')).toEqual({ 'allowed-pure': 1, 'denied-pure': 1 });
    const found = await until('what ran to be told', async () => {
      const open = await lab.call('incidents', {});
      return open.length >= 3 ? open : undefined;
    });
    expect(found.map(({ agent, cause, what }) => `${agent} ${cause}: ${what.replace(/\(.*\)/, '(id)')}`).toSorted()).toEqual([
      'opencode no-hello: A session of opencode runs without Countersign',
      'opencode undecided: bash (id) ran without a decision',
      'opencode undecided: bash (id) ran without a decision',
    ]);
    expect(new Set(found.map(({ session }) => session)).size).toBe(1);
  });

  test('NOT GOVERNED, and found by doctor: a plugin that cannot be loaded is left out without a word', async () => {
    writeFileSync(lab.plugin, `${readFileSync(lab.plugin, 'utf8')}\n}`);
    // Its own trial call runs: an echo.
    await expect(lab.countersign('doctor', 'opencode')).rejects.toThrow(
      /countersign.js is not as it was installed[^]*A real call of opencode was not brought to the governor/,
    );
  });

  test('uninstall leaves nothing behind', async () => {
    await lab.countersign('install', 'opencode', '--yes');
    await lab.countersign('uninstall', 'opencode', '--yes');
    expect(existsSync(lab.plugin)).toBe(false);
  });
});
