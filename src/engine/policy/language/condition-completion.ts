import { comparedAfter, suggestionsAfter } from '../../cel/language/expression.ts';
import type { Nameable } from '../../cel/language/scope.ts';
import { severities } from '../../artifact/scan.ts';
import type { Place } from '../place.ts';
import type { Completion } from './completion.ts';
import type { ConditionSpot } from './condition-part.ts';
import type { KnownNames, Named } from './known-names.ts';
import { fieldOf, itemsOf, type Part, type Span, textOf } from './part.ts';

/** What may be written in a condition at the cursor. */
export function conditionCompletions(
  source: string,
  offset: number,
  { beginning, rule, ofArtifacts }: ConditionSpot,
  known: KnownNames,
): readonly Completion[] {
  const compared = comparedAfter(beginning);
  if (compared !== undefined)
    return comparedValues(compared.expression, known).map((one) => valueOf(one, around(source, offset, compared.typed)));
  const { items, typed } = suggestionsAfter(beginning, ofArtifacts);
  const replace = around(source, offset, typed);
  const sent = /\brequest\s*\.\s*arguments\s*\.\??\s*\w*$/.test(beginning) ? argumentsOf(rule, known) : [];
  return [...sent, ...items].map((item) => completionOf(item, replace));
}

/** What the tools are sent that the rule is about. */
function argumentsOf(rule: Part, { argumentsOf: of }: KnownNames): readonly Nameable[] {
  const tools = fieldOf(rule, 'tools');
  const named = [...(tools === undefined ? [] : [tools]), ...itemsOf(tools)].flatMap((part) => textOf(part) ?? []);
  return named.flatMap((tool) =>
    (of(tool) ?? [])
      .filter((name) => /^\w+$/.test(name))
      .map((name): Nameable => ({ name, kind: 'member', types: ['dyn'], help: `An argument of ${tool}.` })),
  );
}

/** The word that the cursor is in. */
function around(source: string, offset: number, typed: string): Span {
  const rest = /^\w*/.exec(source.slice(offset, offset + 200))?.[0] ?? '';
  return { start: offset - typed.length, end: offset + rest.length };
}

function completionOf({ name, kind, types, help }: Nameable, replace: Span): Completion {
  return {
    label: name,
    kind,
    detail: types.join(' · '),
    ...(help === undefined ? {} : { help }),
    insert: kind === 'function' ? callOf(name, types[0] ?? '') : name,
    replace,
  };
}

function callOf(name: string, form: string): string {
  if (form.includes('(…, …')) return `${name}(\${1:x}, $0)`;
  return form.includes('()') ? `${name}()` : `${name}($0)`;
}

function valueOf({ name, detail }: Named, replace: Span): Completion {
  return { label: name, kind: 'name', detail, insert: name.replaceAll(/[\\$}]/g, '\\$&'), replace };
}

/** A record, so that none is forgotten. */
const places: Readonly<Record<Place, string>> = {
  system: 'the folders of the machine',
  disk: 'a block device',
  device: 'a harmless device',
  home: 'the home, and its hidden folders',
  above: 'a folder that holds the workspace',
  workspace: 'the workspace itself',
  repository: 'a .git folder and what is in it',
  generated: 'built, cached or downloaded again',
  inside: 'anything else in the workspace',
  temporary: 'below /tmp and the like',
  elsewhere: 'any other place',
  unknown: 'not known before it runs',
};
const artifactKinds = ['npm', 'file', 'image', 'url', 'pypi', 'program'];
const gitStates = ['clean', 'changed', 'untracked', 'ignored', 'outside', 'missing', 'unknown'];

/** What a text is likely to be compared with. */
export function comparedValues(expression: string, { tools, servers, agents }: KnownNames): readonly Named[] {
  if (expression === 'request.tool') return tools.filter(({ name }) => !name.includes('/'));
  if (expression === 'request.nativeTool') return tools.filter(({ name }) => !name.includes('/'));
  if (expression === 'request.mcpServer') return servers;
  if (expression === 'request.agent.name') return agents;
  if (/(\.|^)place(\(.*\))?$/.test(expression)) return Object.entries(places).map(([name, detail]) => ({ name, detail }));
  if (expression === 'artifact.kind') return artifactKinds.map((name) => ({ name, detail: '' }));
  // No field of a call is called like that.
  if (/\.(severity|max)$/.test(expression)) return severities.map((name) => ({ name, detail: '' }));
  return expression.endsWith('.git') ? gitStates.map((name) => ({ name, detail: '' })) : [];
}
