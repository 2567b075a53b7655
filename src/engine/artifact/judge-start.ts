import type { Action } from '../decision.ts';
import type { Finding, GrantedExemption } from '../policy/judge.ts';
import { modeOf, type PolicyFile } from '../policy/policy-set.ts';
import type { Subject } from '../policy/subject.ts';
import type { ArtifactDocument, ArtifactEntry } from './document.ts';
import { misfit } from './fits.ts';
import { lackingOf, scanInWords, type ScanDemand } from './scan-demand.ts';
import { inWords, type ServerStart } from './start.ts';

export interface Judging {
  readonly file: PolicyFile;
  readonly document: ArtifactDocument;
  readonly start: ServerStart;
  /** The start as every call: who makes it, where and when. */
  readonly subject: Subject;
  readonly exemption: GrantedExemption;
  /** Somebody who may has said what it is. */
  readonly known: boolean;
}

/** What one document says of a start; what only abstains is left out. */
export function judgeStart(judging: Judging): readonly Finding[] {
  const { document, start } = judging;
  const entries = document.servers.filter(({ name }) => name === start.server);
  const found = entries.length === 0 ? unlisted(judging) : listed(judging, entries);
  return found.filter(({ ref }) => ref.action !== 'abstain');
}

function unlisted(judging: Judging): readonly Finding[] {
  const { document, start, known } = judging;
  const missing = `${what(start)}; policy "${document.name}" does not list it.`;
  return [
    finding(judging, '(default)', document.defaultAction, missing),
    ...(!known && isFloating(start) ? [finding(judging, '(unpinned)', document.unpinned, unpinned(start))] : []),
    ...scanned(judging, [document.scans]),
  ];
}

function listed(judging: Judging, entries: readonly ArtifactEntry[]): readonly Finding[] {
  const { document, start, subject } = judging;
  const wrong = entries.map((entry) => misfit(entry, start, subject));
  const fitting = entries.filter((_, index) => wrong[index] === undefined);
  if (fitting.length === 0) {
    const why = `${what(start)}, which is not what policy "${document.name}" has: ${wrong.join('; or ')}.`;
    return [finding(judging, start.server, 'deny', why)];
  }
  const options = fitting.some(({ source }) => source.kind === 'image' && source.options !== undefined) ? [] : riskyOf(start);
  const opened = `${what(start)} with ${options.join(', ')}: that opens its container.`;
  return [
    finding(judging, start.server, 'allow', `${what(start)}, as policy "${document.name}" has it${saidBy(start)}.`),
    ...(options.length === 0 ? [] : [finding(judging, '(options)', 'require_approval', opened)]),
    ...scanned(
      judging,
      fitting.map(({ scans }) => scans ?? document.scans),
    ),
  ];
}

function riskyOf({ source }: ServerStart): readonly string[] {
  return source.kind === 'image' ? source.risky : [];
}

/** Of several demands any will do: of the entries that fit, each is enough. */
function scanned(judging: Judging, demands: readonly (ScanDemand | undefined)[]): readonly Finding[] {
  const { document, start, subject } = judging;
  const lacking = demands.map((demand) => ({
    action: demand?.otherwise ?? 'deny',
    why: demand === undefined ? [] : lackingOf(demand, start.scans ?? [], subject.request.time.getTime()),
  }));
  const [first] = lacking;
  if (first === undefined || lacking.some(({ why }) => why.length === 0)) return [];
  const look = `"countersign mcp audit ${start.server}" and "countersign mcp scan ${start.server}" look anew.`;
  return [
    finding(
      judging,
      '(scans)',
      first.action,
      `${what(start)}, and policy "${document.name}" asks for other scans: ${first.why.join('; ')}. ${look}`,
    ),
  ];
}

function saidBy({ scans = [] }: ServerStart): string {
  return scans.length === 0 ? '' : ` (scans: ${scans.map(scanInWords).join('; ')})`;
}

function what({ server, source }: ServerStart): string {
  return `MCP server "${server}" starts ${inWords(source)}`;
}

/** What runs is whatever a registry has at the time, or what a file says that anybody may have written. */
function isFloating(start: ServerStart): boolean {
  const { source } = start;
  return source.kind === 'npm' || source.kind === 'pypi' || (source.kind === 'program' && source.fetches) || isLockedAlone(start);
}

/** The digest is from a lock of the repository that nobody here has accepted, and not from the line that starts it. */
function isLockedAlone({ source, lock, command }: ServerStart): boolean {
  if (source.kind !== 'image' || source.digest === undefined || lock === undefined || lock.trusted) return false;
  return !command.some((word) => word.endsWith(`@${source.digest}`));
}

function unpinned(start: ServerStart): string {
  if (start.lock !== undefined && isLockedAlone(start))
    return `${what(start)}, as ${start.lock.path} has it, which nobody here has accepted yet. Once approved, exactly this is started; "countersign mcp lock --trust" accepts all that stands in the file.`;
  return start.source.kind === 'npm'
    ? `${what(start)}, which nothing has pinned yet. Once approved, exactly this is started, and asked about again when it changes.`
    : `${what(start)}, which it downloads anew when it likes. What it gets cannot be held; a fixed version, a file or an image with its digest could.`;
}

function finding({ file, document, exemption }: Judging, rule: string, action: Action, reason: string): Finding {
  const granted = exemption(file, document, rule);
  const { layer, digest } = file;
  const mode = modeOf(file, document);
  return {
    ref: { policy: document.name, rule, layer, digest, action, mode, ...(granted === undefined ? {} : { exemption: granted }) },
    reason,
    terms: {},
    autoApprove: false,
    redact: [],
  };
}
