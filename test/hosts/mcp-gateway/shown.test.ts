import { expect, test } from 'vitest';
import type { Judge } from '../../../src/hosts/mcp-gateway/judge.ts';
import { ShownItems } from '../../../src/hosts/mcp-gateway/shown.ts';
import { StartingClient } from '../../../src/hosts/mcp-gateway/speaker.ts';

test('what was shown while nobody could look at it is looked at before the next call, and no call goes by what was known before', async () => {
  let isThere = false;
  const asked: unknown[] = [];
  const judge: Pick<Judge, 'ask'> = {
    ask: (_method, params) => {
      if (!isThere) return Promise.reject(new Error('no governor'));
      asked.push('shown' in params ? params.shown : params);
      return Promise.resolve({ verdicts: [{ digest: 'd2', blocked: 'It changed.' }] } as never);
    },
  };
  const items = new ShownItems({
    judge: { ...judge, letGo: () => undefined, changed: () => new Promise<number>(() => undefined) },
    speaker: new StartingClient('lab', {}, '/'),
  });
  await expect(items.blocked('tool', [{ name: 'read', definition: { name: 'read' } }])).rejects.toThrow('no governor');
  await expect(items.caughtUp()).rejects.toThrow('no governor');
  isThere = true;
  await items.caughtUp();
  expect(asked).toEqual([[{ kind: 'tool', name: 'read', definition: { name: 'read' } }]]);
  expect(items.digest('tool', 'read')).toBe('d2');
  await items.caughtUp();
  expect(asked).toHaveLength(1);
});
