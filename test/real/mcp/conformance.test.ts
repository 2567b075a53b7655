import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureGovernor, type Reached } from '../../../src/channel/start.ts';
import { openHome } from '../../../src/storage/home.ts';
import { MachineProcesses } from '../../../src/storage/processes.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';
import { fixtureServer } from '../../lab/conformance/fixture-server.ts';
import {
  clientReport,
  clientScenarios,
  failing,
  holdsSecret,
  passed,
  serverReport,
  suite,
  type Report,
  type Revision,
} from '../../lab/conformance/suite.ts';
import { endProcessesOf } from '../claude/processes.ts';

const dist = join(import.meta.dirname, '../../../dist');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
const env = { PATH: process.env['PATH'] ?? '', HOME: root, COUNTERSIGN_HOME: join(root, '.countersign') };
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec: {}
exempt: [{rule: baseline-mcp/taking-away, reason: the suite has a tool confirm_delete and nobody to be asked}]
`;

let governor: Reached;

beforeAll(async () => {
  const home = openHome(env);
  writeFileSync(join(home.policies, 'lab.yaml'), policy);
  governor = await ensureGovernor({
    home,
    hello: { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version: 'lab' },
    command: process.execPath,
    args: [join(dist, 'serve.mjs')],
    env,
    deadlineMs: 60_000,
    processes: new MachineProcesses(),
  });
});
afterAll(async () => {
  governor.client.close();
  await endProcessesOf(root);
  rmSync(root, { recursive: true, force: true });
});

/** Where the governor serves that server. */
async function behindGateway(url: string): Promise<string> {
  const args = [join(dist, 'cli.mjs'), 'mcp', 'remote', 'add', 'conformance', url];
  return (await promisify(execFile)(process.execPath, args, { env })).stdout.trim();
}

/** One at a time: the suite gives some answers half a second. */
async function compared(url: string, gateway: string, revision: Revision) {
  const direct = await serverReport(url, revision);
  return { direct, governed: await serverReport(gateway, revision) };
}

test.skipIf(suite === undefined)(
  'a server over HTTP conforms behind the gateway exactly as it does without: the official suite, check by check, in both eras',
  async () => {
    await using server = await fixtureServer();
    const gateway = await behindGateway(server.url);
    const sessions = await compared(server.url, gateway, '2025-11-25');
    expect(sessions.governed).toEqual(sessions.direct);
    expect([failing(sessions.direct), Object.keys(sessions.direct).length, passed(sessions.direct)]).toEqual([{}, 33, 84]);
    const stateless = await compared(server.url, gateway, '2026-07-28');
    expect(stateless.governed).toEqual(stateless.direct);
    // The fixture lacks the extension for tasks, which the official library does not serve.
    const failed = Object.keys(failing(stateless.direct)).filter((scenario) => !scenario.startsWith('tasks-'));
    expect([failed, Object.keys(stateless.direct).length, passed(stateless.direct)]).toEqual([[], 50, 164]);
  },
);

/** What is the same in both eras takes its time in one of them. */
const withSessions = ['initialize', 'elicitation-sep1034-client-defaults', 'sse-retry', 'json-schema-2020-12-preservation'];

/** All that 2026-07-28 asks of clients, logins with it, by the suites that have it: how many scenarios each has. */
const stateless = { auth: 14, draft: 17 };

/** Logins that are not ours, and why. */
const otherLogins = {
  // A revision without descriptions of servers: nothing would say which of them a token is for.
  withdrawn: ['auth/2025-03-26-oauth-metadata-backcompat', 'auth/2025-03-26-oauth-endpoint-fallback'],
  // Extensions by which no person logs in.
  machines: [
    'auth/client-credentials-jwt',
    'auth/client-credentials-basic',
    'auth/enterprise-managed-authorization',
    'auth/wif-jwt-bearer',
  ],
  // An extension by which tokens are bound to a key of the client's.
  bound: ['auth/dpop', 'auth/dpop-nonce'],
};

async function singleReports(): Promise<readonly Report[]> {
  const all: Report[] = [];
  for (const scenario of withSessions) all.push(await clientReport({ scenario }, '2025-11-25', { dist, env }));
  return [...all, await clientReport({ scenario: 'tools_call' }, '2026-07-28', { dist, env })];
}

async function suiteReports(): Promise<readonly Report[]> {
  const all: Report[] = [];
  for (const name of Object.keys(stateless)) all.push(await clientReport({ suite: name }, '2026-07-28', { dist, env }));
  return all;
}

test.skipIf(suite === undefined)(
  'a client over stdio, with the gateway between, does what servers over HTTP may expect of clients, logins included: the official suite, in both eras',
  { timeout: 600_000 },
  async () => {
    const [single, suites] = await Promise.all([singleReports(), suiteReports()]);
    expect(suites.map((one) => Object.keys(one).length)).toEqual(Object.values(stateless));
    const found: Report = Object.assign({}, ...single, ...suites);
    expect(failing(found)).toEqual({});
    const checked = Object.values(found).filter((checks) => checks.some((check) => check.startsWith('SUCCESS')));
    const logins = (await clientScenarios()).filter((name) => name.startsWith('auth/'));
    const left = logins.filter((name) => found[name] === undefined);
    expect(left.toSorted()).toEqual(Object.values(otherLogins).flat().toSorted());
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const telling = files.filter(({ parentPath, name }) => holdsSecret(readFileSync(join(parentPath, name), 'latin1')));
    expect([files.length > 50, telling.map(({ name }) => name)]).toEqual([true, []]);
    expect(checked.length).toBe(withSessions.length + 1 + stateless.auth + stateless.draft);
  },
);
