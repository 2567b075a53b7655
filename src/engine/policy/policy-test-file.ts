import * as z from 'zod/mini';
import { startOrCommand, type TestStart } from '../artifact/test-schema.ts';
import type { Action } from '../decision.ts';
import type { PolicyProblem, Position } from './policy-set.ts';
import { described, optional } from './schema-parts.ts';
import { testCall } from './schema.ts';
import { readYaml } from './yaml-source.ts';
import { shapeProblems } from './zod-problems.ts';

const action = z.enum(['allow', 'deny', 'require_approval', 'abstain']);

/** What a `*.test.yaml` file holds. */
export const policyTestCases = z.array(
  z.strictObject({
    name: described(z.string().check(z.minLength(1)), 'What the case is about.'),
    call: optional(z.union([z.string(), testCall]), 'A command, or a call in full.'),
    start: optional(startOrCommand, 'In the place of a call: the start of an MCP server, by its command line or in full.'),
    expect: described(
      z.strictObject({
        action: described(z.clone(action), 'What all policies together have to say.'),
        rule: optional(z.string(), 'A rule that has to be among those that lead to it, as "rule" or "policy/rule".'),
      }),
      'What has to come of it.',
    ),
  }),
);

export interface PolicyTestCase {
  readonly name: string;
  /** Exactly one of both. */
  readonly call?: string | z.infer<typeof testCall> | undefined;
  readonly start?: string | TestStart | undefined;
  readonly expect: { readonly action: Action; readonly rule?: string | undefined };
  readonly position: Position;
}

/** A `*.test.yaml` file: its cases, or what is wrong with it. */
export interface PolicyTestFile {
  readonly path: string;
  readonly cases: readonly PolicyTestCase[];
  readonly problems: readonly PolicyProblem[];
}

/** Reads a `*.test.yaml` file. Never throws. */
export function parsePolicyTestFile({ path, source }: { readonly path: string; readonly source: string }): PolicyTestFile {
  const yaml = readYaml(source);
  const problems = yaml.problems.map((problem): PolicyProblem => ({ file: path, ...problem, inSchema: true }));
  const cases: PolicyTestCase[] = [];
  for (const document of yaml.documents) {
    const parsed = policyTestCases.safeParse(document.value);
    if (parsed.success) {
      cases.push(...parsed.data.map((one, index) => ({ ...one, position: document.where([index, 'name']) })));
      problems.push(...parsed.data.flatMap((one, index) => subjectProblem(path, one, document.where([index, 'name']))));
    } else
      problems.push(
        ...shapeProblems(policyTestCases, document.value, parsed.error.issues).map((problem) => ({
          file: path,
          position: problem.atKey ? document.whereKey(problem.path) : document.where(problem.path),
          message: problem.message,
          ...(problem.inSchema ? { inSchema: true } : {}),
        })),
      );
  }
  return { path, cases: problems.length > 0 ? [] : cases, problems };
}

function subjectProblem(
  file: string,
  { call, start }: Pick<PolicyTestCase, 'call' | 'start'>,
  position: Position,
): readonly PolicyProblem[] {
  if ((call === undefined) !== (start === undefined)) return [];
  return [{ file, position, message: 'A case is about exactly one of call, start' }];
}
