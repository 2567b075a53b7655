import { createVSIX } from '@vscode/vsce';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Figure } from '../bench.ts';
import { startEditor } from '../../test/lab/editor/editor.ts';
import { until } from '../../test/lab/editor/until.ts';
import { post } from './decisions.ts';
import { bashMessage, percentile } from './scratch-home.ts';

const root = join(import.meta.dirname, '..', '..');
const rounds = 400;

/** In a real editor: what our activation takes, and whether a blocked extension host delays a decision. */
export async function measureEditor(): Promise<readonly Figure[]> {
  const dir = mkdtempSync('/tmp/be-');
  const project = join(dir, 'project');
  const home = join(dir, 'state');
  mkdirSync(project);
  try {
    const vsix = [join(root, 'out', 'countersign-linux-x64.vsix'), await blockerVsix(join(dir, 'blocker'))];
    await using editor = await startEditor({
      folders: [project],
      vsix,
      home: join(dir, 'e'),
      env: { COUNTERSIGN_HOME: home, BLOCK_FILE: join(dir, 'block') },
    });
    await until('the governor that the extension starts', async () => existsSync(join(home, 'governor.json')) && portIn(home) > 0, 30_000);
    const activation = await until(
      'the activation in the log',
      async () => /[Aa]ctivated in ([\d.]+) ms/.exec(await editor.logs())?.[1],
      30_000,
    );
    const free = await decisions(home, project, 0);
    writeFileSync(join(dir, 'block'), '');
    await until('the block', async () => existsSync(join(dir, 'block.began')), 10_000);
    const blocked = await decisions(home, project, 1_000_000);
    if (existsSync(join(dir, 'block.ended'))) throw new Error('The extension host was free again before the measurement ended.');
    process.kill(z.parse(z.object({ pid: z.int() }), JSON.parse(readFileSync(join(home, 'governor.json'), 'utf8'))).pid, 'SIGTERM');
    return [
      { what: 'extension activation, its own time', value: Number(activation), unit: 'ms', limit: 50 },
      { what: 'decision over HTTP beside an idle editor: median', value: percentile(free, 0.5), unit: 'ms' },
      { what: 'the same while its extension host is blocked: median', value: percentile(blocked, 0.5), unit: 'ms' },
      { what: 'the same: times the idle editor', value: percentile(blocked, 0.5) / percentile(free, 0.5), unit: '×' },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function portIn(home: string): number {
  return z.parse(z.object({ port: z.int() }), JSON.parse(readFileSync(join(home, 'governor.json'), 'utf8'))).port;
}

async function decisions(home: string, project: string, from: number): Promise<readonly number[]> {
  const token = readFileSync(join(home, 'hook-token'), 'utf8');
  const ms: number[] = [];
  for (let n = from; n < from + rounds; n += 1) {
    const before = performance.now();
    await post(portIn(home), token, JSON.stringify(bashMessage(project, n)));
    ms.push(performance.now() - before);
  }
  return ms;
}

/** An extension that blocks the host which it shares with ours, as any extension may. */
async function blockerVsix(dir: string): Promise<string> {
  mkdirSync(dir);
  const manifest = {
    name: 'blocker',
    publisher: 'bench',
    version: '0.0.1',
    engines: { vscode: '^1.138.0' },
    main: './extension.js',
    activationEvents: ['onStartupFinished'],
  };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(dir, 'extension.js'), blocker);
  writeFileSync(join(dir, 'README.md'), 'Made by the benchmark.');
  writeFileSync(join(dir, 'LICENSE'), 'None.');
  writeFileSync(join(dir, '.vscodeignore'), '');
  const packagePath = join(dir, 'blocker.vsix');
  await createVSIX({ cwd: dir, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}

const blocker = `
const { existsSync, rmSync, writeFileSync } = require('node:fs');
exports.activate = () => {
  const file = process.env.BLOCK_FILE;
  setInterval(() => {
    if (!existsSync(file)) return;
    rmSync(file);
    writeFileSync(file + '.began', '');
    for (const until = Date.now() + 5000; Date.now() < until; );
    writeFileSync(file + '.ended', '');
  }, 50);
};
`;
