import { readingPrograms } from '../../effects/reading.ts';
import { copying } from '../../effects/copying.ts';
import { writingPrograms } from '../../effects/writing.ts';
import { analyzeCommand } from '../../shell/analyze.ts';
import type { Invocation } from '../../shell/analysis.ts';
import { exactPattern, shortPattern, subcommandOf } from '../call-patterns.ts';
import { programName } from '../global-options.ts';
import type { PathCandidate } from '../path-pattern.ts';
import type { RuleSource, TestCall } from '../schema.ts';
import { Subject } from '../subject.ts';
import { testRequest } from '../test-request.ts';
import { type Draft, Trial } from './draft.ts';
import { pathPatterns } from './files.ts';
import type { SeenCall } from './seen-calls.ts';

/** What command lines touch: nothing, files of the workspace that they only read, those they may write, or others. */
type Reach = 'nothing' | 'reads' | 'writes' | 'elsewhere';

/** A command line, of which every command is known. */
interface Line {
  readonly seen: SeenCall;
  readonly forms: readonly Form[];
}

/** One command: as it is written, and without its arguments. */
interface Form {
  readonly exact: string;
  readonly short: string;
  /** Without its arguments it is still one thing: a subcommand, or a program whose effects are known. */
  readonly bounded: boolean;
}

/** So many different arguments stand for any. */
const enough = 3;
/** Each line that reaches elsewhere needs a rule of its own: more than these nobody would read. */
const mostElsewhere = 12;

export interface ShellDrafts {
  readonly drafts: readonly Draft[];
  /** Lines that no rule can allow. */
  readonly left: readonly SeenCall[];
}

/** Says whether a command without its arguments is one that a careful person would want to see with them. */
export type NeedsCare = (command: string) => boolean;

/** Rules that allow command lines: one for each reach, because one rule has to cover a whole line. */
export function commandDrafts(ran: readonly SeenCall[], refused: readonly SeenCall[], needsCare: NeedsCare): ShellDrafts {
  const left: SeenCall[] = [];
  const lines = new Map<Reach, Line[]>();
  for (const seen of ran) {
    const forms = formsOf(seen.call);
    if (forms === undefined) left.push(seen);
    else lines.set(reachOf(seen.call), [...(lines.get(reachOf(seen.call)) ?? []), { seen, forms }]);
  }
  const wide = (['reads', 'writes', 'nothing'] as const).flatMap((reach) => {
    const draft = wideDraft(reach, lines.get(reach) ?? [], refused, needsCare);
    return draft === undefined ? [] : [draft];
  });
  const elsewhere = [...(lines.get('elsewhere') ?? [])].sort((a, b) => b.seen.ran - a.seen.ran);
  left.push(...elsewhere.slice(mostElsewhere).map(({ seen }) => seen));
  return { drafts: [...wide, ...elsewhere.slice(0, mostElsewhere).map(narrowDraft)], left };
}

const wideRules: Readonly<Record<Exclude<Reach, 'elsewhere'>, Omit<RuleSource, 'action'>>> = {
  reads: { name: 'commands-that-read-the-workspace', paths: { read: ['${workspace}', '${workspace}/**'] } },
  writes: { name: 'commands-in-the-workspace', paths: { any: ['${workspace}', '${workspace}/**'] } },
  nothing: {
    name: 'commands-that-touch-no-file',
    conditions: [{ cel: 'request.paths.read.size() == 0 && request.paths.write.size() == 0' }],
  },
};

function wideDraft(
  reach: Exclude<Reach, 'elsewhere'>,
  lines: readonly Line[],
  refused: readonly SeenCall[],
  needsCare: NeedsCare,
): Draft | undefined {
  const broad = broadForms(lines, needsCare);
  const banned = new Set<string>();
  for (;;) {
    const uses = usesOf(lines, broad, banned);
    if (uses.size === 0) return undefined;
    const rule: RuleSource = { ...wideRules[reach], commands: [...uses.keys()].sort(), action: 'allow' };
    const trial = new Trial([rule]);
    const wrong = refused.find(({ call }) => trial.allows(call));
    if (wrong === undefined) return { rule, uses };
    if (!narrow(wrong.call, uses, broad, banned)) return undefined;
  }
}

