import { hash } from 'node:crypto';
import { canonicalJson } from '../../audit/canonical.ts';
import type { ToolsTrust } from '../document.ts';
import { differenceInWords } from './difference.ts';
import { itemOf, titleOf, versionOf, type KnownItem, type KnownServer, type KnownVersion, type PinnedKind, type Shown } from './known.ts';
import { suspicionsOf } from './suspicions.ts';

export interface Reviewing {
  readonly server: string;
  readonly agent: string;
  readonly known: KnownServer | undefined;
  /** What the server shows of one kind, or of several. */
  readonly shown: readonly Shown[];
  readonly trust: ToolsTrust;
  /** Names of tools that other servers have. */
  readonly elsewhere: ReadonlySet<string>;
  readonly now: number;
}

export interface Reviewed {
  readonly known: KnownServer;
  /** For each that is shown, in order: its digest, and why the agent is not to see it. */
  readonly verdicts: readonly Verdict[];
  /** Those that nobody has accepted, seen for the first time. */
  readonly asked: readonly Changed[];
  /** Names of those that were accepted because they are the first of their name. */
  readonly fresh: readonly string[];
}

export interface Verdict {
  readonly digest: string;
  readonly blocked?: string;
}

/** What a person is asked about. */
export interface Changed {
  readonly kind: PinnedKind;
  readonly name: string;
  readonly digest: string;
  /** What is different, or odd, in words. */
  readonly change: readonly string[];
}

/** Longer definitions are held by their digest alone. */
const longestText = 100_000;
const longestName = 512;
const mostItems = 2_000;
const mostVersions = 6;
const mostAgents = 10;

/** Holds what a server shows against what is known of it. Pure. */
export function review(reviewing: Reviewing): Reviewed {
  const { server, agent, known, shown, now } = reviewing;
  const items = new Map((known?.items ?? []).map((item) => [keyOf(item), item] as const));
  const first = new Set(shown.map(({ kind }) => kind).filter((kind) => !(known?.items ?? []).some((item) => item.kind === kind)));
  const asked: Changed[] = [];
  const fresh: string[] = [];
  const verdicts = shown.map((one): Verdict => {
    const read = textOf(one);
    if (read === undefined || (!items.has(keyOf(one)) && items.size >= mostItems))
      return { digest: '', blocked: 'Its definition is not one that can be kept.' };
    const item = items.get(keyOf(one));
    const version = versionOf(item, read.digest) ?? versionFor({ ...reviewing, one, item, ...read, isFirst: first.has(one.kind) });
    const isNew = versionOf(item, read.digest) === undefined;
    items.set(keyOf(one), withVersion(item, one, version));
    if (isNew && version.state === 'asked') asked.push(changed(item, one, version));
    if (isNew && version.state === 'accepted' && item === undefined) fresh.push(titleOf(one));
    return { digest: read.digest, ...blockedBy(reviewing, item, one, version) };
  });
  const agents = [...(known?.agents ?? []).filter((one) => one !== agent), agent].slice(-mostAgents);
  return { known: { server, agents, lastSeen: now, items: [...items.values()] }, verdicts, asked, fresh };
}

function keyOf({ kind, name }: { readonly kind: PinnedKind; readonly name: string }): string {
  return `${kind} ${name}`;
}

function textOf({ name, definition }: Shown): { readonly text: string; readonly digest: string } | undefined {
  if (name.length > longestName) return undefined;
  try {
    const text = canonicalJson(definition);
    return { text, digest: hash('sha256', text, 'hex') };
  } catch {
    // Nested without end, or a number that is none.
    return undefined;
  }
}

interface NewVersion extends Reviewing {
  readonly one: Shown;
  readonly item: KnownItem | undefined;
  readonly text: string;
  readonly digest: string;
  readonly isFirst: boolean;
}

