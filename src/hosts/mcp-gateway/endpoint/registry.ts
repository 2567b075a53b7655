import { homedir } from 'node:os';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod/mini';
import { openHome } from '../../../storage/home.ts';
import { readRemotes, type RemoteMcpServer } from '../../../storage/mcp-remotes.ts';
import { valueAt, type Frame } from '../frame.ts';
import { readClient, type Client } from '../governed-call.ts';
import type { Judge } from '../judge.ts';
import { KnownTasks } from '../known-tasks.ts';
import { DistantClient } from '../speaker.ts';
import { Served } from './served.ts';
import { openUpstream, type Upstream } from './upstream.ts';

const mostKept = 500;
/** A client without a session is asked about again after that time. */
const sessionlessMs = 10 * 60_000;

/** A client may speak the newest revision first, and then an older one: that is one start. */
const oneStartMs = 30_000;

interface Kept {
  readonly served: Served;
  readonly since: number;
}

/** Which clients there are: by their session where they have one, else by server and name. */
export class Registry {
  readonly #judge: Judge;
  readonly #note: (text: string) => void;
  readonly #home = openHome();
  readonly #kept = new Map<string, Kept>();
  readonly #tasks = new Map<string, KnownTasks>();
  readonly #opened = new Map<string, { readonly at: number; readonly upstream: Promise<Upstream> }>();

  constructor(judge: Judge, note: (text: string) => void) {
    this.#judge = judge;
    this.#note = note;
  }

  /** Who speaks in this request; `undefined`: there is no such server. Throws where it cannot be known which there are. */
  find(server: string, headers: IncomingHttpHeaders, frame?: Frame): Served | undefined {
    const remotes = readRemotes(this.#home);
    const remote = Object.hasOwn(remotes, server) ? remotes[server] : undefined;
    if (remote === undefined) return undefined;
    const session = typeof headers['mcp-session-id'] === 'string' ? headers['mcp-session-id'] : undefined;
    const client = frame === undefined ? undefined : clientIn(frame);
    const place = JSON.stringify([server, remote]);
    // A client that begins anew gets a session of its own, if its server gives any.
    if (session === undefined && frame?.method === 'initialize') return this.#make(place, server, remote, client);
    const key = session === undefined ? `${place} of ${client?.name ?? ''}` : `${place} in ${session}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && (session !== undefined || performance.now() - kept.since < sessionlessMs)) return kept.served;
    return this.#keep(key, this.#make(place, server, remote, client));
  }

  close(): void {
    for (const { served } of this.#kept.values()) served.close();
  }

  #make(place: string, server: string, remote: RemoteMcpServer, client: Client | undefined): Served {
    const cwd = remote.folder ?? homedir();
    const speaker = new DistantClient(server, cwd, remote.agent);
    if (client !== undefined) speaker.introduce(client);
    const judge = this.#judge;
    const served: Served = new Served({
      judge,
      speaker,
      tasks: this.#tasksAt(place),
      open: () => this.#once(`${place} of ${client?.name ?? ''}`, () => openUpstream({ server, remote, judge, speaker, cwd })),
      named: (session) => this.#keep(`${place} in ${session}`, served),
      note: (text) => this.#note(`${server}: ${text}`),
    });
    return served;
  }

  /** A client without a session may ask for one long after it has begun it. */
  #tasksAt(place: string): KnownTasks {
    const known = this.#tasks.get(place) ?? new KnownTasks();
    this.#tasks.set(place, known);
    return known;
  }

  #once(key: string, open: () => Promise<Upstream>): Promise<Upstream> {
    const now = performance.now();
    for (const [old, { at }] of this.#opened) if (now - at >= oneStartMs) this.#opened.delete(old);
    const known = this.#opened.get(key);
    if (known !== undefined) return known.upstream;
    const upstream = open();
    this.#opened.set(key, { at: now, upstream });
    // A person may approve what was refused: that is asked anew.
    upstream.catch(() => this.#opened.delete(key));
    return upstream;
  }

  #keep(key: string, served: Served): Served {
    this.#kept.set(key, { served, since: performance.now() });
    if (this.#kept.size <= mostKept) return served;
    const idle = [...this.#kept].filter(([, kept]) => kept.served !== served && kept.served.isIdle);
    const [oldest] = idle.toSorted(([, a], [, b]) => a.served.usedAt - b.served.usedAt);
    if (oldest !== undefined) {
      oldest[1].served.close();
      this.#kept.delete(oldest[0]);
    }
    return served;
  }
}

const params = z.object({
  clientInfo: z.optional(z.unknown()),
  _meta: z.optional(z.looseObject({ 'io.modelcontextprotocol/clientInfo': z.optional(z.unknown()) })),
});

/** What a client says of itself, where it says so. */
function clientIn(frame: Frame): Client | undefined {
  const place = frame.members.get('params');
  const read = place && z.safeParse(params, valueAt(frame, place));
  if (read?.success !== true) return undefined;
  const { clientInfo, _meta } = read.data;
  return readClient(frame.method === 'initialize' ? clientInfo : _meta?.['io.modelcontextprotocol/clientInfo']);
}
