/** Finds fixed texts (ASCII, of any case) in one pass over a text, however many they are: the Aho-Corasick automaton. */
export interface Keywords {
  /** Calls `hit` with each keyword's number and the place after its last character, in the order of those places, until it says stop. */
  readonly scan: (text: string, hit: (keyword: number, end: number) => 'stop' | undefined) => void;
}

export function keywords(words: readonly string[]): Keywords {
  const { classes, width } = classesOf(words);
  const trie = trieOf(words, classes, width);
  const { next, ends } = automatonOf(trie, width);
  return {
    scan: (text, hit) => {
      let state = 0;
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        state = code < 128 ? (next[state * width + (classes[code] ?? 0)] ?? 0) : 0;
        const ended = ends[state];
        if (ended === undefined || ended.length === 0) continue;
        for (const word of ended) if (hit(word, at + 1) === 'stop') return;
      }
    },
  };
}

/** A small number for each character that occurs in a word, the same for both cases; 0 for all others. */
function classesOf(words: readonly string[]): { readonly classes: Uint8Array; readonly width: number } {
  const classes = new Uint8Array(128);
  let width = 1;
  for (const character of new Set(words.join('').toLowerCase())) {
    classes[character.charCodeAt(0)] = width;
    classes[character.toUpperCase().charCodeAt(0)] = width;
    width += 1;
  }
  return { classes, width };
}

interface Trie {
  /** Row after row: where each class leads from a state; 0 where it leads nowhere. */
  readonly next: Uint16Array;
  /** The classes that lead on from each state. */
  readonly symbols: number[][];
  readonly ends: number[][];
}

function trieOf(words: readonly string[], classes: Uint8Array, width: number): Trie {
  const next = new Uint16Array((words.join('').length + 1) * width);
  const symbols: number[][] = [[]];
  const ends: number[][] = [[]];
  for (const [number, word] of words.entries()) {
    let state = 0;
    for (const character of word.toLowerCase()) {
      const symbol = classes[character.charCodeAt(0)] ?? 0;
      if (next[state * width + symbol] === 0) {
        next[state * width + symbol] = ends.push([]) - 1;
        symbols.push([]);
        symbols[state]?.push(symbol);
      }
      state = next[state * width + symbol] ?? 0;
    }
    ends[state]?.push(number);
  }
  return { next, symbols, ends };
}

/** Fills the gaps of the trie, nearest states first: what leads nowhere leads where the longest ending of it leads. */
function automatonOf({ next, symbols, ends }: Trie, width: number): Pick<Trie, 'next' | 'ends'> {
  const fallback = new Uint16Array(ends.length);
  const queue = (symbols[0] ?? []).map((symbol) => next[symbol] ?? 0);
  for (const state of queue) {
    const other = fallback[state] ?? 0;
    ends[state]?.push(...(ends[other] ?? []));
    const own = (symbols[state] ?? []).map((symbol) => ({ symbol, target: next[state * width + symbol] ?? 0 }));
    next.copyWithin(state * width, other * width, (other + 1) * width);
    for (const { symbol, target } of own) {
      fallback[target] = next[state * width + symbol] ?? 0;
      next[state * width + symbol] = target;
      queue.push(target);
    }
  }
  return { next, ends };
}
