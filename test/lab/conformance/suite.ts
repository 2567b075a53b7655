import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { installed } from '../install.ts';

export const suite = installed('conformance');

const patience = join(import.meta.dirname, 'patience.mjs');

export type Revision = '2025-11-25' | '2026-07-28';

/** Scenario → each of its checks, and what became of it. */
export type Report = Readonly<Record<string, readonly string[]>>;

const checks = z.array(z.object({ id: z.string(), name: z.string(), status: z.string(), errorMessage: z.optional(z.string()) }));

/** What the official suite says of the server at that address: all that the revision asks for, with the parts that are not scored. */
export function serverReport(url: string, revision: Revision): Promise<Report> {
  return report(['server', '--url', url, '--requirements', revision], process.env);
}

/** What it says of a client that reaches its servers through the gateway in `dist`, in one scenario or in all of a suite. */
export async function clientReport(
  scenarios: { readonly scenario: string } | { readonly suite: string },
  revision: Revision,
  { dist, env }: { readonly dist: string; readonly env: NodeJS.ProcessEnv },
): Promise<Report> {
  const slots = mkdtempSync(join(tmpdir(), 'cs-'));
  try {
    const client = [process.execPath, join(import.meta.dirname, 'governed-client.ts'), dist, slots];
    const [which = ''] = Object.entries(scenarios).map(([option, name]) => `--${option}=${name}`);
    return await report(['client', which, '--spec-version', revision, '--command', client.join(' ')], env);
  } finally {
    rmSync(slots, { recursive: true, force: true });
  }
}

/** All that it has for clients, whatever the revision. */
export async function clientScenarios(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [suite ?? '', 'list', '--client']);
  return [...stdout.matchAll(/^ +- (\S+)/gm)].map(([, name = '']) => name);
}

/** Checks that are not as they should be. */
export function failing(found: Report): Report {
  const bad = Object.entries(found).map(([scenario, all]) => [scenario, all.filter((check) => /^(FAILURE|WARNING)/.test(check))] as const);
  return Object.fromEntries(bad.filter(([, all]) => all.length > 0));
}

export function passed(found: Report): number {
  return Object.values(found)
    .flat()
    .filter((check) => check.startsWith('SUCCESS')).length;
}

/** Whether a token or a client's secret of the suite's stands there. */
export function holdsSecret(text: string): boolean {
  return /test-token-|test-auth-code|(?:test-client|as[12]-client|pre-registered)-secret|test-secret-/.test(text);
}

async function report(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'cs-'));
  try {
    // It ends with 1 where something does not pass, which its files say better.
    await new Promise((resolve) => {
      execFile(
        process.execPath,
        ['--import', patience, suite ?? '', ...args, '--timeout', '120000', '-o', folder],
        { env, maxBuffer: 64 * 1024 * 1024 },
        resolve,
      );
    });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const telling = files.filter(
      (file) => /^std(out|err)\.txt$/.test(basename(file)) && holdsSecret(readFileSync(join(folder, file), 'utf8')),
    );
    if (telling.length > 0) throw new Error(`A token or a secret stands in ${telling.join(', ')}`);
    const found = files.filter((file) => basename(file) === 'checks.json');
    return Object.fromEntries(found.map((file) => [scenarioOf(dirname(file)), linesOf(join(folder, file))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders are called `server-ping-2026-11-29T12-18-26-117Z`, those of clients without `server-`, and may lie in one for their kind. */
function scenarioOf(folder: string): string {
  return folder
    .replaceAll('\\', '/')
    .replace(/^server-/, '')
    .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
}

function linesOf(file: string): readonly string[] {
  const all = z.parse(checks, JSON.parse(readFileSync(file, 'utf8')));
  return all.map(({ id, name, status, errorMessage }) => `${status} ${id} ${name}${status === 'FAILURE' ? `: ${errorMessage ?? ''}` : ''}`);
}
