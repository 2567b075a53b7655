/** A line of a difference. `gap` stands for `count` equal lines that are left out. */
export type DiffLine =
  | { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }
  | { readonly kind: 'gap'; readonly count: number };

type Plain = Exclude<DiffLine, { readonly kind: 'gap' }>;

/** Beyond this many pairs of lines that differ, everything between counts as replaced: a person would not compare them either. */
const mostPairs = 250_000;
const context = 3;

/** What became of `before`, line by line: first what was removed, then what came in its place. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const same = (lines: readonly string[]): readonly Plain[] => lines.map((text) => ({ kind: 'same', text }));
  return withGaps([
    ...same(old.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...same(old.slice(old.length - tail)),
  ]);
}

/** No text has no lines; a line feed at the end begins no further one. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function middle(old: readonly string[], now: readonly string[]): readonly Plain[] {
  if (old.length * now.length > mostPairs) return [...marked('removed', old), ...marked('added', now)];
  const lengths = commonLengths(old, now);
  const lines: Plain[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: now[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** `[i][j]`: how many lines the rests from there on have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    const below = lengths[i + 1];
    if (row === undefined || below === undefined) continue;
    for (let j = now.length - 1; j >= 0; j -= 1)
      row[j] = old[i] === now[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return lengths;
}

function marked(kind: 'removed' | 'added', lines: readonly string[]): readonly Plain[] {
  return lines.map((text) => ({ kind, text }));
}

function withGaps(lines: readonly Plain[]): readonly DiffLine[] {
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same');
  const result: DiffLine[] = [];
  for (const [index, line] of lines.entries()) {
    const last = result.at(-1);
    if (line.kind !== 'same' || near(index)) result.push(line);
    else if (last?.kind === 'gap') result[result.length - 1] = { kind: 'gap', count: last.count + 1 };
    else result.push({ kind: 'gap', count: 1 });
  }
  return result;
}
