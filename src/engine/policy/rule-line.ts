import type { Position } from './position.ts';
import { readYaml } from './yaml-source.ts';

/** The line, counted from 1, on which a rule begins in the text of its policy; 1 where it cannot be told. Nothing is compiled for it. */
export function ruleLine(source: string, policy: string, rule: string): number {
  for (const { value, where } of readYaml(source).documents) {
    if (textAt(value, ['metadata', 'name']) !== policy) continue;
    if (rule === '(default)') return where(['spec', 'defaultAction']).line;
    const index = rulesOf(value).findIndex((one) => textAt(one, ['name']) === rule);
    return index < 0 ? where(['spec']).line : where(['spec', 'rules', index]).line;
  }
  return 1;
}

export interface RulePlace {
  readonly policy: string;
  readonly rule: string;
  readonly position: Position;
}

/** Every rule with a name, where it stands; `undefined` where the text cannot be read. Nothing is compiled for it. */
export function rulePlaces(source: string): readonly RulePlace[] | undefined {
  const { documents, problems } = readYaml(source);
  if (problems.length > 0) return undefined;
  return documents.flatMap(({ value, where }) => {
    const policy = textAt(value, ['metadata', 'name']);
    return rulesOf(value).flatMap((one, index): readonly RulePlace[] => {
      const rule = textAt(one, ['name']);
      return policy === undefined || rule === undefined ? [] : [{ policy, rule, position: where(['spec', 'rules', index]) }];
    });
  });
}

function rulesOf(document: unknown): readonly unknown[] {
  const rules = memberAt(document, ['spec', 'rules']);
  return Array.isArray(rules) ? rules : [];
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  const found = memberAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined), value);
}
