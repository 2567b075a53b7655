import { hookFacts } from '../agents/claude-code/installation.ts';
import { hookLevelOf } from '../agents/claude-code/hook-level.ts';
import type { HookLevel, Sighting, Sightings } from '../governor/ports.ts';
import { oneForEach, type AgentFound, type AgentProcesses } from './agent-processes.ts';
import { claudeFolder } from './agent-folders.ts';
import { type RegisteredSession } from './claude-registry.ts';
import { ClaudeTails } from './claude-tail.ts';
import { findTranscript } from './claude-transcripts.ts';
import { claudeSettings } from './install/claude-settings.ts';

export interface SightingsOptions {
  readonly agents: AgentProcesses;
  /** Where Claude Code is known to keep files; those of processes in sight are looked at as well. */
  readonly claudeFolders: () => readonly string[];
  readonly registered: (folders: readonly string[]) => readonly RegisteredSession[];
  /** Of our hooks; `undefined`: there is none yet. */
  readonly port: () => number | undefined;
}

/** An agent that keeps a register is in it by then; what is not is an older one, or does not register. */
const registerMs = 3_000;

/** The agents on this machine: their processes, and what Claude Code writes about its sessions. */
export class MachineSightings implements Sightings {
  readonly #options: SightingsOptions;
  readonly #tails = new ClaudeTails();
  /** What a session started with holds until it ends. */
  readonly #levels = new Map<string, HookLevel | undefined>();

  constructor(options: SightingsOptions) {
    this.#options = options;
  }

  readonly all = async (): Promise<readonly Sighting[]> => {
    const found = await this.#options.agents.all();
    const own = found.filter(({ agent }) => agent === 'claude-code').map(({ environment }) => claudeFolder(environment));
    const folders = [...new Set([...this.#options.claudeFolders(), ...own])];
    const registered = this.#options.registered(folders);
    const named = new Set(registered.map(({ process }) => process.pid));
    const rest = oneForEach(found, (pid) => named.has(pid)).filter(({ process }) => !named.has(process.pid));
    const byPid = new Map(found.map((one) => [one.process.pid, one]));
    return [
      ...registered.map((session) => this.#ofClaude(session, byPid.get(session.process.pid), folders)),
      ...rest.filter(isSession).map((one) => ({ ...seenOnly(one), ...innerOf(one, found) })),
    ];
  };

  #ofClaude(registered: RegisteredSession, found: AgentFound | undefined, folders: readonly string[]): Sighting {
    const { session, process, cwd, startedAt, doing, version = found?.version, folder } = registered;
    const transcript = [folder, ...folders].flatMap((one) => findTranscript(one, session, cwd, false) ?? [])[0];
    const { model, mode = modeIn(found?.args ?? []) } = transcript === undefined ? {} : this.#tails.of(transcript);
    const hooks = this.#levelOf(`${process.pid} ${process.start}`, folder, cwd);
    return {
      agent: registered.agent,
      session,
      process,
      cwd,
      startedAt,
      place: found?.place ?? this.#options.agents.placeOf(process.pid),
      ...(doing === undefined ? {} : { doing }),
      ...(mode === undefined ? {} : { mode }),
      ...(version === undefined ? {} : { version }),
      ...(model === undefined ? {} : { model }),
      ...(hooks === undefined ? {} : { hooks }),
    };
  }

  #levelOf(key: string, folder: string, cwd: string): HookLevel | undefined {
    if (!this.#levels.has(key)) {
      const port = this.#options.port();
      this.#levels.set(key, port === undefined ? undefined : hookLevelOf(claudeSettings(folder, cwd), hookFacts(port)));
    }
    return this.#levels.get(key);
  }
}

/** A program of Claude Code that is not in the register yet may be about to be, or only set something up. */
function isSession({ agent, startedAt }: AgentFound): boolean {
  return agent !== 'claude-code' || Date.now() - startedAt > registerMs;
}

/** Programs of the same agent that it started, and they in turn: one run of it. */
function innerOf({ agent, process }: AgentFound, found: readonly AgentFound[]): Pick<Sighting, 'inner'> {
  const inner: AgentFound[] = [];
  for (let above = [process.pid]; above.length > 0;) {
    const below = found.filter((one) => one.agent === agent && above.includes(one.parent) && !inner.includes(one));
    inner.push(...below);
    above = below.map((one) => one.process.pid);
  }
  return inner.length === 0 ? {} : { inner: inner.map((one) => one.process) };
}

function seenOnly({ agent, process, cwd, startedAt, version, place, args }: AgentFound): Sighting {
  const mode = modeIn(args);
  return {
    agent,
    process,
    cwd,
    startedAt,
    place,
    ...(version === undefined ? {} : { version }),
    ...(mode === undefined ? {} : { mode }),
  };
}

const longestMode = 40;
/** What agents call it to ask nobody, in their own words. */
const reckless = ['--dangerously-skip-permissions', '--dangerously-bypass-approvals-and-sandbox', '--yolo', '--allow-all-tools'];

function modeIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => /^--(permission-mode|approval-mode|ask-for-approval)(=|$)/.test(word));
  if (at >= 0) return (args[at]?.split('=')[1] ?? args[at + 1])?.slice(0, longestMode);
  return reckless.find((word) => args.includes(word))?.slice(2);
}
