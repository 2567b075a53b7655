import { isMap, isScalar, isSeq, parseAllDocuments, stringify, type Document, type YAMLSeq } from 'yaml';
import { lineAfter } from './rule-place.ts';
import type { RuleSource } from './schema.ts';

/** A policy file with one rule more. Everything that stood there stands there still, to the letter. */
export interface WithRule {
  readonly source: string;
  /** What was put in, and where. */
  readonly inserted: string;
  readonly offset: number;
  /** The rule's first line, counted from 1. */
  readonly line: number;
  readonly rule: RuleSource;
}

/**
 * Adds a rule at the end of the first policy that is about every call and lists its rules line by line; where there is none, in a
 * policy of its own called `name`, at the end of the file. `note` becomes a comment above it.
 */
export function addRule(source: string, wanted: RuleSource, { name, note }: { readonly name: string; readonly note: string }): WithRule {
  for (const document of parseAllDocuments(source, { schema: 'core', prettyErrors: false })) {
    const rules = openRules(document);
    const added = rules && beside(source, rules, wanted, note);
    if (added) return added;
  }
  return inOwnPolicy(source, wanted, name, note);
}

function openRules(document: Document): YAMLSeq | undefined {
  const { contents } = document;
  if (!isMap(contents) || contents.flow === true || document.getIn(['kind']) !== 'ToolPolicy') return undefined;
  const limited = ['agent', 'mcpServer'].some((field) => document.hasIn(['spec', field])) || document.getIn(['spec', 'mode']) === 'observe';
  const rules = document.getIn(['spec', 'rules'], true);
  return !limited && isSeq(rules) && rules.flow !== true && rules.items.length > 0 ? rules : undefined;
}

function beside(source: string, rules: YAMLSeq, wanted: RuleSource, note: string): WithRule | undefined {
  const place = lineAfter(source, rules);
  if (place === undefined) return undefined;
  const rule = { ...wanted, name: freeName(wanted.name, namesIn(rules)) };
  return put(source, place.offset, place.before, indented([`# ${note}`, ...linesOf([rule])], place.indent), rule);
}

function inOwnPolicy(source: string, rule: RuleSource, name: string, note: string): WithRule {
  const separator = source.trim() === '' ? '' : `${source.endsWith('\n') ? '' : '\n'}---\n`;
  const head = `apiVersion: countersign.dev/v1\nkind: ToolPolicy\nmetadata:\n  name: ${name}\nspec:\n  rules:\n`;
  return put(source, source.length, separator + head, indented([`# ${note}`, ...linesOf([rule])], '    '), rule);
}

function put(source: string, offset: number, before: string, text: string, rule: RuleSource): WithRule {
  const inserted = before + text;
  const all = source.slice(0, offset) + inserted + source.slice(offset);
  return { source: all, inserted, offset, line: all.slice(0, offset + before.length).split('\n').length, rule };
}

function linesOf(rules: readonly RuleSource[]): readonly string[] {
  return stringify(rules, { lineWidth: 0, schema: 'core' }).trimEnd().split('\n');
}

function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => `${indent}${line}\n`).join('');
}

function namesIn(rules: YAMLSeq): ReadonlySet<unknown> {
  return new Set(
    rules.items.flatMap((item) => {
      const name = isMap(item) ? item.get('name', true) : undefined;
      return isScalar(name) ? [name.value] : [];
    }),
  );
}

function freeName(name: string, taken: ReadonlySet<unknown>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
