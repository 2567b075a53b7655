import type { Request } from '../request.ts';
import { commandTypes, CommandView, type CommandSource } from './command-view.ts';
import { jsonView, listView, textView } from './view.ts';

/** Where a view comes from: the call, and what was derived from it. Each part is worked out when it is asked for. */
export interface ViewSource extends CommandSource {
  readonly request: Request;
  readonly domains: readonly string[];
  readonly touched: CommandSource['touched'] & { readonly surelyRead: readonly string[]; readonly surelyWritten: readonly string[] };
}

/** What a condition can see of a call. Each class has exactly the fields that `fields` declares for it. */
export class RequestView {
  readonly #request: Request;
  readonly #source: ViewSource;
  #arguments: unknown;
  #command: CommandView | undefined;
  #paths: PathsView | undefined;

  constructor(source: ViewSource) {
    this.#request = source.request;
    this.#source = source;
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
    this.#command ??= new CommandView(this.#source);
    return this.#command;
  }

  get paths(): PathsView {
    this.#paths ??= new PathsView(this.#source);
    return this.#paths;
  }

  get domains(): unknown {
    return listView(this.#source.domains);
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

  get governor(): GovernorView {
    return new GovernorView(this.#request);
  }
}

/** Texts, because it is texts of commands that they are compared with. */
class GovernorView {
  readonly #request: Request;
  readonly pid: string;
  readonly port: string;

  constructor(request: Request) {
    this.#request = request;
    this.pid = String(request.governor?.pid ?? '');
    this.port = String(request.governor?.port ?? '');
  }

  get programs(): unknown {
    return listView(this.#request.governor?.programs ?? []);
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

class PathsView {
  readonly #source: ViewSource;
  #read: unknown;
  #write: unknown;

  constructor(source: ViewSource) {
    this.#source = source;
  }

  get read(): unknown {
    this.#read ??= listView(this.#source.touched.surelyRead);
    return this.#read;
  }

  get write(): unknown {
    this.#write ??= listView(this.#source.touched.surelyWritten);
    return this.#write;
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
  ...commandTypes,
  { name: 'Paths', ctor: PathsView, fields: { read: 'list<string>', write: 'list<string>' } },
  { name: 'Workspace', ctor: WorkspaceView, fields: { root: 'string', branch: 'string', remote: 'string', trusted: 'bool' } },
  { name: 'Governor', ctor: GovernorView, fields: { pid: 'string', port: 'string', programs: 'list<string>' } },
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
      governor: 'Governor',
    },
  },
];
