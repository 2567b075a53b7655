import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { readIfThere } from './rendered-files.ts';

/** Who asks for the password: `terminal` (sudo) or `desktop` (the system's own dialog). */
export type Prompt = 'terminal' | 'desktop';

/** What becomes of one file: its new text, or that it goes. `folders` go with it where they are empty, inner ones first. */
export interface FileChange {
  readonly file: string;
  readonly text?: string;
  readonly folders?: readonly string[];
}

interface Program {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Makes the change as administrator. The text travels in the command itself: a file that waits to be copied while the person types
 * a password could be exchanged. On Linux it was tried with polkit's own password question; on macOS and Windows it never ran.
 */
export async function changeElevated(change: FileChange, prompt: Prompt, platform: string = process.platform): Promise<void> {
  const why = await attempt(elevated(change, prompt, platform));
  if (why !== undefined) throw new Error(`${change.file} was not changed: ${why}`);
  // Windows tells nothing of how an administrator's command ended.
  if (readIfThere(change.file) !== change.text) throw new Error(`${change.file} was not changed, although nothing said so`);
}

/** Why it failed; `undefined`: it did not. */
function attempt({ program, args }: Program): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...args], { windowsHide: true }, (cause, _, stderr) => {
      resolve(cause === null ? undefined : whyNot(program, cause.code, stderr.trim() || cause.message));
    });
  });
}

/** What the password's own program says, in words that help. Exit codes of pkexec(1): 126, nobody wanted to; 127, not allowed. */
export function whyNot(program: string, code: number | string | null | undefined, said: string): string {
  if (code === 'ENOENT') return `there is no "${program}" here that asks for an administrator's password; ${inTerminal}`;
  if (program === 'pkexec' && /authentication agent|\/dev\/tty/.test(said))
    return `no program here asks for an administrator's password; ${inTerminal}`;
  if ((program === 'pkexec' && code === 126) || /\(-128\)|cancell?ed by the user/i.test(said))
    return 'the question for the password was dismissed';
  if (program === 'pkexec' && code === 127) return "no administrator's password was given, or a wrong one";
  return said === '' ? `"${program}" did not do it` : `"${program}" said: ${said.split('\n')[0]}`;
}

const inTerminal = 'run the command ("countersign install claude-code --managed") in a terminal, where "sudo" asks for it';

/** The command, as `execFile` takes it. */
export function elevated(change: FileChange, prompt: Prompt, platform: string): Program {
  if (platform === 'win32') return windows(change);
  const script = unixScript(change, platform);
  if (prompt === 'terminal') return { program: 'sudo', args: ['--', '/bin/sh', '-c', script] };
  if (platform === 'darwin') {
    const said = `do shell script ${appleString(script)} with prompt "Countersign changes Claude Code’s managed settings." with administrator privileges`;
    return { program: 'osascript', args: ['-e', said] };
  }
  return { program: 'pkexec', args: ['/bin/sh', '-c', script] };
}

function unixScript({ file, text, folders = [] }: FileChange, platform: string): string {
  const name = quoted(file);
  if (text === undefined)
    return [`rm -f ${name}`, ...folders.map((folder) => `{ rmdir ${quoted(folder)} 2>/dev/null || true; }`)].join(' && ');
  const decode = platform === 'darwin' ? 'base64 -D' : 'base64 -d';
  const aside = quoted(`${file}.new`);
  return `umask 022 && mkdir -p ${quoted(dirname(file))} && printf %s '${base64(text)}' | ${decode} > ${aside} && mv -f ${aside} ${name}`;
}

function windows({ file, text, folders = [] }: FileChange): Program {
  const name = `'${file.replaceAll("'", "''")}'`;
  const write = `New-Item -ItemType Directory -Force (Split-Path ${name}) | Out-Null; [IO.File]::WriteAllBytes(${name}, [Convert]::FromBase64String('${base64(text ?? '')}'))`;
  const empty = folders.map((folder) => `if (!(Get-ChildItem -Force '${folder}')) { Remove-Item '${folder}' }`);
  const script = text === undefined ? [`Remove-Item -Force ${name}`, ...empty].join('; ') : write;
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const start = `Start-Process powershell -Verb RunAs -Wait -WindowStyle Hidden -ArgumentList '-NoProfile','-EncodedCommand','${encoded}'`;
  return { program: 'powershell', args: ['-NoProfile', '-Command', start] };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function appleString(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
