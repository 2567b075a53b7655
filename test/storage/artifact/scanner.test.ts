import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Source } from '../../../src/engine/artifact/start.ts';
import { keepScan, scansOf } from '../../../src/storage/artifact/kept-scans.ts';
import { configuredScanners, npmAuditor, scan } from '../../../src/storage/artifact/scanner.ts';
import { homeOf } from '../../../src/storage/home.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'countersign-scanner-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source: Source = { kind: 'file', path: '/server.mjs', sha256: '0'.repeat(64) };
const look = (script: string, ...args: readonly string[]) =>
  scan({ name: 'test', command: [process.execPath, '-e', script, ...args], timeoutSeconds: 20 }, folder, 'now');

test('a scanner runs in the folder, and its findings count whatever it ends with', async () => {
  const script = 'console.log(JSON.stringify({findings:[{severity:"high",id:process.cwd(),title:process.argv[1]}]})); process.exitCode = 7';
  const found = await look(script, 'in {folder}');
  expect(found).toMatchObject({ name: 'test', at: 'now', max: 'high', findings: [{ title: `in ${folder}` }] });
});

describe('a scanner that could not look did not find nothing', () => {
  test.each<[string, string, string]>([
    ['no JSON', 'console.log("all is well")', 'JSON'],
    ['JSON without findings', 'console.log("{}")', 'no findings in it'],
    ['nothing', 'console.error("no network"); process.exitCode = 1', 'no network'],
    ['more than anybody reads', 'for (let i = 0; i < 50; i++) process.stdout.write(Buffer.alloc(1e6, 32))', 'more than 16 MiB'],
  ])('%s', async (_, script, why) => {
    expect(await look(script)).toEqual({ name: 'test', at: 'now', unavailable: expect.stringContaining(why) });
  });

  test('a program that is not there', async () => {
    const found = await scan({ name: 'test', command: ['no-such-program-of-ours'] }, folder, 'now');
    expect(found).toMatchObject({ unavailable: expect.stringContaining('cannot be started') });
  });

  test.skipIf(process.platform === 'win32')('one that hangs is ended with all that it started', async () => {
    const pid = join(folder, 'pid');
    const child = `require("fs").writeFileSync(${JSON.stringify(pid)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], {stdio: "inherit"})`;
    const found = await scan({ name: 'test', command: [process.execPath, '-e', script], timeoutSeconds: 3 }, folder, 'now');
    expect(found).toMatchObject({ unavailable: expect.stringContaining('within 3 seconds') });
    const started = Number(readFileSync(pid, 'utf8'));
    await expect.poll(() => isAlive(started), { timeout: 20_000 }).toBe(false);
  });
});

/** One that nobody has waited for yet is dead as well. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

test('results are kept with the bytes, and one that was spoiled says nothing', async () => {
  const found = await look('console.log(JSON.stringify({findings: []}))');
  const path = keepScan(folder, source, found);
  expect(scansOf(folder, source)).toEqual([found]);
  expect(scansOf(folder, { ...source, sha256: '1'.repeat(64) })).toEqual([]);
  for (const spoiled of ['{"findings": "none"}', '{', JSON.stringify({ ...found, name: 'other' })]) {
    writeFileSync(path, spoiled);
    expect(scansOf(folder, source)).toMatchObject([{ name: 'test', unavailable: 'its result cannot be read' }]);
  }
});

describe('config.json names', () => {
  const configured = (scanners: unknown) => {
    const home = homeOf({ COUNTERSIGN_HOME: folder });
    writeFileSync(home.config, JSON.stringify({ port: 1, scanners }));
    return configuredScanners(home);
  };

  test('scanners, or none', () => {
    const osv = { name: 'osv', command: ['osv-scanner', '{folder}'], timeoutSeconds: 60 };
    expect(configuredScanners(homeOf({ COUNTERSIGN_HOME: folder }))).toEqual([]);
    expect(configured([osv])).toEqual([osv]);
  });

  test.each<[string, unknown]>([
    ['one without a command', [{ name: 'osv', command: [] }]],
    ['one whose name leads elsewhere', [{ name: '../osv', command: ['x'] }]],
    ['one with a field that nobody knows', [{ name: 'osv', command: ['x'], shell: true }]],
  ])('%s: refused', (_, scanners) => {
    expect(() => configured(scanners)).toThrow('cannot be understood');
  });
});

test('npm’s registry is asked by npm itself: it answers, or its answer is not available', async () => {
  const lock = { name: 'x', lockfileVersion: 3, packages: { '': { name: 'x' } } };
  mkdirSync(join(folder, 'x'));
  writeFileSync(join(folder, 'x', 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(folder, 'x', 'package.json'), '{"name":"x","dependencies":{"nothing-of-ours":"1.0.0"}}');
  writeFileSync(join(folder, 'x', '.npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retries=0\n');
  const bad = { ...lock, packages: { '': { name: 'x', dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0' } } };
  writeFileSync(join(folder, 'x', 'package-lock.json'), JSON.stringify(bad));
  expect(await scan(npmAuditor(process.env), join(folder, 'x'), 'now')).toMatchObject({
    name: 'npm-audit',
    unavailable: expect.any(String),
  });
});
