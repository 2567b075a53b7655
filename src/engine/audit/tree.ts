import { hash } from 'node:crypto';

/** 32 bytes of SHA-256. */
export type TreeHash = Buffer;

/** The tree's leaf for an entry: SHA-256 over a zero byte and the UTF-8 bytes of the text that is stored (RFC 6962, 2.1). */
export function leafHash(text: string): TreeHash {
  return hash('sha256', `\0${text}`, 'buffer');
}

/** SHA-256 over a byte of one and both children: a leaf can never be taken for a node. */
export function nodeHash(left: TreeHash, right: TreeHash): TreeHash {
  return hash('sha256', Buffer.concat([one, left, right], 65), 'buffer');
}

const one = Buffer.from([1]);

/**
 * What must be kept of a tree so that it can grow and its root be told: the roots of its full subtrees, largest first.
 * As many as the size has binary ones; the leaves themselves are not needed again.
 */
export class CompactRange {
  readonly #nodes: TreeHash[];
  #size: number;

  constructor(size = 0, nodes: readonly TreeHash[] = []) {
    if (nodes.length !== onesIn(size)) throw new Error(`A tree of ${size} leaves has ${onesIn(size)} full subtrees, not ${nodes.length}`);
    this.#size = size;
    this.#nodes = [...nodes];
  }

  get size(): number {
    return this.#size;
  }
  get nodes(): readonly TreeHash[] {
    return this.#nodes;
  }

  push(leaf: TreeHash): void {
    this.#size += 1;
    let node = leaf;
    for (let n = this.#size; n % 2 === 0; n /= 2) node = nodeHash(this.#nodes.pop() ?? node, node);
    this.#nodes.push(node);
  }

  /** Of an empty tree: the hash of nothing. */
  root(): TreeHash {
    const [last, ...larger] = this.#nodes.toReversed();
    return last === undefined ? hash('sha256', '', 'buffer') : larger.reduce((right, left) => nodeHash(left, right), last);
  }
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

export function rootOf(leaves: Iterable<TreeHash>): TreeHash {
  const range = new CompactRange();
  for (const leaf of leaves) range.push(leaf);
  return range.root();
}
