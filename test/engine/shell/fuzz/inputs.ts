import type { Random } from '../mutations/random.ts';

/** An input that nobody would write: bytes, tokens in a heap, broken pieces of real texts, or one thing very often. */
export function fuzzInput(random: Random, seeds: readonly string[]): string {
  return random.pick([bytes, tokens, spliced, spliced, nested, repeated, nestedTokens])(random, seeds);
}

type Maker = (random: Random, seeds: readonly string[]) => string;

const lists = {
  open: [
    '(',
    '{ ',
    '$(',
    '`',
    '"',
    "'",
    '$((',
    '${',
    '<(',
    '[[ ',
    '((',
    'if ',
    'while ',
    'case x in ',
    'f() { ',
    '"$(',
    '${x:-',
    "$'",
    'for x in ',
  ],
  close: [
    ')',
    '; }',
    ')',
    '`',
    '"',
    "'",
    '))',
    '}',
    ')',
    ' ]]',
    '))',
    '; then :; fi',
    '; do :; done',
    ' *) ;; esac',
    '; }',
    ')"',
    '}',
    "'",
    '; do :; done',
  ],
  words: [
    'rm',
    '-rf',
    '/',
    '~',
    '*',
    '$x',
    '$@',
    '${x}',
    '${!x}',
    '${x[@]}',
    'x=1',
    'echo',
    'eval',
    'sh -c',
    'sudo',
    'xargs',
    'git',
    '-exec',
    '\\;',
    '{}',
    '{a,b}',
    '{1..9}',
  ],
  marks: [
    ';',
    '&',
    '&&',
    '||',
    '|',
    '|&',
    '>',
    '>>',
    '<',
    '<<EOF\n',
    '<<-E\n',
    '<<<',
    '2>&1',
    '&>',
    '\n',
    '\\\n',
    '#',
    '!',
    ' ',
    '\t',
    ';;',
    '\0',
    '\r',
    '\u{feff}',
    '\u202e',
    '😀',
  ],
};

const bytes: Maker = (random) => {
  const length = random.below(400);
  return Array.from({ length }, () => String.fromCodePoint(random.chance(0.9) ? random.below(128) : random.below(0x2_ff))).join('');
};

const tokens: Maker = (random) => {
  const all = [...lists.open, ...lists.close, ...lists.words, ...lists.words, ...lists.marks, ' ', ' '];
  return Array.from({ length: random.below(120) }, () => random.pick(all)).join(random.pick(['', ' ']));
};

/** Pieces of real texts cut and put together anywhere. */
const spliced: Maker = (random, seeds) => {
  const pieces = Array.from({ length: 1 + random.below(4) }, () => {
    const text = random.pick(seeds);
    const from = random.below(text.length);
    return random.chance(0.4) ? text : text.slice(from, from + random.below(text.length));
  });
  return pieces.join(random.pick(['', ' ', '\n', random.pick(lists.marks), random.pick(lists.open)]));
};

const nested: Maker = (random, seeds) => {
  const kind = random.below(lists.open.length);
  const depth = random.pick([3, 10, 40, 200, 2_000]);
  const closed = random.chance(0.7) ? (lists.close[kind] ?? '').repeat(depth) : '';
  return (lists.open[kind] ?? '').repeat(depth) + random.pick(seeds) + closed;
};

const nestedTokens: Maker = (random) => {
  const depth = 1 + random.below(60);
  const kinds = Array.from({ length: depth }, () => random.below(lists.open.length));
  const inside = kinds.map((kind) => `${lists.open[kind] ?? ''}${random.chance(0.3) ? random.pick(lists.words) : ''}`).join('');
  return (
    inside +
    kinds
      .toReversed()
      .map((kind) => lists.close[kind] ?? '')
      .join(random.pick(['', ' ']))
  );
};

/** The same piece so often that anything worse than linear shows. */
const repeated: Maker = (random, seeds) => {
  const piece = random.pick([...lists.open, ...lists.words, ...lists.marks, 'a;', '$(:) ', 'x=$x ', '{a,b}', '| cat ', random.pick(seeds)]);
  const length = random.pick([100, 1_000, 10_000, 70_000]);
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
};
