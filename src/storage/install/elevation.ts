import { execFile } from 'node:child_process';
import { dirname } from 'node:path';

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
 * a password could be exchanged. On Linux the shell command that they are given was tried; the password questions themselves were not, on no system.
 */
export function changeElevated(change: FileChange, prompt: Prompt, platform: string = process.platform): Promise<void> {
  const { program, args } = elevated(change, prompt, platform);
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { windowsHide: true }, (cause, _, stderr) => {
      if (cause === null) resolve();
      else reject(new Error(`"${program}" did not change ${change.file}: ${stderr.trim().split('\n')[0] || cause.message}`, { cause }));
    });
  });
}

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
