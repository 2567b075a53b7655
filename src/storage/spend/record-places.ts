import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { claudeFolder, clineFolder, copilotFolder } from '../agent-folders.ts';
import { homeOf } from '../home.ts';

/** A file in which an agent writes down what it does. */
export interface RecordFile {
  readonly agent: string;
  readonly path: string;
  /** What its place says; '' where it does not. */
  readonly session: string;
  readonly subagent: string;
  /** A small file beside it that says more about its subagent. */
  readonly aside?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Every record on this machine. `claudeFolders`: where Claude Code keeps its files besides the places that it is known for. */
export function allRecords(claudeFolders: readonly string[], environment: Environment = process.env): readonly RecordFile[] {
  return [
    ...claudeRoots(claudeFolders, environment).flatMap((root) => filesBelow(join(root, 'projects')).map(claudeRecord)),
    ...codexRoots(environment).flatMap((root) =>
      ['sessions', 'archived_sessions'].flatMap((folder) => filesBelow(join(root, folder)).map(codexRecord)),
    ),
    ...filesBelow(join(environment['GEMINI_CLI_HOME'] || homeIn(environment), '.gemini', 'tmp')).flatMap(geminiRecord),
    ...filesBelow(join(homeIn(environment), '.qwen', 'projects')).flatMap(qwenRecord),
    ...foldersIn(join(copilotFolder(environment), 'session-state')).map((folder) => copilotRecord(join(folder, 'events.jsonl'))),
    ...foldersIn(clineFolder(environment)).map((folder) => clineRecord(join(folder, `${basename(folder)}.messages.json`))),
    ...filesBelow(join(homeOf(environment).agents, 'opencode')).map((path) => ({ agent: 'opencode', path, session: '', subagent: '' })),
  ];
}

/** The records of one session, given its transcript: those of its subagents lie beside it. */
export function recordsOf(agent: string, transcript: string): readonly RecordFile[] {
  if (agent === 'gemini-cli') return geminiSession(transcript);
  if (agent !== 'claude-code') return [recordAt(agent, transcript)];
  return [transcript, ...filesBelow(join(transcript.replace(/\.jsonl$/, ''), 'subagents'))].map(claudeRecord);
}

function recordAt(agent: string, path: string): RecordFile {
  if (agent === 'codex') return codexRecord(path);
  if (agent === 'cline') return clineRecord(path);
  return agent === 'copilot-cli' ? copilotRecord(path) : { agent, path, session: '', subagent: '' };
}

function claudeRoots(folders: readonly string[], environment: Environment): readonly string[] {
  const configured = (environment['CLAUDE_CONFIG_DIR'] ?? '').split(',').map((folder) => folder.trim().replace(/[/\\]projects[/\\]?$/, ''));
  const xdg = join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'claude');
  const own = configured.some((folder) => folder !== '') ? configured : [claudeFolder(environment), xdg];
  return [...new Set([...own, ...folders])].filter((folder) => folder !== '');
}

/** `<session>.jsonl`, `<session>/subagents/…/agent-<id>.jsonl`; 2.0 put the latter beside the session, and only its lines tell whose. */
function claudeRecord(path: string): RecordFile {
  const name = basename(path, '.jsonl');
  if (!name.startsWith('agent-')) return { agent: 'claude-code', path, session: name, subagent: '' };
  const folders = dirname(path).split(sep);
  const at = folders.lastIndexOf('subagents');
  const aside = join(dirname(path), `${name}.meta.json`);
  return { agent: 'claude-code', path, session: at > 0 ? (folders[at - 1] ?? '') : '', subagent: name.slice('agent-'.length), aside };
}

function codexRoots(environment: Environment): readonly string[] {
  const configured = (environment['CODEX_HOME'] ?? '').split(',').map((folder) => folder.trim());
  return configured.some((folder) => folder !== '') ? configured.filter((folder) => folder !== '') : [join(homedir(), '.codex')];
}

/** `rollout-<time>-<thread>.jsonl` */
function codexRecord(path: string): RecordFile {
  const thread = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\.jsonl$)/.exec(path)?.[0] ?? '';
  return { agent: 'codex', path, session: thread, subagent: '' };
}

function homeIn(environment: Environment): string {
  return environment['HOME'] || homedir();
}

/** `chats/session-<time>-<beginning of the id>.jsonl`; a subagent's is `chats/<session>/<its own id>.jsonl`. Other files are no chats. */
function geminiRecord(path: string): readonly RecordFile[] {
  const folder = basename(dirname(path));
  const name = basename(path, '.jsonl');
  if (folder === 'chats') return name.startsWith('session-') ? [{ agent: 'gemini-cli', path, session: '', subagent: '' }] : [];
  return basename(dirname(dirname(path))) === 'chats' ? [{ agent: 'gemini-cli', path, session: folder, subagent: name }] : [];
}

/** Only the beginning of the session's id stands in the name of its record; whole, it is the folder of its subagents. */
function geminiSession(transcript: string): readonly RecordFile[] {
  const begun = basename(transcript, '.jsonl').split('-').at(-1) ?? '';
  const others = filesBelow(dirname(transcript)).filter((path) => path !== transcript && basename(dirname(path)).startsWith(begun));
  return [transcript, ...(begun === '' ? [] : others)].flatMap(geminiRecord);
}

/** `chats/<session>.jsonl` has everything that was used; the records of subagents say it once more. */
function qwenRecord(path: string): readonly RecordFile[] {
  const session = basename(path, '.jsonl');
  return basename(dirname(path)) === 'chats' ? [{ agent: 'qwen-code', path, session, subagent: '' }] : [];
}

/** `<session>/events.jsonl`, subagents included. */
function copilotRecord(path: string): RecordFile {
  return { agent: 'copilot-cli', path, session: basename(dirname(path)), subagent: '' };
}

/** `<session>/<session>.messages.json` */
function clineRecord(path: string): RecordFile {
  return { agent: 'cline', path, session: basename(dirname(path)), subagent: '' };
}

/** Only those: below them lie copies of a project's own files. */
function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : []));
  } catch {
    return [];
  }
}

/** At any depth. Links to folders are not followed: they could lead anywhere, and around in circles. */
function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.name.endsWith('.jsonl') ? [path] : [];
    });
  } catch {
    // There is no such folder, or it is gone meanwhile.
    return [];
  }
}
