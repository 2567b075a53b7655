import { nameAt } from '../../cel/language/expression.ts';
import { conditionAt } from './condition-part.ts';
import { type KnownNames, namesAt } from './known-names.ts';
import { type Part, type Span, wordOf } from './part.ts';
import { documentShapes, fieldsOf, shapesAt, type Shape } from './shape.ts';
import { spanIn, spotAt, type Spot } from './spot.ts';
import { valueHelp } from './value-help.ts';

export interface Hover {
  /** What it is. Text of files and of the log is in here only, which is shown as it stands. */
  readonly code: string;
  /** Our own words about it. */
  readonly text: string;
  readonly span: Span;
}

export interface HoverRequest {
  readonly source: string;
  readonly roots: readonly Part[];
  readonly offset: number;
  readonly isTestFile: boolean;
  /** Leaves out what every YAML extension with our JSON Schema says. */
  readonly onlyNames: boolean;
  readonly known: KnownNames;
}

/** What the reference says of what stands at the offset. */
export function hoverAt(request: HoverRequest): Hover | undefined {
  const { source, roots, offset } = request;
  const inCondition = conditionHover(source, roots, offset);
  if (inCondition !== undefined) return inCondition;
  const spot = spotAt(roots, offset);
  if (spot === undefined) return undefined;
  if (spot.role === 'key') return request.onlyNames ? undefined : fieldHover(spot, request);
  return spot.part.kind === 'text' ? valueHover(spot.part, request) : undefined;
}

function conditionHover(source: string, roots: readonly Part[], offset: number): Hover | undefined {
  const spot = conditionAt(source, roots, offset);
  const named = spot && nameAt(spot.expression, spot.index, spot.ofArtifacts);
  if (spot === undefined || named === undefined) return undefined;
  const { name, kind, types, help = '' } = named.what;
  const code = kind === 'function' ? types.join('\n') : types.map((type) => `${name}: ${type}`).join('\n');
  return { code, text: help, span: spanIn(source, spot.part, named.start, named.end) };
}

function fieldHover({ part }: Spot, { roots, isTestFile }: HoverRequest): Hover | undefined {
  const { key } = part;
  if (key === undefined) return undefined;
  const field = fieldsOf(shapesOf(part.path.slice(0, -1), part, roots, isTestFile)).find(({ name }) => name === key.name);
  if (field?.description === undefined) return undefined;
  return { code: `${key.name}:${field.isRequired ? '  # required' : ''}`, text: field.description, span: key };
}

function valueHover(part: Part, { known, onlyNames }: HoverRequest): Hover | undefined {
  const value = wordOf(part);
  const field = part.path.findLast((step) => typeof step === 'string') ?? '';
  const name = namesAt(part.path, known).find((one) => one.name === value && one.detail !== '');
  if (name !== undefined) return { code: `${value}\n${name.detail}`, text: '', span: part };
  const text = onlyNames ? undefined : valueHelp(field, value);
  return text === undefined ? undefined : { code: value, text, span: part };
}

function shapesOf(path: Part['path'], part: Part, roots: readonly Part[], isTestFile: boolean): readonly Shape[] {
  const root = roots.find(({ start, end }) => start <= part.start && part.end <= end);
  return shapesAt(documentShapes(root, isTestFile), path);
}
