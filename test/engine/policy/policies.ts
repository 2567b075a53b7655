import type { Layer } from '../../../src/engine/decision.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';

export const unused = { count: () => 0 };

/** A policy file with one document of these rules, each a line of YAML. */
export function policy(
  rules: readonly string[],
  options: {
    readonly name?: string;
    readonly layer?: Layer;
    readonly spec?: string;
    readonly top?: string;
    readonly trusted?: boolean;
  } = {},
): PolicyFile {
  const { name = 'p', layer = 'user', spec = '', top = '', trusted = true } = options;
  const source = `kind: ToolPolicy\nmetadata: {name: ${name}}\n${top}\nspec:\n  rules: [${rules.map((rule) => `{${rule}}`).join(', ')}]\n  ${spec}\n`;
  const file = parsePolicyFile({ path: `${name}.yaml`, layer, source, trusted });
  return file;
}

/** The same, and it must be without problems. */
export function goodPolicy(...args: Parameters<typeof policy>): PolicyFile {
  const file = policy(...args);
  if (file.problems.length > 0) throw new Error(file.problems.map((problem) => `${problem.position.line}: ${problem.message}`).join('\n'));
  return file;
}
