import type { Fix } from './fix.ts';
import type { Part, Path, Span } from './part.ts';
import { type FieldShape, fieldsOf, type Shape, takes, valuesOf } from './shape.ts';

/** Adds the fields that a map cannot do without, where a problem is about the map. */
export function missingFields(roots: readonly Part[], problem: Span, shapesOf: (path: Path) => readonly Shape[]): readonly Fix[] {
  const map = mapAt(roots, problem.start);
  if (map === undefined) return [];
  const there = new Set(map.parts.map(({ key }) => key?.name));
  const missing = fieldsOf(shapesOf(map.path)).filter(({ name, isRequired }) => isRequired && !there.has(name));
  return missing.map((field) => ({ title: `Add "${field.name}"`, edits: [added(map, field)], isPreferred: missing.length === 1 }));
}

/** The innermost map that begins here, or whose name does. */
function mapAt(parts: readonly Part[], offset: number): Part | undefined {
  for (const part of parts) {
    const inner = mapAt(part.parts, offset);
    if (inner !== undefined) return inner;
    if (part.kind === 'map' && (part.start === offset || part.key?.start === offset)) return part;
  }
  return undefined;
}

/** Before what is there, so that nothing need be known of how it ends. */
function added(map: Part, field: FieldShape): Fix['edits'][number] {
  const text = `${field.name}: ${valueFor(field)}`;
  const at = map.isFlow ? map.start + 1 : map.start;
  if (map.isFlow) return { span: { start: at, end: at }, text: map.parts.length > 0 ? `${text}, ` : text };
  return { span: { start: at, end: at }, text: `${text}\n${' '.repeat(map.indent)}` };
}

function valueFor({ name, shapes }: FieldShape): string {
  const values = valuesOf(shapes);
  if (values.includes('deny')) return 'deny';
  if (name === 'metadata') return '{name: my-policy}';
  if (name === 'name') return 'new-name';
  return values[0] ?? (takes(shapes, 'map') ? '{}' : '""');
}
