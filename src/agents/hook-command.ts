import { shellWord } from './shell-word.ts';

/** How a client starts our command hook. Every path is absolute. */
export interface HookCommand {
  readonly platform: 'unix' | 'windows';
  /** A Node runtime: node itself, or an editor's binary with `ELECTRON_RUN_AS_NODE` in `environment`. */
  readonly runtime: string;
  readonly script: string;
  /** What starts both, under a name that stays. */
  readonly launcher?: string;
  /**
   * All that the hook gets to see of an environment; HOME and COUNTERSIGN_HOME at least. Unix only: on Windows the hook
   * inherits the client's.
   */
  readonly environment: Readonly<Record<string, string>>;
}

/** What becomes of an event whose hook could not be started, was killed or crashed. `print`: said with success, where 2 is no refusal. */
export type Otherwise = 'refuse' | 'withhold' | 'go on' | { readonly print: string };

/** Some clients let a call run whose refusal gives no reason, so there is always one. */
const said = { refuse: 'Refused by Countersign', withhold: '(Countersign decided what is shown of this.)' } as const;

/**
 * One line for any shell, in which whatever is not an exit with 0 becomes an exit with 2: a program that is missing, killed or crashed
 * as well. The line itself is for `sh`, because a person's own shell may read it otherwise. `--parent`: who started that shell.
 */
export function hookLine(hook: HookCommand, agent: string, event: string, otherwise: Otherwise = 'refuse'): string {
  const { platform, runtime, script, launcher } = hook;
  if (platform === 'windows') return `"${runtime}" "${script}" ${agent} ${event} --installed${onWindows(otherwise)}`;
  const words = [
    ...(launcher === undefined ? ['/usr/bin/env', '-i', ...assignmentsOf(hook), runtime, script] : [launcher]),
    agent,
    event,
  ].map(shellWord);
  return `/bin/sh -c ${shellWord(`${words.join(' ')} --installed --parent=$PPID${onUnix(otherwise)}`)}`;
}

/** Nothing else: a project may put NODE_OPTIONS, PATH and the like into the environment of hooks. */
export function assignmentsOf({ environment }: HookCommand): readonly string[] {
  return Object.entries({ PATH: '/usr/bin:/bin', ...environment }).map(([name, value]) => `${name}=${value}`);
}

function onUnix(otherwise: Otherwise): string {
  if (typeof otherwise === 'object') return ` || echo ${shellWord(otherwise.print)}`;
  return otherwise === 'go on' ? ' || true' : ` || { echo "${said[otherwise]}" >&2; exit 2; }`;
}

function onWindows(otherwise: Otherwise): string {
  if (typeof otherwise === 'object') return ` || (echo ${otherwise.print})`;
  return otherwise === 'go on' ? ' || exit /b 0' : ` || (echo ${said[otherwise]} 1>&2 & exit /b 2)`;
}
