import { execFileSync } from 'node:child_process';

const mostBytes = 4_194_304;

/**
 * Asks git about a folder, all questions together within a time. Throws where git is missing, slow, or refuses. A repository may belong to
 * whoever wants to fool us: nothing that its configuration names is run (but for filters, where files are compared), and nothing in it is
 * written.
 */
export function askedGit(longestMs: number): (folder: string, args: readonly string[], settings?: readonly string[]) => string {
  const deadline = performance.now() + longestMs;
  return (folder, args, settings = []) =>
    execFileSync('git', ['-C', folder, ...hardened, ...settings, ...args], {
      encoding: 'utf8',
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: Math.max(1, Math.ceil(deadline - performance.now())),
      killSignal: 'SIGKILL',
      maxBuffer: mostBytes,
      windowsHide: true,
    });
}

const hardened: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'safe.bareRepository=explicit',
    'protocol.allow=never',
    'log.showSignature=false',
  ].flatMap((setting) => ['-c', setting]),
];

/** Without what would lead git elsewhere; messages in the language that is read here. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(GIT_|LC_|LANG)/i.test(name));
  return { ...Object.fromEntries(own), LC_ALL: 'C', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' };
}
