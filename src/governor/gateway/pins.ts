import type { Origin } from '../../agents/agent.ts';
import type { KnownServer, Shown } from '../../engine/artifact/pins/known.ts';
import { blockedCall, review, type Reviewed, type Verdict } from '../../engine/artifact/pins/review.ts';
import { itemOf, titleOf, versionOf } from '../../engine/artifact/pins/known.ts';
import { toolsTrust } from '../../engine/artifact/tools-trust.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { originFields } from '../ledger.ts';
import type { Office } from '../office.ts';
import { named } from './pin-answers.ts';
import { askAboutChange, openChanges } from './pin-question.ts';

/** Agents ask for lists again and again; that a server was seen once more is noted at times. */
const noteMs = 60 * 60_000;

/** Holds what a server shows against what is known of it, remembers it, and asks a person about what nobody has accepted. */
export async function reviewShown(office: Office, origin: Origin, server: string, shown: readonly Shown[]): Promise<readonly Verdict[]> {
  const { ports } = office;
  const { pins } = ports;
  if (pins === undefined || shown.length === 0) return shown.map(() => ({ digest: '' }));
  const known = pins.get(server);
  const trust = toolsTrust(ports.policies.inForce(origin.cwd), server);
  const now = ports.clock.now();
  const reviewed = review({ server, agent: origin.agent.name, known, shown, trust, elsewhere: toolsElsewhere(pins.all(), server), now });
  if (isNews(known, reviewed)) {
    pins.save(reviewed.known);
    await record(office, origin, server, reviewed);
  }
  const waiting = trust === 'any' ? [] : openChanges(reviewed, shown);
  if (waiting.length > 0) await askAboutChange(office, origin, server, waiting);
  return reviewed.verdicts;
}

/** Why a call must not run because its tool is not what was accepted. `digest`: of the definition that the server showed. */
export function changedTool({ ports }: Office, call: ToolCall, digest: string | undefined): string | undefined {
  const { mcpServer = '', tool } = call;
  const [kind, name] = /^(resource|prompt):(.*)$/s.exec(tool)?.slice(1) ?? ['tool', tool];
  if (ports.pins === undefined || kind === 'resource') return undefined;
  const pinned = { kind: kind === 'prompt' ? 'prompt' : 'tool', name: name ?? '' } as const;
  const known = ports.pins.get(mcpServer);
  // So it is nearly always: what policies say of the server need not be looked up.
  if (versionOf(itemOf(known, pinned.kind, pinned.name), digest)?.state === 'accepted') return undefined;
  const trust = toolsTrust(ports.policies.inForce(call.cwd), mcpServer);
  const why = blockedCall(known, { ...pinned, trust, ...(digest === undefined ? {} : { digest }) });
  return (
    why && `MCP server "${mcpServer}" changed: ${why} A person has to accept that: approvals, or "countersign mcp accept ${mcpServer}".`
  );
}

function toolsElsewhere(all: readonly KnownServer[], server: string): ReadonlySet<string> {
  return new Set(
    all.filter((one) => one.server !== server).flatMap(({ items }) => items.filter(({ kind }) => kind === 'tool').map(({ name }) => name)),
  );
}

function isNews(known: KnownServer | undefined, { known: next, asked, fresh }: Reviewed): boolean {
  if (known === undefined || asked.length > 0 || fresh.length > 0 || next.lastSeen - known.lastSeen > noteMs) return true;
  return next.agents.length !== known.agents.length || JSON.stringify(next.items) !== JSON.stringify(known.items);
}

async function record({ ledger }: Office, origin: Origin, server: string, { known, asked, fresh }: Reviewed): Promise<void> {
  if (asked.length === 0 && fresh.length === 0) return;
  const parts = [
    ...(fresh.length === 0 ? [] : [`${named(fresh)} ${fresh.length === 1 ? 'is' : 'are'} held as first seen`]),
    ...(asked.length === 0 ? [] : [`${named(asked.map(titleOf))} ${asked.length === 1 ? 'is' : 'are'} not what anybody accepted`]),
  ];
  const digests = known.items.slice(0, 200).map(({ kind, name, current }) => ({ kind, name, digest: current }));
  await ledger.write(
    {
      kind: 'config-change',
      ...originFields(origin),
      mcpServer: server,
      reason: `Of MCP server ${server}, ${parts.join('; ')}.`,
      detail: { event: 'mcp-pins', changes: asked.map(({ kind, name, change }) => ({ kind, name, change: [...change] })), digests },
    },
    'written',
  );
}
