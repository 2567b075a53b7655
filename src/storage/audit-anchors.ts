import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import type { Anchor } from './audit-anchor.ts';
import type { AnchorConfig } from './audit-config.ts';
import { timeStampAnchor } from './audit-timestamps.ts';

const defaultRef = 'refs/countersign/checkpoints';

/** `timeStamps`: the file that keeps what time stamp authorities answer. */
export function anchorOf(config: AnchorConfig, timeStamps: string): Anchor {
  if ('rfc3161' in config) return timeStampAnchor(config.rfc3161, timeStamps);
  if ('file' in config) {
    return { name: config.file, publish: async (note) => appendFile(config.file, `${note}\n`, { mode: 0o600, flush: true }) };
  }
  if ('command' in config) {
    const [program = '', ...args] = config.command;
    return { name: config.command.join(' '), publish: async (note) => void (await run(program, args, note)) };
  }
  const { repository, ref = defaultRef } = config.git;
  return { name: `git:${repository}#${ref}`, publish: async (note) => commit(repository, ref, note) };
}

/** The checkpoints that were seen there: a file with one or more, or `git:REPOSITORY[#REF]`. Throws where it cannot be read. */
export async function readAnchor(place: string): Promise<string> {
  const [, repository, ref = defaultRef] = /^git:(.+?)(?:#(.+))?$/.exec(place) ?? [];
  if (repository === undefined) return readFileSync(place, 'utf8');
  return (await git(repository, ['rev-list', '--format=%B', ref, '--'])).replaceAll(/^commit [0-9a-f]+\n/gm, '\n');
}

/** One more commit, without any files, whose message is the note. Nothing in the repository but the ref is touched. */
async function commit(repository: string, ref: string, note: string): Promise<void> {
  const [parent = ''] = (await git(repository, ['for-each-ref', '--format=%(objectname)', ref])).split('\n');
  const tree = (await git(repository, ['mktree'])).trim();
  const made = (await git(repository, ['commit-tree', tree, ...(parent === '' ? [] : ['-p', parent])], note)).trim();
  // Only if nobody else has added one in between: then the next attempt builds on theirs.
  await git(repository, ['update-ref', '-m', 'countersign', ref, made, parent || '0'.repeat(made.length)]);
}

/** Neither hooks nor anybody's configuration: what a repository says must not run here. */
function git(repository: string, args: readonly string[], input = ''): Promise<string> {
  const who = { NAME: 'Countersign', EMAIL: 'countersign@localhost' };
  return run('git', ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false', '-C', repository, ...args], input, {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) => Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value])),
    ),
  });
}

const patienceMs = 5000;

function run(program: string, args: readonly string[], input: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: patienceMs });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    // A program that does not read what it is given says more by its exit code.
    child.stdin.on('error', () => undefined).end(input);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ended with ${code ?? signal}: ${stderr.trim().slice(0, 200)}`));
    });
  });
}
