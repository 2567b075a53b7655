import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Sample } from './sample.ts';

/** Rules about something else than secrets, and presets, which hold what the rules hold. */
const others = /-(?:preset-\w+|no-homedir|no-dotenv|pattern|filter-comments|example|internal-test-\w+)$/;

const output = z.object({ messages: z.array(z.unknown()) });

/** The snapshots with which secretlint tests its rules. */
export function secretlintSamples(checkout: string): readonly Sample[] {
  const packages = join(checkout, 'packages/@secretlint');
  return readdirSync(packages)
    .filter((name) => name.startsWith('secretlint-rule-') && !others.test(name))
    .map((name) => join(packages, name, 'test/snapshots'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).flatMap((name) => sampleIn(join(folder, name))));
}

function sampleIn(folder: string): readonly Sample[] {
  const names = readdirSync(folder);
  const input = names.find((name) => name.startsWith('input.') && !/\.(?:p12|zip|png)$/.test(name));
  // What a snapshot's own options allow is a secret all the same.
  if (input === undefined || !names.includes('output.json') || /allow/.test(folder) || names.some((name) => name.startsWith('options.')))
    return [];
  const { messages } = z.parse(output, JSON.parse(readFileSync(join(folder, 'output.json'), 'utf8')));
  // "no good" and "ok", as the snapshots are called; where they are not, what the rule said.
  const positive = /\/ng\.[^/]*$/.test(folder) || (messages.length > 0 && !/\/ok\.[^/]*$/.test(folder));
  return [{ rule: folder.replace(/^.*secretlint-rule-/, ''), text: readFileSync(join(folder, input), 'utf8'), positive }];
}
