import { expect, test } from 'vitest';
import { consistencyPath, inclusionPath, isConsistent, rootByInclusion } from '../../../src/engine/audit/proof.ts';
import { CompactRange, leafHash, rootOf, type TreeHash } from '../../../src/engine/audit/tree.ts';

/** The entries and roots of the reference implementation of Certificate Transparency. */
const entries = ['', '\0', '\u0010', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

function leavesOf(size: number): TreeHash[] {
  return Array.from({ length: size }, (_, i) => leafHash(entries[i] ?? `entry ${i}`));
}

test('roots are those of RFC 6962', () => {
  expect(roots.map((_, size) => rootOf(leavesOf(size)).toString('hex'))).toEqual(roots);
});

test('a tree goes on from what was kept of it', () => {
  const leaves = leavesOf(70);
  for (let size = 0; size <= leaves.length; size += 1) {
    const first = new CompactRange();
    leaves.slice(0, size).forEach((leaf) => first.push(leaf));
    const rest = new CompactRange(first.size, first.nodes);
    leaves.slice(size).forEach((leaf) => rest.push(leaf));
    expect(rest.root()).toEqual(rootOf(leaves));
  }
});

test('what was kept of a tree of another size is refused', () => {
  expect(() => new CompactRange(3, leavesOf(1))).toThrow(/3 leaves has 2/);
});

test('every leaf of every tree up to 40 leads to its root, and to it alone', () => {
  for (let size = 1; size <= 40; size += 1) {
    const leaves = leavesOf(size);
    for (const [index, leaf] of leaves.entries()) {
      const path = inclusionPath(leaves, index);
      expect(rootByInclusion(leaf, index, size, path)).toEqual(rootOf(leaves));
      expect(rootByInclusion(leafHash('another'), index, size, path)).not.toEqual(rootOf(leaves));
      expect(rootByInclusion(leaf, index, size, [...path, leaf])).toBeUndefined();
      const wrong = [rootByInclusion(leaf, (index + 1) % size, size, path), rootByInclusion(leaf, index, size, path.slice(1))];
      // In a tree of one leaf there is no other place and no path.
      expect(wrong.some((root) => root?.equals(rootOf(leaves)))).toBe(size === 1);
    }
  }
});

test('every tree up to 40 is shown to be the beginning of every larger one, and no other is', () => {
  for (let to = 1; to <= 40; to += 1) {
    const leaves = leavesOf(to);
    const grown = { size: to, root: rootOf(leaves) };
    for (let from = 1; from <= to; from += 1) {
      const path = consistencyPath(leaves, from);
      const old = { size: from, root: rootOf(leaves.slice(0, from)) };
      expect(isConsistent(old, grown, path)).toBe(true);
      expect(isConsistent({ ...old, root: leafHash('another') }, grown, path)).toBe(false);
      expect(isConsistent(old, { ...grown, root: leafHash('another') }, path)).toBe(false);
      expect(isConsistent(old, grown, [...path, old.root])).toBe(false);
      // A tree is consistent with itself, by an empty path and either way around.
      expect([isConsistent(old, grown, path.slice(1)), isConsistent(grown, old, path)]).toEqual([from === to, from === to]);
    }
  }
});
