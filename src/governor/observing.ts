import type { AuditEntry } from '../engine/audit/entry.ts';
import { isInFolder } from '../engine/policy/observing.ts';
import { Refused } from './fault.ts';
import type { Office } from './office.ts';
import type { Observation } from './ports.ts';

export interface ObserveWish {
  /** Any folder of the workspace; left out: all calls. */
  readonly folder?: string;
  readonly on: boolean;
  /** It ends by itself after that long. */
  readonly forMs?: number;
}

export interface Observing {
  /** A sentence for the person. */
  readonly message: string;
}

/** Where a person only observes now, all calls first. */
export function observations({ ports }: Office): readonly Observation[] {
  return ports.state.observations().filter(({ until }) => until === undefined || ports.clock.now() < until);
}

/** Those that are about the calls of a workspace. */
export function observationsOf(office: Office, root: string): readonly Observation[] {
  return observations(office).filter(({ folder }) => folder === undefined || isInFolder(root, folder));
}

/** From this moment on calls there are judged and recorded, and none is stopped for it; or they are stopped again. */
export async function observe(office: Office, wish: ObserveWish, by: string): Promise<Observing> {
  const folder = wish.folder === undefined ? undefined : rootOf(office, wish.folder);
  try {
    return wish.on ? await start(office, folder, wish.forMs, by) : await stop(office, folder, by);
  } finally {
    changed(office);
  }
}

/** Those whose time is over: a person should see in the log that calls are stopped again. */
export async function endObservations(office: Office): Promise<void> {
  const { ports } = office;
  const over = ports.state.observations().filter(({ until }) => until !== undefined && ports.clock.now() >= until);
  for (const { folder, by } of over) {
    await office.ledger.write(
      entryOf(`Policies are enforced again ${whereOf(folder)}: the time that ${by} gave is over.`, folder),
      'synced',
    );
    ports.state.dropObservation(folder);
  }
  if (over.length > 0) changed(office);
}

async function start(office: Office, folder: string | undefined, forMs: number | undefined, by: string): Promise<Observing> {
  const { ports, ledger } = office;
  const at = ports.clock.now();
  const observation = { ...(folder === undefined ? {} : { folder }), at, by, ...(forMs === undefined ? {} : { until: at + forMs }) };
  const time = observation.until === undefined ? '' : ` until ${new Date(observation.until).toISOString()}`;
  // Written down before it holds: what cannot be recorded is not loosened.
  await ledger.write(
    entryOf(`${by} only observes ${whereOf(folder)}${time}: calls are judged and recorded, not stopped.`, folder, {
      by,
      until: observation.until,
    }),
    'synced',
  );
  ports.state.saveObservation(observation);
  const others = 'The policies of your organisation and the protection of Countersign itself stay in force.';
  return { message: `Calls are only observed ${whereOf(folder)}${time}: none is stopped or asked about. ${others}` };
}

async function stop(office: Office, folder: string | undefined, by: string): Promise<Observing> {
  const { ports, ledger } = office;
  const known = observations(office);
  const ending = folder === undefined ? known : known.filter((one) => one.folder === folder);
  if (ending.length === 0) return { message: still(known, folder) ?? `Policies are enforced ${whereOf(folder)} already.` };
  // Held before it is written down: a log that cannot be written must not keep the loosening alive.
  for (const one of ending) ports.state.dropObservation(one.folder);
  await ledger.write(entryOf(`${by} has policies enforced again ${whereOf(folder)}.`, folder, { by }), 'synced');
  return { message: still(observations(office), folder) ?? `Policies are enforced again ${whereOf(folder)}.` };
}

/** Why calls of that folder are observed all the same. */
function still(known: readonly Observation[], folder: string | undefined): string | undefined {
  const around = known.find((one) => one.folder === undefined || (folder !== undefined && isInFolder(folder, one.folder)));
  return around === undefined ? undefined : `Calls are still only observed ${whereOf(around.folder)}: end that as well.`;
}

/** The home, or all of the disk, is no workspace: whoever means everything has to say so. */
function rootOf({ ports }: Office, folder: string): string {
  const { surroundings } = ports;
  const { root } = surroundings.workspace(folder);
  const { home } = surroundings.user();
  if (isInFolder(home, root))
    throw new Refused('not-allowed', `${root} holds everything you have, not one workspace. Choose a folder below it, or observe all.`);
  return root;
}

function changed({ ports, feed }: Office): void {
  ports.policies.refresh?.();
  feed.changed('sessions');
}

function whereOf(folder: string | undefined): string {
  return folder === undefined ? 'everywhere' : `in ${folder}`;
}

interface Said {
  readonly by?: string;
  readonly until?: number | undefined;
}

function entryOf(reason: string, folder: string | undefined, { by, until }: Said = {}): Omit<AuditEntry, 'time'> {
  return {
    kind: 'config-change',
    ...(folder === undefined ? {} : { cwd: folder }),
    reason,
    ...(by === undefined ? {} : { approver: { user: by, surface: '', waitedMs: 0, reason: '' } }),
    detail: { event: 'observe', ...(until === undefined ? {} : { until }) },
  };
}
