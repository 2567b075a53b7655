import { parse } from 'yaml';
import { nothing, type Inner, type InnerQuestion } from './inner.ts';
import { readOptions } from './options.ts';
import { isKnown } from './word-parts.ts';

const maxLines = 64;
const maxHead = 1_000;

/** The recipes of a justfile, where it can be read. */
export function justInner({ args, file }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: '-f --justfile -d --working-directory --set --shell --shell-arg -C --color' });
  const named = read.options.find(({ name }) => name === '-f' || name === '--justfile')?.value;
  const text = (named === undefined ? ['justfile', 'Justfile', '.justfile'] : [named]).map(file).find((found) => found !== undefined);
  if (!isKnown(text)) return nothing;
  const recipes = recipesOf(text);
  const goals = read.rest.filter(isKnown);
  const [first] = recipes.keys();
  return lines(goals.length > 0 ? goals : first === undefined ? [] : [first], recipes, new Set());
}

interface Recipe {
  readonly needs: readonly string[];
  readonly lines: string[];
}

function recipesOf(text: string): ReadonlyMap<string, Recipe> {
  const recipes = new Map<string, Recipe>();
  let open: Recipe | undefined;
  for (const line of text.replaceAll(/\\\r?\n\s*/g, ' ').split(/\r?\n/)) {
    const head = line.length > maxHead ? null : /^@?([A-Za-z_][\w-]*)([^:=]*(?:=[^:]*)?):(?!=)(.*)$/.exec(line);
    if (head?.[1] !== undefined) {
      open = { needs: (head[3] ?? '').match(/[A-Za-z_][\w-]*/g) ?? [], lines: [] };
      recipes.set(head[1], open);
    } else if (/^\s+\S/.test(line)) open?.lines.push(line.trim());
    else if (line.trim() !== '' && !line.startsWith('#')) open = undefined;
  }
  return recipes;
}

/** What a recipe needs runs before it. Values that only just knows are variables that nobody set. */
function lines(goals: readonly string[], recipes: ReadonlyMap<string, Recipe>, seen: Set<string>): readonly Inner[] {
  return goals.flatMap((goal): readonly Inner[] => {
    const recipe = recipes.get(goal);
    if (recipe === undefined || seen.has(goal)) return nothing;
    seen.add(goal);
    const commands = recipe.lines.slice(0, maxLines).map((line): Inner => fileScript(line.replace(/^[@-]+/, '')));
    return [...lines(recipe.needs, recipes, seen), ...commands];
  });
}

function fileScript(text: string): Inner {
  return { kind: 'script', text: text.replaceAll(/\{\{.*?\}\}/g, '$TASK_VALUE'), fromFile: true };
}

/** The commands of a Taskfile, where it can be read. */
export function taskInner({ args, file }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: '-t --taskfile -d --dir -C --concurrency -o --output -I --interval' });
  const directory = read.options.find(({ name }) => name === '-d' || name === '--dir')?.value;
  const named = read.options.find(({ name }) => name === '-t' || name === '--taskfile')?.value;
  const names = named === undefined ? ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml'] : [named];
  const texts = names.map((name) => file(isKnown(name) && isKnown(directory) ? `${directory}/${name}` : name));
  const tasks = own(parsed(texts.find(isKnown)), 'tasks');
  const goals = read.rest.filter(isKnown).filter((goal) => !goal.includes('='));
  const scripts = commandsOf(goals.length > 0 ? goals : ['default'], tasks, new Set());
  return scripts.map((text) => ({ ...fileScript(text), ...(directory === undefined ? {} : { directory }) }));
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parse(text, { maxAliasCount: 16 });
  } catch {
    // A file that task cannot read runs nothing either.
    return undefined;
  }
}

function own(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Object.getOwnPropertyDescriptor(from, name)?.value : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function commandsOf(goals: readonly string[], tasks: unknown, seen: Set<string>): readonly string[] {
  return goals.flatMap((goal) => {
    if (seen.has(goal)) return [];
    seen.add(goal);
    const task = own(tasks, goal);
    const plain = typeof task === 'string' || Array.isArray(task);
    const commands = plain ? list(task) : [...list(own(task, 'cmds')), ...list(own(task, 'cmd'))];
    return [...list(own(task, 'deps')).map(called), ...commands].slice(0, maxLines).flatMap((command): readonly string[] => {
      if (typeof command === 'string') return [command];
      const [text, other] = [own(command, 'cmd'), own(command, 'task')];
      if (typeof text === 'string') return [text];
      return typeof other === 'string' ? commandsOf([other], tasks, seen) : [];
    });
  });
}

function called(needed: unknown): unknown {
  return typeof needed === 'string' ? { task: needed } : needed;
}
