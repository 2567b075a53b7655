import type { FileUse, Word } from '../analysis.ts';
import type { Bound } from './bind.ts';
import type { Parameter } from './cmdlets.ts';
import { anything } from './script.ts';

/** What a cmdlet does to files and hosts. */
export interface Uses {
  readonly files: readonly FileUse[];
  readonly hosts: readonly string[];
  /** Folders that it changes to. */
  readonly folders: readonly Word[];
  /** Whether it changes what names of commands mean. */
  readonly redefines: boolean;
}

const takesPiped: ReadonlySet<string> = new Set(
  'Remove-Item Clear-Content Clear-Item Move-Item Rename-Item Copy-Item Get-Content Set-Acl Unblock-File Get-FileHash Import-Csv'.split(
    ' ',
  ),
);

/** `piped`: what comes through the pipe, where there is one. */
export function usesOf(cmdlet: string, bound: Bound, piped: readonly Word[] | undefined): Uses {
  const found: Uses[] = withPiped(cmdlet, bound, piped).map(({ parameter, word }) => useOf(parameter, word, bound));
  const isOnlyShown = bound.switches.has('whatif');
  return {
    files: isOnlyShown ? [] : [...found.flatMap(({ files }) => files), ...namedItem(cmdlet, bound)],
    hosts: found.flatMap(({ hosts }) => hosts),
    folders: found.flatMap(({ folders }) => folders),
    redefines: found.some(({ redefines }) => redefines),
  };
}

function withPiped(cmdlet: string, { values }: Bound, piped: readonly Word[] | undefined): Bound['values'] {
  const hasPath = values.some(({ parameter: { name } }) => name === 'Path' || name === 'LiteralPath');
  if (piped === undefined || hasPath || !takesPiped.has(cmdlet)) return values;
  const role = cmdlet.startsWith('Move') || cmdlet.startsWith('Rename') ? 'moved' : /^(?:Remove|Clear)/.test(cmdlet) ? 'delete' : 'read';
  const parameter: Parameter = { name: 'Path', isSwitch: false, role, globs: true };
  return [...values, ...piped.map((word) => ({ parameter, word }))];
}

const nothing: Uses = { files: [], hosts: [], folders: [], redefines: false };

function useOf({ role, globs }: Parameter, word: Word, { switches }: Bound): Uses {
  if (role === 'none') return nothing;
  if (role === 'host') return { ...nothing, hosts: hostsIn(word) };
  if (namesCommands(word)) return { ...nothing, redefines: role !== 'read' };
  const target = pathOf(word, globs);
  if (target === undefined) return nothing;
  if (role === 'folder') return { ...nothing, folders: [target] };
  const recursive = switches.has('recurse') || role === 'moved';
  const gone: readonly FileUse[] = role === 'delete' || role === 'moved' ? [{ mode: 'delete', target, recursive }] : [];
  const used: readonly FileUse[] = role === 'delete' ? [] : [{ mode: role === 'moved' ? 'read' : role, target }];
  return { ...nothing, files: [...used, ...gone] };
}

/** `New-Item -Path folder -Name file`. */
function namedItem(cmdlet: string, { values }: Bound): readonly FileUse[] {
  const name = values.find(({ parameter }) => parameter.name === 'Name')?.word;
  if (cmdlet !== 'New-Item' || name === undefined) return [];
  const folder = values.find(({ parameter }) => parameter.name === 'Path')?.word ?? '.';
  const target = typeof folder === 'string' && typeof name === 'string' ? `${slashed(folder)}/${slashed(name)}` : anything('-Name', false);
  return [{ mode: 'write', target }];
}

/** Drives that hold no files. */
const otherDrives = /^(?:env|variable|cert|wsman|hk(?:lm|cu|cr|u|cc)|registry|certificate):/i;

/** Whether it is a place where PowerShell keeps what names of commands mean. */
function namesCommands(word: Word): boolean {
  const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
  return /^(?:microsoft\.powershell\.core\\)?(?:function|alias):/i.test(text);
}

/** A path with slashes as the system has them; `undefined` for what is no file. */
export function pathOf(word: Word, globs: boolean): Word | undefined {
  // Only what stands there, where names are no patterns.
  if (typeof word !== 'string' && word.names && !globs && !/[`'"]/.test(word.text)) return slashed(word.text);
  if (typeof word !== 'string') return { ...word, parts: word.parts.map((part) => (part === undefined ? part : slashed(part))) };
  // A block that will say which.
  if (/^@?\{/.test(word)) return anything(word, false);
  const path = word.replace(/^(?:microsoft\.powershell\.core\\)?filesystem::/i, '');
  if (otherDrives.test(path.replace(/^microsoft\.powershell\.(?:core|security)\\/i, ''))) return undefined;
  // A drive may have been made to lead anywhere.
  if (/^\w{2,}:/.test(path)) return anything(word, false);
  const parts = globs ? slashed(path).split(/[*?]+|\[[^\]]*\]/) : [];
  if (parts.length < 2) return slashed(path);
  return {
    parts: parts.flatMap((part, at) => [...(at > 0 ? [undefined] : []), ...(part === '' ? [] : [part])]),
    many: true,
    names: true,
    text: word,
  };
}

/** What goes on through the pipe: the files that a cmdlet lists. `undefined`: not known. */
export function pipedOn(cmdlet: string, { values, switches }: Bound, piped: readonly Word[] | undefined): readonly Word[] | undefined {
  if (['Where-Object', 'Sort-Object', 'Select-Object', 'Tee-Object'].includes(cmdlet)) return piped;
  const paths = values.filter(({ parameter }) => parameter.role === 'read').map(({ word }) => word);
  if (cmdlet === 'Get-Item' || cmdlet === 'Resolve-Path') return paths;
  if (cmdlet !== 'Get-ChildItem') return undefined;
  return (paths.length === 0 ? ['.'] : paths).map((path) => below(path, !switches.has('recurse')));
}

function below(path: Word, names: boolean): Word {
  if (typeof path !== 'string') return { ...path, parts: [...path.parts, undefined], many: true, names: names && path.names };
  return {
    parts: [path.endsWith('/') || path.endsWith('\\') ? path : `${path}/`, undefined],
    many: true,
    names,
    text: `what is in ${path}`,
  };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Hosts that a text names in URLs, lower case. */
export function hostsIn(word: Word): readonly string[] {
  const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
  const found = [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\\s'"]*@)?(\[[^\]\s]*\]|[^/?#\\\s'":)]+)(?=[/?#:'")\s]|$)/gi)].flatMap(
    ([, host]) => host ?? [],
  );
  // Without a scheme, a word is taken for http.
  const bare =
    found.length === 0 && typeof word === 'string' ? /^([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost)(?=[/:]|$)/.exec(word)?.[1] : undefined;
  return [...found, ...(bare === undefined ? [] : [bare])].map((host) => host.toLowerCase().replace(/\.$/, ''));
}
