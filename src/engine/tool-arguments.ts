import { filesOfPatch } from './effects/patch.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Touched } from './tool-call.ts';

/** Paths and host names that the arguments of a tool name which nobody described: each path may be read or written. */
export interface NamedByArguments {
  readonly paths: Touched;
  readonly domains: readonly string[];
}

/**
 * Looks through the arguments of a tool of which only the arguments are known: texts that are URLs or absolute paths, those whose
 * name says that they are a path or an address, and the files of patches. Lists and objects are looked into.
 */
export function namedByArguments(input: JsonObject): NamedByArguments {
  const found = new Found();
  found.object(input, 0);
  const paths = [...found.paths];
  return { paths: { read: paths, write: paths }, domains: [...found.domains] };
}

const maxDepth = 4;
const maxPath = 4_096;

class Found {
  readonly paths = new Set<string>();
  readonly domains = new Set<string>();

  object(input: JsonObject, depth: number): void {
    for (const [name, value] of Object.entries(input)) this.#value(words(name), value, depth);
  }

  #value(name: readonly string[], value: JsonValue, depth: number): void {
    if (typeof value === 'string') this.#text(name, value);
    else if (depth >= maxDepth || typeof value !== 'object' || value === null) return;
    else if (isList(value)) for (const item of value) this.#value(name, item, depth + 1);
    else this.object(value, depth + 1);
  }

  #text(name: readonly string[], text: string): void {
    const url = urlOf(text);
    if (url !== undefined) this.#url(url);
    else if (isPatch(text)) this.#patch(text);
    else if (text === '' || text.length > maxPath || /[\n\0]/.test(text)) return;
    else if (name.some((word) => addressNames.has(word))) this.#address(text);
    else if (name.some((word) => pathNames.has(word)) || isPath(text)) this.paths.add(text);
  }

  #url(url: URL): void {
    if (url.protocol === 'file:') this.paths.add(decoded(url.pathname));
    else if (url.hostname !== '') this.domains.add(url.hostname.toLowerCase().replace(/\.$/, ''));
  }

  /** `host.name/path`, `host:port`, `git@host:path`; a path where it looks like one. */
  #address(text: string): void {
    if (isPath(text) || text.startsWith('./') || text.startsWith('../')) this.paths.add(text);
    const host = /^(?:[^@/\s]+@)?([a-z\d-]+(?:\.[a-z\d-]+)+|localhost)(?=[:/?#]|$)/i.exec(text)?.[1];
    if (host !== undefined) this.domains.add(host.toLowerCase());
  }

  #patch(text: string): void {
    const { written, deleted } = filesOfPatch(text);
    for (const path of [...written, ...deleted]) this.paths.add(path);
  }
}

const pathNames = new Set(
  'path paths file files filename filenames filepath filepaths dir dirs directory directories folder folders cwd workdir source sources destination dest target output input uri'.split(
    ' ',
  ),
);
const addressNames = new Set(
  'url urls uri uris href link endpoint host hostname domain server address repo repository remote origin'.split(' '),
);

/** `filePath`, `file_path` and `file-path` as words. */
function words(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

function urlOf(text: string): URL | undefined {
  return text.length <= maxPath && /^\s*[a-z][a-z\d+.-]*:\/\/\S*\s*$/i.test(text) ? (URL.parse(text.trim()) ?? undefined) : undefined;
}

/** An absolute path, or one in the home. In prose that begins with a slash, blanks come before the second one. */
function isPath(text: string): boolean {
  return /^(~?\/[^\s/]*|~|[A-Za-z]:[\\/][^\s\\/]*|\\\\[^\s\\]+)$/.test(text) || /^(~|[A-Za-z]:|\\)?[\\/][^\s\\/]+[\\/]/.test(text);
}

function isPatch(text: string): boolean {
  return /^(\*\*\* (Begin Patch|Add File|Update File|Delete File)|--- \S+.*\n\+\+\+ |diff --git )/m.test(text);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
