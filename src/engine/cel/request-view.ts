import type { Request } from '../request.ts';
import type { CommandAnalysis, Invocation } from '../shell/analysis.ts';
import { baseName } from '../shell/programs.ts';
import { jsonView, listView, textView } from './view.ts';

/** What a condition can see of a call. Each class has exactly the fields that `fields` declares for it. */
export class RequestView {
  readonly #request: Request;
  readonly #analysis: CommandAnalysis;
  #arguments: unknown;
  #command: CommandView | undefined;

  constructor(request: Request, analysis: CommandAnalysis) {
    this.#request = request;
    this.#analysis = analysis;
  }

  get agent(): AgentView {
    return new AgentView(this.#request);
  }

  get session(): SessionView {
    return new SessionView(this.#request);
  }

  get tool(): string {
    return this.#request.call.tool;
  }

  get nativeTool(): string {
    return this.#request.call.nativeTool;
  }

  get mcpServer(): string {
    return this.#request.call.mcpServer ?? '';
  }

  get arguments(): unknown {
    this.#arguments ??= jsonView(this.#request.call.arguments);
    return this.#arguments;
  }

  get command(): CommandView {
    this.#command ??= new CommandView(this.#analysis);
    return this.#command;
  }

  get paths(): PathsView {
    return new PathsView(this.#request);
  }

  get domains(): unknown {
    return listView(this.#request.domains);
  }

  get content(): unknown {
    return textView(this.#request.call.content ?? '');
  }

  get workspace(): WorkspaceView {
    return new WorkspaceView(this.#request);
  }

  get user(): UserView {
    return new UserView(this.#request);
  }

  get time(): Date {
    return this.#request.time;
  }
}

class AgentView {
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
  readonly type: string;

  constructor({ call }: Request) {
    this.vendor = call.agent.vendor;
    this.name = call.agent.name;
    this.version = call.agent.version ?? '';
    this.type = call.agent.type ?? call.subagent?.type ?? '';
  }
}

class SessionView {
  readonly id: string;
  readonly mode: string;
  readonly startedAt: Date;
  readonly calls: bigint;
  readonly tokens: bigint;
  readonly costUsd: number;
  readonly interactive: boolean;

  constructor({ call, session }: Request) {
    this.id = call.session.id;
    this.mode = call.session.mode ?? '';
    this.startedAt = session.startedAt;
    this.calls = BigInt(Math.trunc(session.calls));
    this.tokens = BigInt(Math.trunc(session.tokens));
    this.costUsd = session.costUsd;
    this.interactive = session.interactive;
  }
}

class CommandView {
  readonly text: unknown;
  readonly parsed: boolean;
  readonly dynamic: boolean;
  readonly invocations: unknown;
  readonly pipesToInterpreter: boolean;
  readonly network: boolean;
  readonly privileged: boolean;
  readonly unknown: unknown;

  constructor(analysis: CommandAnalysis) {
    this.text = textView(analysis.text);
    this.parsed = analysis.parsed;
    this.dynamic = analysis.dynamic;
    this.invocations = listView(analysis.invocations.map((invocation) => new InvocationView(invocation)));
    this.pipesToInterpreter = analysis.pipesToInterpreter;
    this.network = analysis.network;
    this.privileged = analysis.invocations.some(({ privileged }) => privileged);
    this.unknown = listView(analysis.unknown.map(({ reason }) => reason));
  }
}

class InvocationView {
  readonly program: string;
  readonly name: string;
  readonly args: unknown;
  readonly wrappers: unknown;
  readonly text: string;
  readonly privileged: boolean;
  readonly dynamic: boolean;
  readonly input: unknown;
  readonly assignments: unknown;

  constructor(invocation: Invocation) {
    this.program = invocation.program ?? '';
    this.name = baseName(this.program).replace(/\.(exe|cmd|bat)$/i, '');
    this.privileged = invocation.privileged;
    this.dynamic = invocation.program === undefined || invocation.args.some((arg) => typeof arg !== 'string');
    this.input = textView(typeof invocation.input === 'string' ? invocation.input : (invocation.input?.text ?? ''));
    this.assignments = listView(invocation.assignments.map((word) => (typeof word === 'string' ? word : word.text)));
    this.args = listView(invocation.args.map((arg) => (typeof arg === 'string' ? arg : arg.text)));
    this.wrappers = listView(invocation.wrappers);
    this.text = invocation.text;
  }
}

class PathsView {
  readonly read: unknown;
  readonly write: unknown;

  constructor({ paths }: Request) {
    this.read = listView(paths.read);
    this.write = listView(paths.write);
  }
}

class WorkspaceView {
  readonly root: string;
  readonly branch: string;
  readonly remote: string;
  readonly trusted: boolean;

  constructor({ workspace }: Request) {
    this.root = workspace.root;
    this.branch = workspace.branch;
    this.remote = workspace.remote;
    this.trusted = workspace.trusted;
  }
}

class UserView {
  readonly name: string;
  readonly email: string;
  readonly roles: unknown;

  constructor({ user }: Request) {
    this.name = user.name;
    this.email = user.email;
    this.roles = listView(user.roles);
  }
}

const timestamp = 'google.protobuf.Timestamp';

/** The types as CEL declares them, inner ones first. */
export const viewTypes: readonly {
  readonly name: string;
  readonly ctor: new (...args: never[]) => object;
  readonly fields: Readonly<Record<string, string>>;
}[] = [
  { name: 'Agent', ctor: AgentView, fields: { vendor: 'string', name: 'string', version: 'string', type: 'string' } },
  {
    name: 'Session',
    ctor: SessionView,
    fields: { id: 'string', mode: 'string', startedAt: timestamp, calls: 'int', tokens: 'int', costUsd: 'double', interactive: 'bool' },
  },
  {
    name: 'Invocation',
    ctor: InvocationView,
    fields: {
      program: 'string',
      name: 'string',
      args: 'list<string>',
      wrappers: 'list<string>',
      text: 'string',
      privileged: 'bool',
      dynamic: 'bool',
      input: 'string',
      assignments: 'list<string>',
    },
  },
  {
    name: 'Command',
    ctor: CommandView,
    fields: {
      text: 'string',
      parsed: 'bool',
      dynamic: 'bool',
      invocations: 'list<Invocation>',
      pipesToInterpreter: 'bool',
      network: 'bool',
      privileged: 'bool',
      unknown: 'list<string>',
    },
  },
  { name: 'Paths', ctor: PathsView, fields: { read: 'list<string>', write: 'list<string>' } },
  { name: 'Workspace', ctor: WorkspaceView, fields: { root: 'string', branch: 'string', remote: 'string', trusted: 'bool' } },
  { name: 'User', ctor: UserView, fields: { name: 'string', email: 'string', roles: 'list<string>' } },
  {
    name: 'Request',
    ctor: RequestView,
    fields: {
      agent: 'Agent',
      session: 'Session',
      tool: 'string',
      nativeTool: 'string',
      mcpServer: 'string',
      arguments: 'map',
      command: 'Command',
      paths: 'Paths',
      domains: 'list<string>',
      content: 'string',
      workspace: 'Workspace',
      user: 'User',
      time: timestamp,
    },
  },
];
