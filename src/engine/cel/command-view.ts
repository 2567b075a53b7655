import type { GitState } from '../request.ts';
import type { CommandAnalysis, Invocation } from '../shell/analysis.ts';
import { baseName } from '../shell/programs.ts';
import { listView, textView } from './view.ts';

interface FileSource {
  readonly path: string;
  readonly known: boolean;
  readonly recursive: boolean;
  readonly text: string;
  readonly place: string;
  readonly git: GitState;
}

/** What the view of a command is made of. */
export interface CommandSource {
  readonly analysis: CommandAnalysis;
  readonly touched: { readonly deletes: readonly FileSource[]; readonly writes: readonly FileSource[] };
  readonly hosts: readonly { readonly name: string; readonly known: boolean; readonly local: boolean; readonly program: string }[];
}

export class CommandView {
  readonly #source: CommandSource;
  #invocations: unknown;
  #deletes: unknown;
  #writes: unknown;
  #hosts: unknown;

  constructor(source: CommandSource) {
    this.#source = source;
  }

  get text(): unknown {
    return textView(this.#source.analysis.text);
  }

  get parsed(): boolean {
    return this.#source.analysis.parsed;
  }

  get dynamic(): boolean {
    return this.#source.analysis.dynamic;
  }

  get invocations(): unknown {
    this.#invocations ??= listView(this.#source.analysis.invocations.map((invocation) => new InvocationView(invocation)));
    return this.#invocations;
  }

  get pipesToInterpreter(): boolean {
    return this.#source.analysis.pipesToInterpreter;
  }

  get network(): boolean {
    return this.#source.analysis.network;
  }

  get privileged(): boolean {
    return this.#source.analysis.invocations.some(({ privileged }) => privileged);
  }

  get unknown(): unknown {
    return listView(this.#source.analysis.unknown.map(({ reason }) => reason));
  }

  get deletes(): unknown {
    this.#deletes ??= listView(this.#source.touched.deletes.map((file) => new FileView(file)));
    return this.#deletes;
  }

  get writes(): unknown {
    this.#writes ??= listView(this.#source.touched.writes.map((file) => new FileView(file)));
    return this.#writes;
  }

  get hosts(): unknown {
    this.#hosts ??= listView(this.#source.hosts.map((host) => new HostView(host)));
    return this.#hosts;
  }
}

/** Place and git state are looked up only where a condition asks for them. */
class FileView {
  readonly #file: FileSource;
  readonly path: string;
  readonly known: boolean;
  readonly recursive: boolean;
  readonly text: string;

  constructor(file: FileSource) {
    this.#file = file;
    this.path = file.path;
    this.known = file.known;
    this.recursive = file.recursive;
    this.text = file.text;
  }

  get place(): string {
    return this.#file.place;
  }

  get git(): string {
    return this.#file.git;
  }
}

class HostView {
  readonly name: string;
  readonly known: boolean;
  readonly local: boolean;
  readonly program: string;

  constructor({ name, known, local, program }: CommandSource['hosts'][number]) {
    this.name = name;
    this.known = known;
    this.local = local;
    this.program = program;
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
  readonly script: unknown;
  readonly assignments: unknown;

  constructor(invocation: Invocation) {
    this.program = invocation.program ?? '';
    this.name = baseName(this.program).replace(/\.(exe|cmd|bat)$/i, '');
    this.privileged = invocation.privileged;
    this.dynamic = invocation.program === undefined || invocation.args.some((arg) => typeof arg !== 'string');
    this.input = textView(typeof invocation.input === 'string' ? invocation.input : (invocation.input?.text ?? ''));
    this.script = textView(invocation.script ?? '');
    this.assignments = listView(invocation.assignments.map((word) => (typeof word === 'string' ? word : word.text)));
    this.args = listView(invocation.args.map((arg) => (typeof arg === 'string' ? arg : arg.text)));
    this.wrappers = listView(invocation.wrappers);
    this.text = invocation.text;
  }
}

/** The types as CEL declares them, inner ones first. */
export const commandTypes: readonly {
  readonly name: string;
  readonly ctor: new (...args: never[]) => object;
  readonly fields: Readonly<Record<string, string>>;
}[] = [
  {
    name: 'File',
    ctor: FileView,
    fields: { path: 'string', known: 'bool', recursive: 'bool', place: 'string', git: 'string', text: 'string' },
  },
  { name: 'Host', ctor: HostView, fields: { name: 'string', known: 'bool', local: 'bool', program: 'string' } },
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
      script: 'string',
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
      deletes: 'list<File>',
      writes: 'list<File>',
      hosts: 'list<Host>',
    },
  },
];
