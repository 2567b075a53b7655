import type { Decision } from '../decision.ts';
import type { PolicyFile } from '../policy/policy-set.ts';
import type { Position } from '../policy/position.ts';
import { decideStart } from './decide-start.ts';
import type { ArtifactDocument, ArtifactTest } from './document.ts';
import { testStart } from './test-start.ts';

/** What became of a test in an ArtifactPolicy. */
export interface ArtifactTestResult {
  /** `mcp-servers: npx -y @scope/files` */
  readonly name: string;
  readonly file: string;
  readonly position: Position;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly why: string;
}

/** Runs the tests of the policies about servers of a file. Each asks its own policy only. */
export function runArtifactTests(file: PolicyFile): readonly ArtifactTestResult[] {
  return file.artifacts.flatMap((document) => document.tests.map((test) => runTest(file, document, test)));
}

export function startLabel({ start }: Pick<ArtifactTest, 'start'>): string {
  return typeof start === 'string' ? start : JSON.stringify(start);
}

export function expectedStart({ expect, rule }: ArtifactTest): string {
  return rule === undefined ? expect : `${expect} by ${rule}`;
}

function runTest(file: PolicyFile, document: ArtifactDocument, test: ArtifactTest): ArtifactTestResult {
  const { action, rules, reason } = decided(file, document, test);
  const named = rules.map(({ rule }) => rule);
  return {
    name: `${document.name}: ${startLabel(test)}`,
    file: file.path,
    position: test.position,
    passed: action === test.expect && (test.rule === undefined || named.includes(test.rule)),
    expected: expectedStart(test),
    found: named.length === 0 ? action : `${action} by ${named.join(', ')}`,
    why: reason,
  };
}

function decided(
  file: PolicyFile,
  document: ArtifactDocument,
  { start }: ArtifactTest,
): Pick<Decision, 'rules' | 'reason'> & { readonly action: string } {
  try {
    const tested = testStart(start, document.servers);
    // Neither exemptions nor other policies: whether this one says what it should.
    return decideStart({ files: [{ ...file, documents: [], artifacts: [document] }] }, tested.start, tested.request);
  } catch (cause) {
    return { action: 'error', rules: [], reason: cause instanceof Error ? cause.message : String(cause) };
  }
}
