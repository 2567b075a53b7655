import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { sbomText } from '../../engine/artifact/sbom.ts';
import { inBrief, type Scan } from '../../engine/artifact/scan.ts';
import { inWords, type Source } from '../../engine/artifact/start.ts';
import { keepEvidence, keepText, keptSignatures } from '../../storage/artifact/evidence.ts';
import { keptBill } from '../../storage/artifact/kept-bill.ts';
import { artifactPlaces } from '../../storage/artifact/places.ts';
import { keepScan, scansOf } from '../../storage/artifact/kept-scans.ts';
import { configuredScanners, npmAuditor, scan, type Scanner } from '../../storage/artifact/scanner.ts';
import { signedText } from '../../storage/artifact/signed-thing.ts';
import { homeOf } from '../../storage/home.ts';
import { personHere } from '../../storage/install/person-environment.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { agentHere } from './governor.ts';
import { commandOf, sourceOfServer } from './measured-server.ts';
import { table } from './table.ts';

/** What is looked at: a folder, or what a configured server would start. */
interface Looked {
  readonly name: string;
  /** Left out: only a folder was named. */
  readonly source?: Source;
  readonly folder: string;
}

/** What an MCP server consists of, as CycloneDX. */
export async function printSbom(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { out: { type: 'string' } });
  const { folder } = await looked(required(positionals[0], 'SERVER or FOLDER'));
  const { text } = sbomText(readFileSync(lockIn(folder), 'utf8'));
  if (values.out === undefined) terminal.out(text.trimEnd());
  else writeFileSync(values.out, text);
  return 0;
}

/** What the registry that npm asks knows to be wrong with it. */
export async function auditServer(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } });
  const found = await looked(required(positionals[0], 'SERVER or FOLDER'));
  lockIn(found.folder);
  return tell(terminal, values.json === true, await runAll([npmAuditor(process.env)], found, terminal));
}

/** What the programs that `config.json` names say of it. */
export async function scanServer(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } });
  const scanners = configuredScanners(homeOf());
  if (scanners.length === 0)
    throw new WrongUsage(`no scanner is configured: name one in "scanners" of ${homeOf().config} (docs/mcp-artifacts.md)`);
  return tell(terminal, values.json === true, await runAll(scanners, await looked(required(positionals[0], 'SERVER or FOLDER')), terminal));
}

/** Keeps signatures of a server; without any, says what is kept and what an SSH key has to sign. */
export async function evidence(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { text: { type: 'boolean' }, fetch: { type: 'boolean' } });
  const [name, ...files] = positionals;
  const { source } = await looked(required(name, 'SERVER'));
  if (source === undefined) throw new WrongUsage('evidence is kept of a server, not of a folder');
  const { root } = homeOf();
  if (values.text) {
    terminal.out((signedText(source) ?? '').trimEnd());
    return signedText(source) === undefined ? 1 : 0;
  }
  if (values.fetch) return fetched(root, source, terminal);
  for (const file of files) terminal.out(`kept ${keepEvidence(root, source, resolve(file))}`);
  if (files.length > 0) return 0;
  terminal.out(inWords(source));
  for (const kept of keptSignatures(root, source)) terminal.out(`signature  ${kept.name}`);
  const bill = keptBill(root, source);
  if (bill !== undefined) terminal.out(`sbom       ${bill.components} components, sha256 ${bill.sha256}`);
  for (const one of scansOf(root, source)) terminal.out(`scan       ${one.name}: ${inBrief(one)}`);
  return 0;
}

/** What npm’s registry says of who built it; policies verify it at each start, without the network. */
async function fetched(root: string, source: Source, terminal: Terminal): Promise<ExitCode> {
  if (source.kind !== 'npm') throw new WrongUsage('--fetch asks npm’s registry about a package, and this server is none');
  const { attestationsOf } = await import('../../storage/artifact/attestations.ts');
  const text = await attestationsOf(source, personHere());
  if (text === undefined) terminal.err(`The registry says nothing of who built ${source.name}@${source.version}.`);
  else terminal.out(`kept ${keepText(root, source, 'npm-attestations.json', text)}`);
  return text === undefined ? 1 : 0;
}

async function looked(what: string): Promise<Looked> {
  if (isAbsolute(what) || what.startsWith('.') || (what.includes('/') && existsSync(what))) return { name: what, folder: resolve(what) };
  const source = await sourceOfServer(what, commandOf(what, process.cwd()), process.cwd());
  return { name: what, source, folder: folderOf(homeOf().root, source) };
}

function folderOf(root: string, source: Source): string {
  if (source.kind === 'npm') return join(artifactPlaces(root).packages, source.tree.replace('sha256:', ''));
  if (source.kind === 'file') return dirname(source.path);
  throw new WrongUsage(`${inWords(source)} has no folder here that could be looked at`);
}

function lockIn(folder: string): string {
  const path = join(folder, 'package-lock.json');
  if (!existsSync(path)) throw new WrongUsage(`there is no package-lock.json in ${folder}`);
  return path;
}

async function runAll(scanners: readonly Scanner[], { source, folder }: Looked, terminal: Terminal): Promise<readonly Scan[]> {
  // Policies go by what is kept, and an agent chooses which programs run here.
  const agent = agentHere();
  if (agent !== undefined && source !== undefined)
    terminal.err(`What is found is not kept: this terminal belongs to an agent (${agent} is set).`);
  const results: Scan[] = [];
  for (const scanner of scanners) {
    // One after the other: each may want the whole machine.
    // oxlint-disable-next-line no-await-in-loop
    const result = await scan(scanner, folder, new Date().toISOString());
    if (source !== undefined && agent === undefined) keepScan(homeOf().root, source, result);
    results.push(result);
  }
  return results;
}

/** 1: somebody could not look; 2: something was found. */
function tell(terminal: Terminal, json: boolean, scans: readonly Scan[]): ExitCode {
  if (json) terminal.out(JSON.stringify(scans));
  else
    for (const one of scans) {
      terminal.out(`${one.name}: ${inBrief(one)}`);
      if ('findings' in one && one.findings.length > 0)
        terminal.out(
          table(
            ['SEVERITY', 'ID', 'TITLE'],
            one.findings.map(({ severity, id, title }) => [severity, id, title]),
          ),
        );
    }
  if (scans.some((one) => 'findings' in one && one.findings.length > 0)) return 2;
  return scans.some((one) => 'unavailable' in one) ? 1 : 0;
}
