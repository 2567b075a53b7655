import { testRequest } from '../policy/test-request.ts';
import type { Request } from '../request.ts';
import type { ArtifactEntry } from './document.ts';
import { planOf } from './plan.ts';
import { scanOf, type Scan } from './scan.ts';
import { signersKey, type ServerStart, type Signed, type Source } from './start.ts';
import { startTool } from './start-call.ts';
import type { TestStart } from './test-schema.ts';

export interface TestedStart {
  readonly start: ServerStart;
  readonly request: Request;
}

/** A complete start from the few fields that a test names; a text is a command line. `entries`: what policies have of servers. */
export function testStart(test: string | TestStart, entries: readonly ArtifactEntry[]): TestedStart {
  const given: TestStart = typeof test === 'string' ? { server: 'server', command: test } : test;
  const { server, command, scans, signedBy, agent, session, workspace, user, time } = given;
  const words = command?.split(/\s+/).filter((word) => word !== '') ?? [];
  const own = entries.filter(({ name }) => name === server);
  const request = testRequest({ tool: startTool, nativeTool: startTool, mcpServer: server, agent, session, workspace, user, time });
  const source = sourceOf(given, words, own[0], request);
  const signed = new Map(own.map((entry) => [signersKey(entry.signedBy), signedAs(entry, signedBy ?? [])]));
  return { start: { server, command: words, source, signed, scans: scansIn(scans ?? {}, request.time) }, request };
}

function signedAs({ signedBy: wanted }: ArtifactEntry, given: NonNullable<TestStart['signedBy']>): Signed {
  const has = wanted.some((one) => given.some((other) => signersKey([other]) === signersKey([one])));
  return has ? { ok: true, by: 'the test' } : { ok: false, why: 'none of those who must sign it did' };
}

function scansIn(scans: NonNullable<TestStart['scans']>, time: Date): readonly Scan[] {
  return Object.entries(scans).map(([name, said]): Scan => {
    const { max, at } = typeof said === 'string' ? { max: said, at: time.toISOString() } : said;
    if (max === 'unavailable') return { name, at, unavailable: 'the test says so' };
    return scanOf(name, at, max === 'none' ? [] : [{ severity: max, id: 'test', title: '' }]);
  });
}

const zeros = '0'.repeat(64);
const ordinary = { version: '0.0.0', integrity: `sha512-${'A'.repeat(86)}==`, tree: `sha256:${zeros}`, packages: 1 };

function sourceOf(given: TestStart, words: readonly string[], entry: ArtifactEntry | undefined, request: Request): Source {
  const { npm, image, file, url, version, integrity, tree, sha256 } = given.source ?? {};
  if (npm !== undefined) return { ...ordinary, kind: 'npm', name: npm, ...known({ version, integrity, tree }) };
  if (image !== undefined) return imageSource(image);
  if (file !== undefined) return fileSource(file, sha256, request);
  if (url !== undefined) return { kind: 'url', url };
  const base = words.length > 0 ? startedBy(words, request) : entry && listedAs(entry, request);
  if (base === undefined) throw new Error('it says neither what is started nor the name of a server that is listed');
  if (base.kind === 'npm') return { ...base, ...known({ version, integrity, tree }) };
  return base.kind === 'file' ? { ...base, ...known({ sha256: sha256?.replace('sha256:', '') }) } : base;
}

/** As the command line has it; what only looking at the machine would tell is made up. */
function startedBy([program = '', ...args]: readonly string[], request: Request): Source {
  if (/^https?:\/\//i.test(program)) return { kind: 'url', url: program };
  const plan = planOf(program, args);
  switch (plan.kind) {
    case 'npm':
      return { ...ordinary, kind: 'npm', name: plan.name, ...(/^\d+\.\d+\.\d+/.test(plan.spec) ? { version: plan.spec } : {}) };
    case 'script':
      return fileSource(plan.file, undefined, request);
    case 'program':
      return !plan.fetches && /[\\/]/.test(program)
        ? fileSource(program, undefined, request)
        : { kind: 'program', path: program, fetches: plan.fetches };
    default:
      return plan;
  }
}

function listedAs({ source }: ArtifactEntry, request: Request): Source {
  switch (source.kind) {
    case 'npm':
      return { ...ordinary, ...source };
    case 'image':
      return { options: [], ...source, risky: [] };
    case 'file':
      return fileSource(source.path, source.sha256, request);
    case 'url':
      return { kind: 'url', url: source.origin };
  }
}

function imageSource(text: string): Source {
  const [image = '', digest] = text.split('@');
  return { kind: 'image', image, ...(digest === undefined ? {} : { digest }), options: [], risky: [] };
}

function fileSource(file: string, sha256: string | undefined, { user, call }: Request): Source {
  const expanded = file.replace(/^~(?=\/)/, user.home);
  const path = /^(\/|[A-Za-z]:)/.test(expanded) ? expanded : `${call.cwd}/${expanded}`;
  return { kind: 'file', path, sha256: sha256?.replace('sha256:', '') ?? zeros };
}

function known<T extends Readonly<Record<string, string | undefined>>>(fields: T): { readonly [K in keyof T]?: string } {
  const result: { [K in keyof T]?: string } = {};
  for (const name in fields) if (fields[name] !== undefined) result[name] = fields[name];
  return result;
}
