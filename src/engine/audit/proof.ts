import { nodeHash, rootOf, type TreeHash } from './tree.ts';

/** The hashes that lead from the leaf at `index` (from 0) to the root of all `leaves` (RFC 6962, 2.1.1). */
export function inclusionPath(leaves: readonly TreeHash[], index: number): readonly TreeHash[] {
  if (leaves.length <= 1) return [];
  const [left, right] = halves(leaves);
  return index < left.length
    ? [...inclusionPath(left, index), rootOf(right)]
    : [...inclusionPath(right, index - left.length), rootOf(left)];
}

/** The root that `path` leads to from `leaf`; `undefined` where the path does not fit a tree of that size. */
export function rootByInclusion(leaf: TreeHash, index: number, size: number, path: readonly TreeHash[]): TreeHash | undefined {
  if (!(index >= 0 && index < size)) return undefined;
  const climb = new Climb(index, size - 1);
  let root = leaf;
  for (const hash of path) {
    if (climb.atTop) return undefined;
    root = climb.step() === 'left' ? nodeHash(hash, root) : nodeHash(root, hash);
  }
  return climb.atTop ? root : undefined;
}

/** The hashes that show that the tree of the first `size` leaves is the beginning of the tree of all of them (RFC 6962, 2.1.2). */
export function consistencyPath(leaves: readonly TreeHash[], size: number): readonly TreeHash[] {
  return size === 0 || size === leaves.length ? [] : subproof(leaves, size, true);
}

function subproof(leaves: readonly TreeHash[], size: number, isWhole: boolean): readonly TreeHash[] {
  if (size === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const [left, right] = halves(leaves);
  return size <= left.length
    ? [...subproof(left, size, isWhole), rootOf(right)]
    : [...subproof(right, size - left.length, false), rootOf(left)];
}

export interface TreeHead {
  readonly size: number;
  readonly root: TreeHash;
}

/** Whether `path` shows that `from` is the beginning of `to` (RFC 9162, 2.1.4.2). */
export function isConsistent(from: TreeHead, to: TreeHead, path: readonly TreeHash[]): boolean {
  if (from.size > to.size) return false;
  if (from.size === to.size) return path.length === 0 && from.root.equals(to.root);
  if (from.size === 0) return path.length === 0;
  const [first, ...rest] = isPowerOfTwo(from.size) ? [from.root, ...path] : path;
  if (first === undefined) return false;
  const climb = new Climb(from.size - 1, to.size - 1);
  climb.skipRight();
  let [old, grown] = [first, first];
  for (const hash of rest) {
    if (climb.atTop) return false;
    if (climb.step() === 'left') [old, grown] = [nodeHash(hash, old), nodeHash(hash, grown)];
    else grown = nodeHash(grown, hash);
  }
  return climb.atTop && old.equals(from.root) && grown.equals(to.root);
}

/** A node and the last one of its level, on the way up: on which side is the next sibling? */
class Climb {
  #node: number;
  #last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.#last = last;
  }

  get atTop(): boolean {
    return this.#last === 0;
  }

  step(): 'left' | 'right' {
    const side = this.#node % 2 === 1 || this.#node === this.#last ? 'left' : 'right';
    // A last node without a sibling rises by itself until it is somebody's right child.
    if (side === 'left') while (this.#node % 2 === 0 && this.#node !== 0) this.#up();
    this.#up();
    return side;
  }

  skipRight(): void {
    while (this.#node % 2 === 1) this.#up();
  }

  #up(): void {
    this.#node = Math.floor(this.#node / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}

/** The left one is the largest full tree that is smaller than the whole. */
function halves(leaves: readonly TreeHash[]): readonly [TreeHash[], TreeHash[]] {
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return [leaves.slice(0, split), leaves.slice(split)];
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}
