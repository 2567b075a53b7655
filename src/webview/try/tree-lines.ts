import type { TreeNode } from './tree.ts';

/** A line that is in sight, and where it stands among its siblings: a screen reader says so. */
export interface TreeLine {
  readonly node: TreeNode;
  /** Counted from 1, as are the places. */
  readonly level: number;
  readonly place: number;
  readonly of: number;
  readonly parent: string | undefined;
  readonly isOpen: boolean;
}

/** What a person opened or closed, by the nodes' ids. */
export type Openings = Readonly<Record<string, boolean>>;

export function linesOf(nodes: readonly TreeNode[], openings: Openings, level = 1, parent?: string): readonly TreeLine[] {
  return nodes.flatMap((node, index) => {
    const isOpen = node.children.length > 0 && (openings[node.id] ?? node.isOpen);
    const line = { node, level, place: index + 1, of: nodes.length, parent, isOpen };
    return isOpen ? [line, ...linesOf(node.children, openings, level + 1, node.id)] : [line];
  });
}

/** What a key does on a line of the tree, as in the editor's own trees. */
export type TreeMove =
  | { readonly do: 'go'; readonly id: string }
  | { readonly do: 'toggle' | 'open-place'; readonly line: TreeLine }
  | { readonly do: 'leave' };

export function moveFor(key: string, lines: readonly TreeLine[], id: string): TreeMove | undefined {
  const at = Math.max(
    0,
    lines.findIndex(({ node }) => node.id === id),
  );
  const line = lines[at];
  if (line === undefined) return undefined;
  const go = (to: number): TreeMove | undefined => {
    const target = lines[Math.min(lines.length - 1, Math.max(0, to))];
    return target && { do: 'go', id: target.node.id };
  };
  const hasChildren = line.node.children.length > 0;
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(lines.length - 1);
    case 'ArrowRight':
      if (!hasChildren) return undefined;
      return line.isOpen ? go(at + 1) : { do: 'toggle', line };
    case 'ArrowLeft':
      if (line.isOpen) return { do: 'toggle', line };
      return line.parent === undefined ? undefined : { do: 'go', id: line.parent };
    case ' ':
      return hasChildren ? { do: 'toggle', line } : undefined;
    case 'Enter':
      if (line.node.place !== undefined) return { do: 'open-place', line };
      return hasChildren ? { do: 'toggle', line } : undefined;
    case 'Escape':
      return { do: 'leave' };
    default:
      return undefined;
  }
}
