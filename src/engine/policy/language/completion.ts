import { namesAt, type KnownNames, type Named } from './known-names.ts';
import type { Span } from './part.ts';
import { type Place, placeAt } from './place.ts';
import { documentShapes, type FieldShape, fieldsOf, itemShapes, shapesAt, takes, valuesOf, type Shape } from './shape.ts';
import { type Snippet, skeletons, snippetsAt } from './skeletons.ts';
import { valueHelp } from './value-help.ts';
import { yamlText } from './yaml-text.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'name' | 'snippet' | 'member' | 'function' | 'variable';
  /** A few words beside the label. */
  readonly detail?: string;
  /** The reference's text. */
  readonly help?: string;
  /** In the syntax of snippets. */
  readonly insert: string;
  readonly replace: Span;
  /** What is typed on, where it is not the label. */
  readonly filter?: string;
  /** Whether something is to be chosen at the place that this leads to. */
  readonly goesOn?: boolean;
}

export interface CompletionRequest {
  readonly source: string;
  readonly offset: number;
  readonly isTestFile: boolean;
  /** Leaves out what every YAML extension with our JSON Schema offers. */
  readonly onlyNames: boolean;
  readonly known: KnownNames;
  readonly snippets: readonly Snippet[];
}

/** What may be written at the cursor, the likeliest first. */
export function completions({ source, offset, isTestFile, onlyNames, known, snippets }: CompletionRequest): readonly Completion[] {
  const place = placeAt(source, offset);
  if (place === undefined) return [];
  const shapes = shapesAt(documentShapes(place.root, isTestFile), place.path);
  const fields = place.role === 'field' && !onlyNames ? fieldCompletions(place, shapes) : [];
  const lists = place.role === 'field' && place.isLone ? itemCompletions(place, shapes, snippets) : [];
  const asValue = place.role === 'value' || (place.isLone && !place.hasColon);
  return [...lists, ...fields, ...(asValue ? valueCompletions(place, shapes, known, onlyNames) : [])];
}

function fieldCompletions(place: Place, shapes: readonly Shape[]): readonly Completion[] {
  const open = fieldsOf(shapes).filter(({ name }) => !place.siblings.includes(name));
  const missing = open.filter(({ isRequired }) => isRequired);
  return [...missing, ...open.filter(({ isRequired }) => !isRequired)].map((field) => ({
    label: field.name,
    kind: 'field',
    ...(field.isRequired ? { detail: 'required' } : {}),
    ...(field.description === undefined ? {} : { help: field.description }),
    insert: place.hasColon ? field.name : fieldText(field, place),
    replace: place.replace,
    goesOn: !place.hasColon,
  }));
}

function fieldText({ name, shapes }: FieldShape, { isFlow, extraIndent }: Place): string {
  const indent = ' '.repeat(extraIndent + 2);
  if (takes(shapes, 'list')) return isFlow || !takes(itemShapes(shapes), 'map') ? `${name}: [$0]` : `${name}:\n${indent}- $0`;
  if (takes(shapes, 'text') || !takes(shapes, 'map')) return `${name}: `;
  return isFlow ? `${name}: {$0}` : `${name}:\n${indent}$0`;
}

/** Under the name of a list: its first item. In a list of maps: the fields that one cannot do without. */
function itemCompletions(place: Place, shapes: readonly Shape[], snippets: readonly Snippet[]): readonly Completion[] {
  if (place.isFlow) return [];
  const needed = skeletons(place.path, shapes, place.extraIndent);
  const often = needed.length === 0 ? [] : snippetsAt(place.path, shapes, snippets);
  return [...needed, ...often].map(({ label, text, help }) => ({
    label,
    kind: 'snippet',
    help,
    insert: text,
    replace: place.replace,
  }));
}

function valueCompletions(place: Place, shapes: readonly Shape[], known: KnownNames, onlyNames: boolean): readonly Completion[] {
  const field = place.path.findLast((step) => typeof step === 'string') ?? '';
  const values = onlyNames ? [] : valuesOf(shapes).filter((value) => place.quote === undefined || (value !== 'true' && value !== 'false'));
  const fixed = values.map((value): Completion => {
    const help = valueHelp(field, value);
    return { label: value, kind: 'value', ...(help === undefined ? {} : { help }), insert: written(value, place), replace: place.replace };
  });
  // A list or a map is not written as a name.
  if (values.length > 0 || (place.role === 'field' && fieldsOf(shapes).length > 0)) return fixed;
  return [...fixed, ...namesAt(place.path, known).map((name) => nameCompletion(name, place))];
}

function nameCompletion({ name, detail }: Named, place: Place): Completion {
  return { label: name, kind: 'name', detail, insert: written(name, place), replace: place.replace };
}

/** A value as it has to be written there, and as the text of a snippet. */
function written(value: string, { quote }: Place): string {
  return escaped(quote === undefined ? yamlText(value) : quoted(value, quote));
}

function quoted(value: string, quote: '"' | "'"): string {
  return quote === '"' ? JSON.stringify(value).slice(1, -1) : value.replaceAll("'", "''");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}