/** Takes out what lets a refused line pass: first what stands for any arguments, then the commands themselves. */
function narrow({ command = '' }: TestCall, uses: ReadonlyMap<string, number>, broad: Set<string>, banned: Set<string>): boolean {
  const forms = invocationsOf(command).flatMap((one) => [shortOf(one), exactPattern(one)]);
  const inIt = forms.filter((form) => form !== undefined && (broad.has(form) || uses.has(form)));
  const wide = inIt.find((form) => form !== undefined && broad.has(form));
  if (wide !== undefined) return broad.delete(wide);
  // More arguments may follow a pattern, so the refused line need not hold any of them to the letter: then all of its programs' go.
  const programs = new Set(invocationsOf(command).map(({ program = '' }) => programName(program)));
  const gone = inIt.length > 0 ? inIt : [...uses.keys()].filter((pattern) => programs.has(pattern.split(' ')[0] ?? ''));
  for (const form of gone) if (form !== undefined) banned.add(form);
  return gone.length > 0;
}

function usesOf(lines: readonly Line[], broad: ReadonlySet<string>, banned: ReadonlySet<string>): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { seen, forms } of lines) {
    const patterns = new Set(forms.map(({ exact, short }) => (broad.has(short) ? short : exact)));
    if ([...patterns].some((pattern) => banned.has(pattern))) continue;
    for (const pattern of patterns) uses.set(pattern, (uses.get(pattern) ?? 0) + seen.ran);
  }
  return uses;
}

function broadForms(lines: readonly Line[], needsCare: NeedsCare): Set<string> {
  const variants = new Map<string, Set<string>>();
  for (const { short, exact, bounded } of lines.flatMap(({ forms }) => forms))
    if (bounded) variants.set(short, (variants.get(short) ?? new Set()).add(exact));
  return new Set([...variants].filter(([short, exacts]) => exacts.size >= enough && !needsCare(short)).map(([short]) => short));
}

/** The line as it is, with the files that it touches. */
function narrowDraft({ seen, forms }: Line): Draft {
  const { call, ran } = seen;
  const { touched } = new Subject(testRequest(call));
  const commands = [...new Set(forms.map(({ exact }) => exact))];
  const places = { workspace: call.workspace?.root ?? '/', home: call.user?.home ?? '/' };
  const patterns = (files: readonly PathCandidate[]): string[] => [
    ...pathPatterns(
      files.map(({ path }) => ({ path, times: 1, ...places })),
      [],
    ).keys(),
  ];
  const read = patterns(touched.read);
  const write = patterns(touched.write);
  const paths = { ...(read.length === 0 ? {} : { read }), ...(write.length === 0 ? {} : { write }) };
  const rule: RuleSource = { name: `allow-${commands[0] ?? ''}`, commands, paths, action: 'allow' };
  return { rule, uses: new Map(commands.map((command) => [command, ran])) };
}

/** `undefined` where a part of the line is only known when it runs, or cannot be named by a pattern. */
function formsOf({ command = '' }: TestCall): readonly Form[] | undefined {
  const forms = invocationsOf(command).map((invocation): Form | undefined => {
    const exact = exactPattern(invocation);
    const short = shortOf(invocation);
    if (exact === undefined || short === undefined) return undefined;
    return { exact, short, bounded: hasKnownEffects(invocation) || subcommandOf(invocation) !== undefined };
  });
  const known = forms.filter((form) => form !== undefined);
  return known.length === forms.length && known.length > 0 ? known : undefined;
}

/** The first word of a program that works on files is a file, not a subcommand. */
function shortOf(invocation: Invocation): string | undefined {
  return hasKnownEffects(invocation) ? programName(invocation.program ?? '') : shortPattern(invocation);
}

function invocationsOf(command: string): readonly Invocation[] {
  return analyzeCommand(command).invocations.filter(({ isWrapper }) => !isWrapper);
}

function hasKnownEffects({ program = '' }: Invocation): boolean {
  const name = programName(program);
  return [readingPrograms, copying, writingPrograms].some((programs) => Object.hasOwn(programs, name)) && !opens.has(name);
}

/** They hand their files to something else, or run them. */
const opens: ReadonlySet<string> = new Set(['source', '.', 'open', 'xdg-open', 'code', 'subl', 'kill', 'pkill', 'killall', 'countersign']);

function reachOf(call: TestCall): Reach {
  const request = testRequest(call);
  const { read, write } = new Subject(request).touched;
  const root = request.workspace.root;
  const isInside = ({ path }: PathCandidate): boolean => path === root || path.startsWith(`${root}/`);
  if (read.length + write.length === 0) return 'nothing';
  if (![...read, ...write].every(isInside)) return 'elsewhere';
  return write.length === 0 ? 'reads' : 'writes';
}
