import type { ASTNode } from '@marcbachmann/cel-js';
import type { Constant } from '../../cel/constant.ts';
import type { PolicyDocument, Rule } from '../document.ts';
import type { PolicyFile } from '../policy-set.ts';
import type { Position } from '../position.ts';
import type { YamlDocument } from '../yaml-source.ts';

export const checks = [
  'never-matches',
  'shadowed',
  'always-fails',
  'unreachable-approver',
  'expired-exemption',
  'unknown-exemption',
  'auto-approves-destructive',
  'matches-nothing-here',
  'known-here-only',
] as const;

export type Check = (typeof checks)[number];

/** Something in a policy that is right, and hardly meant. It stops no call. */
export interface LintFinding {
  readonly file: string;
  readonly position: Position;
  readonly check: Check;
  /** `hint`: it depends on where the policy is used. */
  readonly severity: 'warning' | 'hint';
  readonly message: string;
}

/** What a linter cannot read in the file itself. What is left out is not looked for. */
export interface LintContext {
  readonly now: Date;
  /** Every file that is in force beside this one, those that we ship included. The file itself may be among them. */
  readonly files: readonly PolicyFile[];
  /** The packs that we ship, whether in force or not: an exemption may name their rules. */
  readonly packs?: readonly PolicyFile[];
  /** What `paths` may be about: absolute folders, and the files of the workspace relative to it. */
  readonly workspace?: { readonly root: string; readonly home: string; readonly paths: readonly string[] };
  /** Names, addresses and roles of those who could answer. */
  readonly people?: readonly string[];
  /** What the arguments of a built-in tool are called, by its canonical name. */
  readonly argumentsOf?: (tool: string) => readonly string[] | undefined;
}

export type Path = readonly PropertyKey[];

/** What can be known of expressions without a call. */
export interface Expressions {
  readonly constantOf: (expression: string) => Constant;
  /** Throws where it cannot be read, which one that compiles can. */
  readonly treeOf: (expression: string) => ASTNode;
}

/** A document with its text. */
export interface Linted {
  readonly expressions: Expressions;
  readonly file: PolicyFile;
  readonly document: PolicyDocument;
  readonly yaml: YamlDocument;
  readonly context: LintContext;
}

/** A rule, and where it stands in its document. */
export interface LintedRule extends Linted {
  readonly rule: Rule;
  readonly path: Path;
}

/** What is found, at the value of that path. */
export function finding({ file, yaml }: Linted, check: Check, path: Path, message: string, severity?: 'hint'): LintFinding {
  return { file: file.path, position: yaml.where(path), check, severity: severity ?? 'warning', message };
}

/** The same, between two characters of a text. */
export function findingIn({ file, yaml }: Linted, check: Check, path: Path, { start, end }: Range, message: string): LintFinding {
  return { file: file.path, position: yaml.whereIn(path, start, end), check, severity: 'warning', message };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The patterns of a field, which may be one or a list, each with its place. */
export function patternsAt(
  source: string | readonly string[] | undefined,
  path: Path,
): readonly { readonly text: string; readonly path: Path }[] {
  if (source === undefined) return [];
  return typeof source === 'string' ? [{ text: source, path }] : source.map((text, index) => ({ text, path: [...path, index] }));
}

export function listOf(source: string | readonly string[] | undefined): readonly string[] {
  if (source === undefined) return [];
  return typeof source === 'string' ? [source] : source;
}
