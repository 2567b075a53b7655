/** Edits of Codex's config.toml, which leave every other line as it was. They throw where the text is written in a way that they cannot change. */

const begin = '# Countersign: what a person agreed to when it was installed. "countersign uninstall codex" takes it out.';
const end = '# Countersign: end.';

export interface CodexSettings {
  /** Hashes of hooks that a person trusts, by their key. */
  readonly trust: ReadonlyMap<string, string>;
  /** Nothing is typed into commands that still run. */
  readonly noTty: boolean;
  readonly noWebSearch: boolean;
}

/** The text with those settings, and the same text where they are there already. */
export function withSettings(text: string, { trust, noTty, noWebSearch }: CodexSettings): string {
  const state = [...trust].flatMap(([key, hash]) => [stateHeader(key), `trusted_hash = "${hash}"`]);
  const block = [begin, ...state, end].join('\n');
  // Codex writes tables of its own behind it, or before its last line: that is no reason to move it.
  const isThere = text.includes([begin, ...state, ''].join('\n')) && text.includes(end);
  const others = isThere
    ? linesOf(text)
    : tablesWithout(linesOf(withoutBlock(text)), (header) => [...trust.keys()].some((key) => header === stateHeader(key)));
  let lines = others;
  if (noWebSearch) lines = withTopLevel(lines, 'web_search', '"disabled"');
  if (noTty) lines = withFeature(lines, 'unified_exec_tty', 'false');
  if (isThere) return lines.join('\n');
  const rest = lines.join('\n').replace(/\n*$/, '');
  return `${rest}${rest === '' ? '' : '\n\n'}${block}\n`;
}

/**
 * The text without our block, and with what Codex has written between its lines. What the block sets beside that stays: nobody knows any
 * more who wanted it.
 */
export function withoutBlock(text: string): string {
  const lines = linesOf(text);
  const from = lines.indexOf(begin);
  if (from === -1) return text;
  const to = lines.indexOf(end, from);
  if (to === -1) throw new Error(`config.toml has the line "${begin}" and no end of that part`);
  const within = lines.slice(from + 1, to);
  const others = within.slice(within.findIndex((line) => !isOurs(line)));
  const kept = within.every(isOurs) ? [] : others;
  const before = lines.slice(0, from);
  return [...(before.length > 1 && before.at(-1) === '' ? before.slice(0, -1) : before), ...kept, ...lines.slice(to + 1)].join('\n');
}

function isOurs(line: string): boolean {
  return line.startsWith('[hooks.state.') || line.startsWith('trusted_hash = ');
}

/** Whether such a file keeps the hooks of a person from running. */
export function switchesHooksOff(text: string): boolean {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => headerOf(line) === '[features]');
  const table = at === -1 ? [] : lines.slice(at + 1, nextHeader(lines, at + 1));
  return (
    [
      ...table.filter((line) => /^\s*hooks\s*=\s*false\b/.test(line)),
      ...lines.filter((line) => /^\s*features\s*(\.\s*hooks\s*=\s*false\b|=.*\bhooks\s*=\s*false\b)/.test(line)),
    ].length > 0
  );
}

function stateHeader(key: string): string {
  return `[hooks.state.${JSON.stringify(key)}]`;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

function headerOf(line: string): string | undefined {
  return /^\s*(\[[^#]*\])\s*(#.*)?$/.exec(line)?.[1];
}

function nextHeader(lines: readonly string[], from: number): number {
  const at = lines.slice(from).findIndex((line) => headerOf(line) !== undefined);
  return at === -1 ? lines.length : from + at;
}

/** A table that stands there twice would be an error that keeps Codex from starting. */
function tablesWithout(lines: readonly string[], isGone: (header: string) => boolean): readonly string[] {
  const at = lines.findIndex((line) => isGone(headerOf(line) ?? ''));
  if (at === -1) return lines;
  return tablesWithout([...lines.slice(0, at), ...lines.slice(nextHeader(lines, at + 1))], isGone);
}

function withTopLevel(lines: readonly string[], name: string, value: string): readonly string[] {
  const top = nextHeader(lines, 0);
  const at = lines.slice(0, top).findIndex((line) => new RegExp(`^\\s*${name}\\s*=`).test(line));
  return at === -1 ? [`${name} = ${value}`, ...lines] : lines.with(at, `${name} = ${value}`);
}

function withFeature(lines: readonly string[], name: string, value: string): readonly string[] {
  if (lines.some((line) => /^\s*features\s*[.=]/.test(line)))
    throw new Error(`config.toml sets "features" in one line. Set features.${name} = ${value} there yourself, and leave the choice out`);
  const header = lines.findIndex((line) => headerOf(line) === '[features]');
  if (header === -1) return [...lines, ...(lines.at(-1) === '' || lines.length === 0 ? [] : ['']), '[features]', `${name} = ${value}`];
  const stop = nextHeader(lines, header + 1);
  const at = lines.findIndex((line, index) => index > header && index < stop && new RegExp(`^\\s*${name}\\s*=`).test(line));
  return at === -1 ? lines.toSpliced(header + 1, 0, `${name} = ${value}`) : lines.with(at, `${name} = ${value}`);
}
