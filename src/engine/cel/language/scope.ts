import type { Environment } from '@marcbachmann/cel-js';
import { viewTypes } from '../request-view.ts';
import { artifactHelp, artifactTypes, declaredOfArtifacts } from './artifact.ts';
import { declared } from './declared.ts';
import { fieldHelp, functionHelp } from './help.ts';
import { operandBefore, type Token } from './tokens.ts';

/** Something that an expression can name. */
export interface Nameable {
  readonly name: string;
  readonly kind: 'variable' | 'member' | 'function';
  /** `string`, or `startsWith(string): bool`; each form of a function. */
  readonly types: readonly string[];
  readonly help?: string;
}

/** What can be named at a place of an expression, and of which type it is. */
export class Scope {
  readonly #environment: Environment;
  readonly #variables: readonly { readonly name: string; readonly type: string }[];

  private constructor(environment: Environment, variables: Scope['variables']) {
    this.#environment = environment;
    this.#variables = variables;
  }

  /** Within the loops that are open after these tokens. `ofArtifacts`: where a condition speaks of a server that starts. */
  static after(tokens: readonly Token[], ofArtifacts: boolean): Scope {
    let scope = ofArtifacts ? new Scope(declaredOfArtifacts(), [{ name: 'artifact', type: 'Artifact' }]) : new Scope(declared, []);
    for (const { receiver, variable } of openLoops(tokens)) scope = scope.#with(variable, elementOf(scope.typeOf(receiver)));
    return scope;
  }

  get variables(): readonly { readonly name: string; readonly type: string }[] {
    return this.#variables;
  }

  /** `dyn` where only the call at hand could tell; `undefined` where it is no expression. */
  typeOf(expression: string): string | undefined {
    try {
      return this.#environment.parse(expression).check().type;
    } catch {
      return undefined;
    }
  }

  /** What can stand after the dot. */
  membersOf(type: string): readonly Nameable[] {
    const fields = viewTypes.find(({ name }) => name === type)?.fields ?? {};
    const own = Object.entries(fields).map(([name, of]): Nameable => {
      const help = fieldHelp[type]?.[name];
      return { name, kind: 'member', types: [of], ...(help === undefined ? {} : { help }) };
    });
    return [...own, ...artifactMembers(type), ...this.#functions((receiver) => receiver !== null && fits(type, receiver))];
  }

  /** What can stand by itself. */
  globals(): readonly Nameable[] {
    const variables = this.#variables.map(({ name, type }): Nameable => ({
      name,
      kind: 'variable',
      types: [type],
      ...(type === 'Artifact' ? { help: artifactHelp } : {}),
    }));
    const request: Nameable = { name: 'request', kind: 'variable', types: ['Request'], help: 'The tool call that is being decided.' };
    return [...variables.toReversed(), request, ...this.#functions((receiver) => receiver === null)];
  }

  #functions(wanted: (receiver: string | null) => boolean): readonly Nameable[] {
    const found = new Map<string, string[]>();
    for (const { name, params, returnType, receiverType } of this.#environment.getDefinitions().functions) {
      if (name.startsWith('__') || hidden.has(name) || !wanted(receiverType ?? null)) continue;
      const form = `${name}(${params.map(({ type }) => (type === 'ast' ? '…' : type)).join(', ')}): ${returnType}`;
      found.set(name, [...(found.get(name) ?? []), form]);
    }
    return [...found].map(([name, types]) => {
      const help = functionHelp[name];
      return { name, kind: 'function', types: [...new Set(types)], ...(help === undefined ? {} : { help }) };
    });
  }

  #with(name: string, type: string): Scope {
    try {
      const environment = this.#environment.clone();
      environment.registerVariable(name, type);
      return new Scope(environment, [...this.#variables, { name, type }]);
    } catch {
      // A name that cannot be one: the diagnostics say so.
      return this;
    }
  }
}

function artifactMembers(type: string): readonly Nameable[] {
  const fields = Object.hasOwn(artifactTypes, type) ? artifactTypes[type] : undefined;
  return Object.entries(fields ?? {}).map(([name, [of, help]]) => ({ name, kind: 'member', types: [of], help }));
}

/** Of no use in a condition, or not in this version. */
const hidden = new Set(['dyn', 'type', 'bytes', 'bind', 'json', 'hex', 'base64', 'at']);
const loops = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter']);

function fits(type: string, receiver: string): boolean {
  if (type === 'dyn') return receiver === 'string' || receiver.startsWith('list<');
  return (
    receiver === type ||
    (receiver.startsWith('list<') && type.startsWith('list<')) ||
    (receiver.startsWith('map<') && type.startsWith('map'))
  );
}

function elementOf(type: string | undefined): string {
  return /^list<(.+)>$/.exec(type ?? '')?.[1] ?? 'dyn';
}

interface Loop {
  readonly receiver: string;
  readonly variable: string;
}

/** `list.exists(x, …` whose bracket is still open. */
function openLoops(tokens: readonly Token[]): readonly Loop[] {
  const open: (Loop | undefined)[] = [];
  tokens.forEach(({ text }, at) => {
    if (text === '(' || text === '[' || text === '{') open.push(text === '(' ? loopAt(tokens, at) : undefined);
    if (text === ')' || text === ']' || text === '}') open.pop();
  });
  return open.filter((loop) => loop !== undefined);
}

function loopAt(tokens: readonly Token[], bracket: number): Loop | undefined {
  const name = tokens[bracket - 1];
  const [variable, comma] = tokens.slice(bracket + 1, bracket + 3);
  if (name === undefined || !loops.has(name.text) || tokens[bracket - 2]?.text !== '.') return undefined;
  if (variable?.kind !== 'name' || comma?.text !== ',') return undefined;
  return { receiver: textOfTokens(operandBefore(tokens, bracket - 2)), variable: variable.text };
}

export function textOfTokens(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}
