import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import type { PromptFile } from '../agents/agent.ts';

const mostBytes = 1024 * 1024;
/** Folders of commands are small. What is hidden in one that is not would not be judged: nobody looks for a minute, and it does not run. */
const mostNames = 5_000;

const installedPlugins = z.object({ plugins: z.record(z.string(), z.union([z.array(z.unknown()), z.unknown()])) });
const installation = z.object({ installPath: z.string() });

/**
 * Every file that Claude Code may make a prompt of when it is called by that name: commands and skills of the folder and those above
 * it, of the person and of installed plugins. Not found are those of `--plugin-dir` and `--add-dir`. Throws where one cannot be read.
 */
export function claudePromptFiles(folders: readonly string[], name: string, cwd: string): readonly PromptFile[] {
  const roots = new Set([...upwards(cwd).map((folder) => join(folder, '.claude')), ...folders]);
  const parts = name.split(':');
  const last = parts.at(-1) ?? '';
  // The name becomes part of a path.
  if (last === '' || parts.some((part) => part === '..' || /[\\/\0]/.test(part))) return [];
  const plugins = parts.length > 1 ? folders.flatMap((folder) => pluginRoots(folder, parts[0] ?? '')) : [];
  return [...roots, ...plugins].flatMap((root) => [...commandsIn(root, last), ...skillsIn(root, last)]).map(promptFile);
}

function upwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/** Folders below `commands` are part of a name, or only its description: that differs between versions. */
function commandsIn(root: string, last: string): readonly string[] {
  return filesBelow(join(root, 'commands'), commandDepth, () => true).filter((path) => basename(path) === `${last}.md`);
}

/** A skill is called by its folder, or by the name in its head. */
function skillsIn(root: string, last: string): readonly string[] {
  const folder = join(root, 'skills');
  // Each skill may bring many files along: they are counted by themselves, and the packages it uses hold no skills.
  const all = entriesOf(folder).flatMap(({ name }) => filesBelow(join(folder, name), skillDepth - 1, (inner) => inner !== 'node_modules'));
  const skills = all.filter((path) => basename(path) === 'SKILL.md');
  return skills.filter((path) => basename(dirname(path)) === last || nameIn(path) === last);
}

function nameIn(path: string): string | undefined {
  return /^name:[ \t]*["']?([^"'\r\n]*?)["']?[ \t]*$/m.exec(textOf(path).slice(0, 4096))?.[1];
}

/** How deep below its folder a skill may lie; what comes with a skill lies deeper. */
const skillDepth = 4;
/** Commands may lie as deep as one likes; nobody likes that. */
const commandDepth = 16;

/** Links are followed: to a folder of skills, or to one of them. Throws for more names than anybody has. */
function filesBelow(folder: string, depth: number, isEntered: (name: string) => boolean, seen = { names: 0 }): readonly string[] {
  const names = entriesOf(folder);
  seen.names += names.length;
  if (seen.names > mostNames)
    throw new Error(`${folder} and what is around it have too many files to look through for what they would run`);
  return names.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === true) return [path];
    return found?.isDirectory() === true && depth > 0 && isEntered(entry.name) ? filesBelow(path, depth - 1, isEntered, seen) : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // There is no such folder.
    return [];
  }
}

/** Where the plugins of that name lie, whichever marketplace they come from. */
function pluginRoots(folder: string, plugin: string): readonly string[] {
  const found = z.safeParse(installedPlugins, jsonAt(join(folder, 'plugins', 'installed_plugins.json')));
  if (!found.success) return [];
  return Object.entries(found.data.plugins)
    .filter(([key]) => key.split('@')[0] === plugin)
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => {
      const one = z.safeParse(installation, value);
      return one.success ? [one.data.installPath] : [];
    });
}

function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function promptFile(path: string): PromptFile {
  return { text: textOf(path), folder: dirname(path), changedAt: statSync(path).mtimeMs };
}

function textOf(path: string): string {
  if (statSync(path).size > mostBytes) throw new Error(`${path} is longer than a prompt can be`);
  return readFileSync(path, 'utf8');
}
