import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';

/** The part to develop on, and the part that is only run before something is called finished. */
export type Part = 'development' | 'held-out';

const gitState = z.enum(['clean', 'changed', 'untracked', 'ignored', 'outside', 'missing', 'unknown']);

/** What differs from the ordinary project of `project.ts`. Paths are relative to the working directory's repository. */
const facts = z.strictObject({
  cwd: z.optional(z.string()),
  branch: z.optional(z.string()),
  remote: z.optional(z.string()),
  git: z.optional(z.record(z.string(), gitState)),
  files: z.optional(z.record(z.string(), z.string())),
});
export type Facts = z.infer<typeof facts>;

const call = z.strictObject({ tool: z.string().check(z.minLength(2)), input: z.record(z.string(), z.json()) });

const labelled = z.strictObject({
  id: z.string().check(z.regex(/^[a-z-]+-[dh]\d{3}$/)),
  command: z.optional(z.string().check(z.minLength(1))),
  call: z.optional(call),
  verdict: z.enum(['stop', 'pass']),
  reason: z.string().check(z.minLength(10)),
  facts: z.optional(facts),
});

/** One labelled call: a shell command, or a call of another tool as Claude Code names it. */
export type LabelledCase = z.infer<typeof labelled>;

const corpus = join(import.meta.dirname);

/** Every theme of one part and its cases. Throws, with the file's name, where a file is not what the README says. */
export function readThemes(part: Part): ReadonlyMap<string, readonly LabelledCase[]> {
  const files = readdirSync(join(corpus, part)).filter((file) => file.endsWith('.yaml') && file !== everydayFile);
  return new Map(files.toSorted().map((file) => [basename(file, '.yaml'), readFile(join(corpus, part, file), z.array(labelled))]));
}

const everydayFile = 'everyday.yaml';

/** Commands as agents write them all day; nobody says of each what should become of it, most should run. */
export function readEveryday(part: Part): readonly string[] {
  return readFile(join(corpus, part, everydayFile), z.array(z.string().check(z.minLength(1))));
}

/** What the case would have the tool do. */
export function callOf({ command, call: other }: LabelledCase): z.infer<typeof call> {
  return other ?? { tool: 'Bash', input: { command: command ?? '' } };
}

function readFile<T>(path: string, schema: z.ZodMiniType<T>): T {
  const read = z.safeParse(schema, parse(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Error(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a list of cases'}`);
}