/** The first of a server are taken as they are, unless something about them is plainly wrong. */
function versionFor({ one, item, text, digest, isFirst, trust, elsewhere, shown, now }: NewVersion): KnownVersion {
  const suspicions = suspicionsOf(one, shown, elsewhere);
  const isOdd = suspicions.some(({ risk }) => risk === 'high');
  const isTaken = item === undefined && !isOdd && (isFirst || trust === 'reviewed');
  const state = trust === 'any' || isTaken ? 'accepted' : 'asked';
  return { digest, ...(text.length > longestText ? {} : { text }), state, since: now, suspicions };
}

function withVersion(item: KnownItem | undefined, { kind, name }: Shown, version: KnownVersion): KnownItem {
  const others = (item?.versions ?? []).filter(({ digest }) => digest !== version.digest);
  const kept = others.slice(-(mostVersions - 1));
  const accepted = others.filter(({ state }) => state === 'accepted').at(-1);
  // What a change is held against stays known, however often a server changes.
  const versions = accepted === undefined || kept.includes(accepted) ? kept : [accepted, ...kept.slice(1)];
  return { kind, name, current: version.digest, versions: [...versions, version] };
}

function blockedBy({ trust }: Reviewing, item: KnownItem | undefined, one: Shown, version: KnownVersion): { readonly blocked?: string } {
  if (trust === 'any' || version.state === 'accepted') return {};
  const change = changed(item, one, version).change.join(' ');
  const what = version.state === 'denied' ? 'A person has refused it' : 'Nobody has accepted it';
  return { blocked: `${what}: ${change}` };
}

function changed(item: KnownItem | undefined, { kind, name }: Shown, version: KnownVersion): Changed {
  return { kind, name, digest: version.digest, change: [...differenceOf(item, version), ...version.suspicions.map(({ say }) => say)] };
}

/** What is different in that version from the last that was accepted, in words. */
export function differenceOf(item: KnownItem | undefined, { digest, text }: KnownVersion): readonly string[] {
  const before = (item?.versions ?? []).filter((one) => one.state === 'accepted' && one.digest !== digest).at(-1);
  if (before === undefined) return ['It was not there before.'];
  if (before.text === undefined || text === undefined) return ['Its definition is another one, too long to be compared.'];
  return differenceInWords(JSON.parse(before.text), JSON.parse(text));
}

/** Why a call must not run, or `undefined`. `digest`: of the definition that the server showed; left out: of the last that is known. */
export function blockedCall(known: KnownServer | undefined, call: BlockedCall): string | undefined {
  const { kind, name, digest, trust } = call;
  if (trust === 'any') return undefined;
  const item = itemOf(known, kind, name);
  if (item === undefined) return trust === 'pinned' ? `${titleOf(call)} is not among what is pinned` : undefined;
  const version = versionOf(item, digest);
  if (version?.state === 'accepted') return undefined;
  if (version === undefined) return `${titleOf(call)} is not what it was when it was looked at`;
  return `${titleOf(call)} is not what was accepted: ${changed(item, { kind, name, definition: null }, version).change.join(' ')}`;
}

interface BlockedCall {
  readonly kind: PinnedKind;
  readonly name: string;
  readonly digest?: string;
  readonly trust: ToolsTrust;
}

/** A person has said what becomes of these versions. */
export function answered(
  known: KnownServer,
  chosen: readonly { readonly kind: PinnedKind; readonly name: string; readonly digest: string }[],
  answer: { readonly accept: boolean; readonly by: string; readonly at: number },
): KnownServer {
  const wanted = new Set(chosen.map((one) => `${keyOf(one)} ${one.digest}`));
  const state = answer.accept ? 'accepted' : 'denied';
  const items = known.items.map((item) => ({
    ...item,
    versions: item.versions.map((version) =>
      wanted.has(`${keyOf(item)} ${version.digest}`) ? ({ ...version, state, since: answer.at, by: answer.by } as const) : version,
    ),
  }));
  return { ...known, items };
}
