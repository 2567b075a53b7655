import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { root } from './test-report.ts';

const shown = 25;

/** Says at the end of a run which test files took longest, with what they prepare: where minutes can be won. */
// oxlint-disable-next-line import/no-default-export -- what vitest wants of a reporter
export default class SlowestFiles implements Reporter {
  readonly #took: (readonly [file: string, ms: number])[] = [];

  onTestModuleEnd(module: TestModule): void {
    this.#took.push([relative(root, module.moduleId), module.diagnostic().duration]);
  }

  onTestRunEnd(): void {
    const slowest = this.#took.toSorted(([, a], [, b]) => b - a).slice(0, shown);
    console.log(`took longest: ${slowest.map(([file, ms]) => `${file} ${(ms / 1_000).toFixed(1)} s`).join(', ')}`);
  }
}
