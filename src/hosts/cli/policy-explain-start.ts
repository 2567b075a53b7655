import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { startEvent } from '../../agents/mcp/start.ts';
import { callDigest } from '../../engine/approval/digest.ts';
import { scansWanted, signersWanted } from '../../engine/artifact/decide-start.ts';
import { explainStart } from '../../engine/artifact/explain-start.ts';
import { withScans } from '../../engine/artifact/scan-demand.ts';
import { signersKey, type ServerStart, type Source } from '../../engine/artifact/start.ts';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { Explained } from '../../engine/policy/steps.ts';
import { sourceSchema } from '../../channel/source-schema.ts';
import type { StartStore } from '../../governor/ports.ts';
import { startStore } from '../../storage/artifact/start-store.ts';
import { homeOf } from '../../storage/home.ts';
import { requestFor } from './asked-call.ts';
import type { Layers } from './layers.ts';
import { commandOf, sourceOfServer } from './measured-server.ts';
import type { PoliciesOf } from './replay-policies.ts';

interface Values {
  readonly server?: string | undefined;
  readonly command?: string | undefined;
  readonly cwd?: string | undefined;
  readonly agent?: string | undefined;
}

interface ExplainedStart {
  readonly steps: Explained;
  /** Who approved this very start before: then nobody is asked. */
  readonly approvedBy?: string;
}

/**
 * The start of a server as it is configured here, as a command line has it, or as it was recorded. What scanners, signatures and the lock
 * say of it is looked up now.
 */
export async function explainedStart(layers: Layers, policiesOf: PoliciesOf, values: Values, entry?: AuditEntry): Promise<ExplainedStart> {
  const { server, command, source, cwd, client } = entry === undefined ? await wanted(values) : recorded(entry);
  const { call } = startEvent({ client, session: 'explain', cwd, server, command, source, loads: {} });
  const request = requestFor(layers, call);
  const set = policiesOf(request.workspace.root);
  const store = startStore({ root: homeOf().root, isTrusted: layers.isTrusted });
  const start = await withEvidence(store, set, { server, command, source }, request.workspace.root);
  const approved = store.approved(callDigest(withScans(call, scansWanted(set, server) ? start.scans : undefined)));
  return { steps: explainStart(set, start, request), ...(approved && { approvedBy: approved.by }) };
}

interface Wanted {
  readonly server: string;
  readonly command: readonly string[];
  readonly source: Source;
  readonly cwd: string;
  readonly client: string;
}

async function wanted({ server = '', command: text, cwd: folder = '.', agent: client = '' }: Values): Promise<Wanted> {
  const cwd = resolve(folder);
  const command = text === undefined ? commandOf(server, cwd) : text.split(/\s+/).filter((word) => word !== '');
  return { server, command, source: await sourceOfServer(server, command, cwd), cwd, client };
}

const shape = z.looseObject({ server: z.string(), command: z.array(z.string()), source: z.optional(sourceSchema) });

function recorded({ arguments: given, cwd = '/', agent: client = '' }: AuditEntry): Wanted {
  const { source, ...rest } = z.parse(shape, given);
  if (source === undefined) throw new Error('This start was refused before anybody could look at what it was.');
  return { ...rest, source, cwd, client };
}

async function withEvidence(
  store: StartStore,
  set: PolicySet,
  start: Pick<ServerStart, 'server' | 'command' | 'source'>,
  workspace: string,
): Promise<ServerStart> {
  const { server, source } = start;
  const signed = signersWanted(set, server).map(
    async ({ signedBy }) => [signersKey(signedBy), await store.signed(source, signedBy)] as const,
  );
  const lock = store.lockWord(workspace, server, source);
  return { ...start, signed: new Map(await Promise.all(signed)), scans: store.scans(source), ...(lock && { lock }) };
}
