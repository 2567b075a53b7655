import { RequestView, type ViewSource } from '../cel/request-view.ts';
import type { ConditionSubject } from '../cel/condition.ts';
import type { Request } from '../request.ts';
import { analyzeCommand, analyzeNested } from '../shell/analyze.ts';
import type { CommandAnalysis, Invocation, ShellSurroundings } from '../shell/analysis.ts';
import { analyzePowerShell } from '../shell/powershell/analyze.ts';
import type { ToolCall } from '../tool-call.ts';
import { commandOfTool } from '../tool-command.ts';
import { contactedHosts, type Host } from '../effects/hosts.ts';
import { anyCommandMatches, type UnknownPrograms } from './command-pattern.ts';
import { compileCommandPatterns } from './command-syntax.ts';
import { compilePathPatterns, matchesPath, normalizePath, type PathVariables } from './path-pattern.ts';
import { Touched } from './touched.ts';

/** The call that is being decided, with what can be derived from it. Each part is worked out when it is first needed. */
export class Subject implements ConditionSubject, ViewSource {
  readonly request: Request;
  readonly variables: PathVariables;
  /** Names that differ in capitals only are the same to the disk. */
  readonly foldsCase: boolean;
  /** What the `tools` of a rule are compared with. */
  readonly toolNames: readonly string[];
  #analysis: CommandAnalysis | undefined;
  #view: RequestView | undefined;
  #touched: Touched | undefined;
  #hosts: readonly Host[] | undefined;
  #domains: readonly string[] | undefined;

  /** `analysis`, where the call is not to be judged by the whole of its own command. */
  constructor(request: Request, analysis?: CommandAnalysis) {
    const { call, user, workspace } = request;
    this.request = request;
    this.#analysis = analysis;
    this.variables = {
      home: normalizePath(user.home),
      workspace: normalizePath(workspace.root),
      countersignHome: normalizePath(request.countersignHome ?? `${user.home}/.countersign`),
    };
    this.foldsCase = workspace.foldsCase === true;
    this.toolNames = toolNamesOf(call);
  }

  get analysis(): CommandAnalysis {
    this.#analysis ??= this.#analyze();
    return this.#analysis;
  }

  get view(): RequestView {
    this.#view ??= new RequestView(this);
    return this.#view;
  }

  /** What the call does to files. */
  get touched(): Touched {
    this.#touched ??= new Touched(this.request, this.variables, this.analysis);
    return this.#touched;
  }

  /** Hosts that the call's command would contact. */
  get hosts(): readonly Host[] {
    this.#hosts ??= contactedHosts(this.analysis);
    return this.#hosts;
  }

  /** Names of hosts, lower case. */
  get domains(): readonly string[] {
    this.#domains ??= [
      ...new Set([
        ...this.request.domains.map((domain) => domain.toLowerCase()),
        ...this.hosts.filter(({ known }) => known).map(({ name }) => name),
      ]),
    ];
    return this.#domains;
  }

  /** Whether a host that the call would contact is not known. */
  get contactsUnknown(): boolean {
    return this.hosts.some(({ known }) => !known);
  }

  inside(path: string, dir: string): boolean {
    const target = normalizePath(dir);
    const normalized = normalizePath(path);
    if (!target.startsWith('/') && !/^[A-Za-z]:/.test(target)) throw new Error('inside() needs an absolute directory');
    return normalized === target || normalized.startsWith(target === '/' ? '/' : `${target}/`);
  }

  glob(path: string, pattern: string): boolean {
    if (pattern.length > 1_000) throw new Error('a glob has at most 1000 characters');
    return matchesPath(compilePathPatterns([pattern]), { path: normalizePath(path) }, this.variables, 'certain');
  }

  command(pattern: string, unknownPrograms: UnknownPrograms): boolean {
    return anyCommandMatches(compileCommandPatterns(pattern), this.analysis, unknownPrograms);
  }

  place(path: string): string {
    return this.touched.placeOf(path);
  }

  #analyze(): CommandAnalysis {
    const { command, shell } = this.request.call;
    if (command !== undefined) return this.#analyzed(command, shell);
    const made = commandOfTool(this.request.call);
    return made === undefined ? analyzeCommand(undefined) : presumed(this.#analyzed(made.text, made.shell));
  }

  #analyzed(command: string, shell: 'bash' | 'powershell' | undefined): CommandAnalysis {
    const surroundings = this.#surroundings();
    if (shell !== 'powershell') return analyzeCommand(command, surroundings);
    return analyzePowerShell(command, { ...surroundings, shell: analyzeNested(surroundings) });
  }

  #surroundings(): ShellSurroundings {
    const { call, readText } = this.request;
    return { cwd: call.cwd, home: this.variables.home, ...(readText === undefined ? {} : { readText }) };
  }
}

/** What a server may run is not what the call says: nothing of it is certain, and no part of it can be pointed at. */
function presumed(analysis: CommandAnalysis): CommandAnalysis {
  return {
    ...analysis,
    unknown: analysis.unknown.map(({ reason, text }) => ({ reason, text })),
    invocations: analysis.invocations.map(withoutPlace),
  };
}

function withoutPlace(invocation: Invocation): Invocation {
  const { span, ...rest } = invocation;
  return span === undefined ? { ...invocation, disguised: true } : { ...rest, disguised: true };
}

/** All the names by which a policy may mean a tool. */
export function toolNamesOf({
  tool,
  nativeTool,
  mcpServer,
}: Partial<Pick<ToolCall, 'tool' | 'nativeTool' | 'mcpServer'>>): readonly string[] {
  if (tool === undefined || nativeTool === undefined) return [];
  return mcpServer === undefined ? [tool, nativeTool] : [tool, nativeTool, `${mcpServer}/${tool}`];
}
