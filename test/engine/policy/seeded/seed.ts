/**
 * One mistake in a document: the text with «marks» around what is to be flagged, what to write there instead (or, where the cure is
 * elsewhere, which piece becomes which), and what is said about it.
 */
export type Seed = readonly [mistake: string, text: string, right: string | readonly [from: string, to: string], says: string];

export const head = 'kind: ToolPolicy\nmetadata: {name: p}\nspec:\n';

/** A policy with this in its spec. */
export function spec(text: string): string {
  return `${head}  ${text}\n`;
}

/** A policy with one rule that denies, and this in it. */
export function rule(text: string): string {
  return spec(`rules:\n    - name: r\n      action: deny\n      ${text}`);
}

/** A policy with one rule that asks, and this in it. */
export function asking(text: string): string {
  return spec(`rules:\n    - name: r\n      action: require_approval\n      ${text}`);
}

/** A policy with one rule that has this condition, as a YAML scalar of any style. */
export function condition(scalar: string): string {
  return rule(`conditions:\n        - cel: ${scalar}`);
}

/** A policy with these exemptions. */
export function exempting(text: string): string {
  return `kind: ToolPolicy\nmetadata: {name: p}\nexempt:\n  ${text}\nspec: {}\n`;
}

/** A budget with this in its spec. */
export function budget(text: string): string {
  return `kind: BudgetPolicy\nmetadata: {name: b}\nspec:\n  ${text}\n`;
}

/** A budget with one limit. */
export function limit(text: string): string {
  return budget(`limits:\n    - {${text}}`);
}
