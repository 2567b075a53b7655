import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';

const isPossible = process.platform === 'linux' && process.getuid?.() === 0;
const amount = z.number();
const output = z.object({
  sessions: z.array(z.object({ name: z.string(), client: amount, ours: amount, itemised: amount, unpriced: amount })),
  said: z.array(z.object({ model: z.string(), tokens: amount, usd: amount })),
  stale: z.array(z.object({ model: z.string(), usd: amount, ours: amount })),
});

test.runIf(isPossible)('with an organisation’s prices in managed settings, sessions cost what the real client says', async () => {
  const etc = mkdtempSync(join(tmpdir(), 'cs-etc-'));
  try {
    cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
    rmSync(join(etc, 'claude-code'), { recursive: true, force: true });
    const program = join(import.meta.dirname, 'programs', 'organisation-prices.ts');
    const inside = 'mount --bind "$1" /etc && exec "$2" "$3"';
    const { stdout } = await promisify(execFile)('unshare', ['-m', 'sh', '-c', inside, 'sh', etc, process.execPath, program]);
    const { sessions: found, said, stale } = z.parse(output, JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
    expect(found.map(({ name }) => name).toSorted()).toEqual(['fast', 'forked', 'plain', 'regional', 'resumed', 'searched', 'unknown']);
    // A fork's sum at the client has what its parent cost before.
    for (const { name, client, ours } of found.filter((one) => one.name !== 'forked'))
      expect([name, ours]).toEqual([name, expect.closeTo(client, 6)]);
    // Each response was priced by the same rule, not made up for by what is not itemised.
    for (const { name, client, itemised, unpriced } of found.filter((one) => !['forked', 'searched'].includes(one.name)))
      expect([name, itemised, unpriced]).toEqual([name, expect.closeTo(client, 6), 0]);
    // With the list alone, the client's word shows that its prices do not hold here, and is all there is for a model that has none.
    expect(said).toEqual([{ model: 'acme-coder-9', tokens: expect.any(Number), usd: expect.closeTo(clientOf(found, 'unknown'), 6) }]);
    expect(stale.map(({ model }) => model)).toEqual(expect.arrayContaining(['claude-sonnet-5', 'claude-opus-5-5']));
  } finally {
    rmSync(etc, { recursive: true, force: true });
  }
});

function clientOf(found: z.infer<typeof output>['sessions'], session: string): number {
  return found.find(({ name }) => name === session)?.client ?? NaN;
}
