/**
 * How a configuration names a secret instead of holding it. Without a `$`: clients that put variables in place of `${…}` make nothing of names that they
 * do not know, Gemini CLI for one.
 */
export function referenceTo(name: string): string {
  return `{secret:${name}}`;
}

/** Whether a text may name one. */
export function mayNameSecret(text: string): boolean {
  return text.includes('{secret:');
}

/** What a person may call a secret. One spelling each, so that no file system takes two for the same. */
export const secretName = /^[A-Z][A-Z0-9_]{0,99}$/;

/** As people write it, too, who know `${NAME}`. */
const reference = /\$\{secret:([^}]*)\}|\{secret:([A-Z][A-Z0-9_]{0,99})\}/g;

/** The secrets that a text names, each once. Throws where something was meant to be a name and is none. */
export function secretsNamedIn(texts: readonly string[]): readonly string[] {
  const names = new Set(texts.flatMap((text) => [...text.matchAll(reference)].map(([, dollar, plain = '']) => dollar ?? plain)));
  const wrong = [...names].find((name) => !secretName.test(name));
  if (wrong !== undefined) throw new Error(`\${secret:${wrong}} names no secret: a name has capital letters, digits and _ only.`);
  return [...names];
}

/** The text with the secrets in the place of their names. */
export function withSecrets(text: string, values: ReadonlyMap<string, string>): string {
  // A function: a value with `$&` in it means just that.
  return text.replace(reference, (whole, dollar?: string, plain = '') => values.get(dollar ?? plain) ?? whole);
}
