import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { runPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import type { Governed } from './governed.ts';

const records = z.array(
  z.object({
    entry: z.object({
      kind: z.string(),
      session: z.optional(z.string()),
      callId: z.optional(z.string()),
      reason: z.optional(z.string()),
      arguments: z.optional(z.looseObject({ command: z.optional(z.string()) })),
      action: z.optional(z.string()),
      detail: z.optional(z.looseObject({ cause: z.optional(z.string()) })),
    }),
  }),
);

export const killing = { name: 'ungoverned.yaml', text: 'kind: ToolPolicy\nmetadata: {name: ungoverned}\nspec: {onUngoverned: kill}\n' };

/** Everything that was written up to now has been judged once a later session without hooks has been noticed, which makes a call at that prompt. */
export async function incidentsBefore(lab: Governed, prompt = 'go'): Promise<readonly unknown[]> {
  const known = new Set(lab.model.calls().map(({ id }) => id));
  await runPrint(lab.scratch, { prompt, args: ['--bare'] });
  const later = lab.model.calls().filter(({ id }) => !known.has(id));
  await incidentOf(lab, later.find(({ name }) => name === 'Bash')?.id ?? '');
  const bare = later[0]?.session;
  return (await entries(lab)).filter(({ kind, session }) => kind === 'incident' && session !== bare);
}

export function incidentOf(lab: Governed, callId: string) {
  return until(`an incident about ${callId}`, async () =>
    (await entries(lab)).find((entry) => entry.kind === 'incident' && entry.callId === callId),
  );
}

export async function entries(lab: Governed) {
  return z.parse(records, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--limit', '1000'))).map(({ entry }) => entry);
}

/** Into the project: text as it is, anything else as JSON. */
export function put(lab: Governed, path: string, content: unknown): string {
  const file = join(lab.scratch.project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

export function writeProjectSettings(lab: Governed, settings: object): void {
  put(lab, '.claude/settings.local.json', settings);
}

export function breakUserSettings(lab: Governed): void {
  const file = join(lab.scratch.home, '.claude', 'settings.json');
  const settings: object = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...settings, model: 5 }));
}
