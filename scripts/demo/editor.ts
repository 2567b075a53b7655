import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Scratch } from '../../test/lab/claude/client.ts';
import { EditorServer } from '../../test/lab/editor/server.ts';

export interface OpenedEditor {
  /** What to open in a browser; empty when the desktop editor opened its own window. */
  readonly address: string;
  /** Waits for Ctrl-C where a person looks at it, then ends the editor. */
  readonly close: (wait: boolean) => Promise<void>;
}

interface Where {
  readonly root: string;
  readonly scratch: Scratch;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The packaged extension in a real VS Code: the desktop's `code` where there is one, otherwise code-server from npm. */
export async function openInEditor(where: Where): Promise<OpenedEditor> {
  const target = `${process.platform}-${process.arch}`;
  const packed = spawnSync(process.execPath, [join(where.root, 'scripts/package.ts'), target], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (packed.status !== 0) throw new Error('The extension could not be packaged; `npm run package` shows why.');
  const vsix = join(where.root, 'out', `countersign-${target}.vsix`);
  return hasDesktop() ? openDesktop(vsix, where) : await openServer(vsix, where);
}

function hasDesktop(): boolean {
  const { status, stdout } = spawnSync('code', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  return status === 0 && /^\d+\.\d+\.\d+/.test(stdout);
}

function openDesktop(vsix: string, { scratch, env }: Where): OpenedEditor {
  const own = ['--user-data-dir', join(scratch.dir, 'code'), '--extensions-dir', join(scratch.dir, 'extensions')];
  spawnSync('code', [...own, '--install-extension', vsix], { env, stdio: 'inherit' });
  const editor = spawn('code', [...own, '--wait', '--new-window', scratch.project], { env, stdio: 'ignore' });
  return { address: '', close: (wait) => closing(wait, async () => void editor.kill()) };
}

async function openServer(vsix: string, { scratch, env }: Where): Promise<OpenedEditor> {
  const editor = new EditorServer({
    home: join(scratch.dir, 'e'),
    env: { HOME: scratch.home, COUNTERSIGN_HOME: env['COUNTERSIGN_HOME'] ?? '' },
  });
  await editor.installVsix(vsix);
  const url = await editor.start();
  return { address: `${url}/?folder=${encodeURIComponent(scratch.project)}`, close: (wait) => closing(wait, () => editor.stop()) };
}

async function closing(wait: boolean, end: () => Promise<void>): Promise<void> {
  if (wait) {
    console.log('\nLook around; Ctrl-C here ends the editor and removes everything.');
    await once(process, 'SIGINT');
  }
  await end();
}
