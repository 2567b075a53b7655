import { posix } from 'node:path';
import type { GitState, Workspace } from '../../src/engine/request.ts';
import type { Facts } from './case.ts';

/** Where every case is at home: a person `dev` with a web shop that is worked on in a branch of its own. */
export const home = '/home/dev';
export const project = `${home}/shop`;

/** Files of the project that are committed as they are. */
export const committed: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({
    name: 'shop',
    scripts: {
      build: 'tsc -p .',
      test: 'vitest run',
      lint: 'eslint .',
      dev: 'vite',
      clean: 'rm -rf dist coverage',
      typecheck: 'tsc --noEmit',
    },
  })}\n`,
  Makefile: 'build:\n\tgo build ./...\n\ntest:\n\tgo test ./...\n\nclean:\n\trm -rf build dist\n',
  'README.md': '# Shop\n',
  '.env.example': 'DATABASE_URL=postgres://localhost/shop\n',
  'docker-compose.yml': 'services:\n  db:\n    image: postgres:17\n',
  'src/index.ts': "export * from './cart.ts';\n",
  'src/cart.ts': 'export const cart = [];\n',
  'src/legacy.ts': 'export const old = 1;\n',
  'test/cart.test.ts': 'test.todo("cart");\n',
  'docs/guide.md': '# Guide\n',
  'scripts/seed.sh': '#!/bin/sh\npsql -h localhost -d shop_dev -f db/seed.sql\n',
};

/** What `.gitignore` names. */
export const ignored = [
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  '.next',
  'target',
  '.venv',
  '__pycache__',
  '.pytest_cache',
  '.cache',
  '.env',
  '.env.local',
  '*.log',
  'tmp',
];

export function workspaceOf(facts: Facts): Workspace {
  return {
    root: rootOf(facts),
    branch: facts.branch ?? 'feature/cart',
    remote: facts.remote ?? 'git@github.com:acme/shop.git',
    trusted: true,
  };
}

export function cwdOf({ cwd = project }: Facts): string {
  return resolvePath(cwd, project);
}

/** A folder outside of the project is a workspace of its own. */
export function rootOf(facts: Facts): string {
  const cwd = cwdOf(facts);
  return isWithin(cwd, project) ? project : cwd;
}

/** Absolute, with `~` for the person's home. Nothing in this world is a link. */
export function resolvePath(path: string, cwd: string): string {
  return posix.resolve(cwd, path.replace(/^~(?=\/|$)/, home));
}

export function textOf(facts: Facts): (path: string) => string | undefined {
  const root = rootOf(facts);
  const texts = new Map(Object.entries({ ...committed, ...facts.files }).map(([path, text]) => [resolvePath(path, root), text]));
  return (path) => texts.get(path);
}

/** What git says: first what the case names (nearest path first), then what the project is like. */
export function gitStateOf(facts: Facts): (path: string) => GitState {
  const root = rootOf(facts);
  const named = new Map(Object.entries(facts.git ?? {}).map(([path, state]) => [resolvePath(path, root), state]));
  return (path) => {
    if (root !== project || !isWithin(path, root)) return 'outside';
    return nearest(named, path, root) ?? worstWithin(named, path) ?? ordinaryState(path.slice(root.length + 1));
  };
}

/** What is named of the path itself or of a folder that it lies in. */
function nearest(named: ReadonlyMap<string, GitState>, path: string, root: string): GitState | undefined {
  if (path.length <= root.length) return undefined;
  return named.get(path) ?? nearest(named, posix.dirname(path), root);
}

/** A folder is as bad off as the worst of what lies in it. */
function worstWithin(named: ReadonlyMap<string, GitState>, folder: string): GitState | undefined {
  const states = [...named].filter(([path]) => isWithin(path, folder)).map(([, state]) => state);
  return (['changed', 'untracked', 'clean', 'ignored'] as const).find((state) => states.includes(state));
}

function ordinaryState(path: string): GitState {
  if (path.split('/').some(isIgnored)) return 'ignored';
  return path === '' || Object.keys(committed).some((file) => isWithin(file, path)) ? 'clean' : 'missing';
}

function isIgnored(name: string): boolean {
  return ignored.some((pattern) => (pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
