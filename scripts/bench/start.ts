import type { Figure } from '../bench.ts';
import { post } from './decisions.ts';
import { bashMessage, percentile, scratchHome, startBuiltGovernor, stopGovernor } from './scratch-home.ts';

const rounds = 5;

/** From "no governor running" to its first decision. */
export async function measureStart(): Promise<readonly Figure[]> {
  const ms: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    using scratch = scratchHome();
    const before = performance.now();
    const reached = await startBuiltGovernor(scratch.home);
    const { status } = await post(reached.status.port, scratch.hookToken, JSON.stringify(bashMessage(scratch.project, n)));
    ms.push(performance.now() - before);
    if (status !== 200) throw new Error(`The first decision was answered with ${status}`);
    await stopGovernor(reached);
  }
  return [
    { what: `from no governor to the first decision, ${rounds} starts: median`, value: percentile(ms, 0.5), unit: 'ms', limit: 1000 },
    { what: 'the same: slowest', value: Math.max(...ms), unit: 'ms', limit: 1000 },
  ];
}
