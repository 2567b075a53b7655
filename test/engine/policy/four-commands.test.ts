import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import { home, project } from '../../corpus/project.ts';
import { requestFor } from '../../corpus/judge.ts';
import { themes } from '../../real/claude/four-commands.ts';
import { fourCommandsPage } from '../../real/claude/four-commands-page.ts';
import { callOf, filesOf, textOf, type Variant } from '../../real/claude/variant.ts';
import { shipped } from './shipped.ts';

const places = { pid: '20202', port: '40404', program: `${home}/apps/countersign/dist`, runtime: `${home}/apps/node`, home, project };
const governor = { pid: 20_202, port: 40_404, programs: [places.program, places.runtime] };

/** The same table is tried with the real client in `test/real/claude/four-commands.test.ts`. */
describe.each(themes)('$title', ({ variants }) => {
  test.each(variants.map((variant) => ({ variant, name: textOf(variant) })))('$name', ({ variant }) => {
    expect(decisionAbout(variant)).toMatchObject({ action: variant.action, by: expect.arrayContaining([variant.rule]) });
  });
});

test('docs/self-protection.md says the same; otherwise: npm run rules', () => {
  expect(readFileSync(new URL('../../../docs/self-protection.md', import.meta.url), 'utf8')).toBe(fourCommandsPage());
});

test('a call that goes for no governor is left alone where there is none', () => {
  const { action } = decide({ files: shipped }, requestFor('Bash', { command: 'kill -9 20202; fuser 40404/tcp' }, {}), { count: () => 0 });
  expect(action).toBe('abstain');
});

function decisionAbout(variant: Variant) {
  const { name, input } = callOf(variant, places);
  const request = { ...requestFor(name, input, { files: filesOf(variant, places) }), governor };
  const { action, rules } = decide({ files: shipped }, request, { count: () => 0 });
  return { action, by: rules.map(({ policy, rule }) => `${policy}/${rule}`) };
}
