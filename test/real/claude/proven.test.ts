import { expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { govern, go, lastWord } from './governed.ts';
import { writeProjectSettings } from './incidents.ts';

test('doctor lets the client make a call that must be refused, and says so when its hooks keep silent', async () => {
  await using lab = await govern(() => [{ text: lastWord }]);
  const fine = await lab.countersign('doctor', '--json');
  expect(JSON.parse(fine.stdout)).toContainEqual({ id: 'canary', state: 'ok', message: expect.stringContaining('refused by Countersign') });
  writeProjectSettings(lab, { disableAllHooks: true });
  const silent = await lab.countersign('doctor', '--json');
  expect(silent.exitCode).toBe(2);
  expect(JSON.parse(silent.stdout)).toContainEqual({ id: 'canary', state: 'bad', message: expect.stringContaining('did not bring') });
});

test('a session is proven by its start, its prompt and its calls, until something stands in the way', async () => {
  await using lab = await govern((governed) => [governed.mark('automatic').turn, governed.mark('asked').turn, { text: lastWord }]);
  await using session = await go(lab, '-p', 'bypassPermissions');
  const { id } = await lab.question(lab.mark('asked'));
  const proven = async () => (await lab.call('sessions', {}))[0]?.proven;
  expect(await proven()).toMatchObject({ by: 'call' });
  writeProjectSettings(lab, { env: { LD_PRELOAD: '/x.so' } });
  expect(
    await until('it to be noticed', async () => ((await lab.call('status', {})).problems.length > 0 ? proven() : undefined)),
  ).toMatchObject({
    problem: expect.stringContaining('settings.local.json:1: "env.LD_PRELOAD"'),
  });
  await lab.answer(id, 'approved');
  await session.finished();
});
