import type { JsonObject, JsonValue } from '../engine/json.ts';

/** One argument of a call, as it is shown. `main` is the one that says what the call does. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly main: boolean;
  /** Fits into a line. */
  readonly short: boolean;
  /** Shown when the value does not fit its box, so that nothing waits unseen below the edge; empty for short values. */
  readonly size: string;
}

const mainNames: Readonly<Record<string, readonly string[]>> = {
  shell: ['command', 'cmd', 'script'],
  read: ['file_path'],
  write: ['file_path'],
  edit: ['file_path'],
  notebook_edit: ['notebook_path'],
  glob: ['pattern'],
  grep: ['pattern'],
  fetch: ['url'],
  web_search: ['query'],
  agent: ['prompt'],
};

/** Parts of one change: below each other, whatever their length. */
const alwaysBoxed: ReadonlySet<string> = new Set(['old_string', 'new_string', 'content']);

/** Every argument, the one that matters most first, the others in the agent's order. */
export function argumentFields(tool: string, args: JsonObject): readonly Field[] {
  const main = mainNames[tool]?.find((name) => name in args);
  const fields = Object.entries(args).map(([name, value]) => field(name, value, name === main));
  return [...fields.filter((each) => each.main), ...fields.filter((each) => !each.main)];
}

function field(name: string, value: JsonValue, main: boolean): Field {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return {
    name,
    value: text,
    main,
    short: !main && !alwaysBoxed.has(name) && text.length <= 60 && !text.includes('\n'),
    size: sizeOf(text),
  };
}

function sizeOf(text: string): string {
  const lines = text.split('\n').length;
  if (lines <= 8 && text.length <= 400) return '';
  return `${lines} ${lines === 1 ? 'line' : 'lines'}, ${text.length} characters`;
}
