import type { Path } from './part.ts';

/** A name that may be written, and a few words on what it is. */
export interface Named {
  readonly name: string;
  readonly detail: string;
}

/** What is known of the world that policies speak of. */
export interface KnownNames {
  /** Canonical names, agents' own, and `server/tool`. */
  readonly tools: readonly Named[];
  readonly servers: readonly Named[];
  readonly agents: readonly Named[];
  readonly packs: readonly Named[];
  /** As `policy/rule`. */
  readonly rules: readonly Named[];
  /** What the arguments of a tool are called, where they are known. */
  readonly argumentsOf: (tool: string) => readonly string[] | undefined;
}

/** The names that make sense as the value at a place. */
export function namesAt(path: Path, known: KnownNames): readonly Named[] {
  const steps = path.filter((step) => typeof step === 'string');
  const [field = '', parent = ''] = steps.toReversed();
  if (field === 'tools') return known.tools;
  if (field === 'tool') return known.tools.filter(({ name }) => !name.includes('/'));
  if (field === 'nativeTool') return known.tools;
  if (field === 'mcpServer') return known.servers;
  if (field === 'agent' || (field === 'name' && parent === 'agent')) return known.agents;
  if (field === 'packs') return known.packs;
  if (field === 'rule') return known.rules;
  if (durationFields.has(field)) return durationNames;
  return parent === 'paths' ? pathStarts : [];
}

/** Fields that hold a span of time. */
export const durationFields: ReadonlySet<string> = new Set(['timeout', 'per', 'within']);
const durationNames: readonly Named[] = [
  { name: '30s', detail: 'half a minute' },
  { name: '1m', detail: 'a minute' },
  { name: '10m', detail: 'ten minutes' },
  { name: '30m', detail: 'half an hour' },
  { name: '1h', detail: 'an hour' },
  { name: '24h', detail: 'a day' },
];
const pathStarts: readonly Named[] = [
  { name: '${workspace}/**', detail: 'everything in the workspace' },
  { name: '~/**', detail: 'everything in the home folder' },
  { name: '${countersignHome}/**', detail: 'Countersign’s own state' },
  { name: '.env*', detail: 'in any folder' },
];
