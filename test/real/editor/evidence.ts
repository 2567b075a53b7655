import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Editor } from '../../lab/editor/editor.ts';

export const output = join(import.meta.dirname, '..', '..', '..', 'test-output');

/** A test that fails leaves what was on the screen, and what was logged, in test-output/failures. */
export function keepEvidence(editor: () => Editor | undefined): void {
  afterEach(async ({ task }) => {
    const failed = editor();
    if (task.result?.state !== 'fail' || failed === undefined) return;
    const name = join(output, 'failures', task.name.replaceAll(/\W+/g, '-').slice(0, 80));
    mkdirSync(join(output, 'failures'), { recursive: true });
    await failed.page.screenshot({ path: `${name}.png` });
    writeFileSync(`${name}.log`, await failed.logs());
  });
}
