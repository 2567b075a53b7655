import type { Action } from '../../../src/engine/decision.ts';

/** A tool call of the agent. A text is a Bash command. */
export type Try = string | { readonly tool: string; readonly input: Readonly<Record<string, string>> };

/** One way to get rid of the governor, and what becomes of it. */
export interface Variant {
  /** `{pid}` and the like stand for the `Places`; `{base64:…}` for what is in it, encoded. */
  readonly tries: Try;
  readonly action: Extract<Action, 'deny' | 'require_approval'>;
  /** `policy/rule`; the decision names it. */
  readonly rule: string;
  /** Files of the project that were there before, by their names. */
  readonly files?: Readonly<Record<string, string>>;
  /** Only the engine is asked: it would hurt the machine that runs the tests if it ever ran, or names what only exists on some. */
  readonly engineOnly?: boolean;
  /** The agent's client refuses it by itself, before it asks a hook. */
  readonly clientRefuses?: boolean;
}

export interface Theme {
  readonly title: string;
  readonly variants: readonly Variant[];
}

/** What the placeholders of a variant stand for. */
export interface Places {
  readonly pid: string;
  readonly port: string;
  readonly program: string;
  readonly runtime: string;
  readonly home: string;
  readonly project: string;
}

type Options = Pick<Variant, 'files' | 'engineOnly' | 'clientRefuses'>;

export const engineOnly: Options = { engineOnly: true };
export const clientRefuses: Options = { clientRefuses: true };

/** `rule` without a policy is one of self-protection. */
export function denied(rule: string, tries: Try, options: Options = {}): Variant {
  return { tries, action: 'deny', rule: fullName(rule), ...options };
}

export function asked(rule: string, tries: Try, options: Options = {}): Variant {
  return { tries, action: 'require_approval', rule: fullName(rule), ...options };
}

function fullName(rule: string): string {
  return rule.includes('/') ? rule : `self-protection/${rule}`;
}

/** The call as Claude Code would make it. */
export function callOf({ tries }: Variant, places: Places): { readonly name: string; readonly input: Readonly<Record<string, string>> } {
  if (typeof tries === 'string') return { name: 'Bash', input: { command: filled(tries, places) } };
  return { name: tries.tool, input: allFilled(tries.input, places) };
}

export function filesOf({ files = {} }: Variant, places: Places): Readonly<Record<string, string>> {
  return allFilled(files, places);
}

/** How a person reads it. */
export function textOf({ tries }: Variant): string {
  return typeof tries === 'string' ? tries : `${tries.tool} ${Object.values(tries.input)[0] ?? ''}`.trim();
}

function allFilled(texts: Readonly<Record<string, string>>, places: Places): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(text, places)]));
}

function filled(text: string, places: Places): string {
  const named = Object.entries(places).reduce((done, [name, value]) => done.replaceAll(`{${name}}`, value), text);
  return named.replaceAll(/\{base64:([^}]*)\}/g, (_, plain: string) => Buffer.from(plain).toString('base64'));
}
