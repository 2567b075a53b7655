import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCopilotScratch } from '../../lab/copilot/client.ts';
import { geminiClient, makeLabScratch, qwenClient } from '../../lab/gemini/client.ts';
import { installed } from '../../lab/install.ts';
import { endProcessesOf } from '../claude/processes.ts';

const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.mjs');
/** Nobody listens there: a client that is not brought to our own stand-in fails at once. */
const nowhere = 'http://127.0.0.1:9';
const binaries = { gemini: installed('gemini'), qwen: installed('qwen'), copilot: installed('copilot') };

interface Place extends Disposable {
  readonly home: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
}

/** As of a person who is signed in, and has to trust folders. */
const signedIn = (selectedType: string) => JSON.stringify({ security: { auth: { selectedType }, folderTrust: { enabled: true } } });

test
  .skipIf(Object.values(binaries).includes(undefined))
  .each<[agent: string, title: string, hooks: string, signedIn: string, place: () => Place]>([
    [
      'gemini-cli',
      'Gemini CLI',
      '.gemini/settings.json',
      signedIn('oauth-personal'),
      () => makeLabScratch(geminiClient, binaries.gemini ?? '', nowhere),
    ],
    [
      'qwen-code',
      'Qwen Code',
      '.qwen/settings.json',
      signedIn('qwen-oauth'),
      () => makeLabScratch(qwenClient, binaries.qwen ?? '', nowhere),
    ],
    ['copilot-cli', 'GitHub Copilot CLI', '.copilot/hooks/countersign.json', '', () => makeCopilotScratch(binaries.copilot ?? '', nowhere)],
  ])(
  'doctor proves it with a call of the real %s, and notices when its hooks are taken out',
  { concurrent: true },
  async (agent, title, hooks, before, make) => {
    using place = make();
    try {
      const file = join(place.home, hooks);
      if (before !== '') writeFileSync(file, before);
      expect(await countersign(place, 'install', agent, '--yes')).toMatchObject({ exitCode: 0 });
      const fine = await countersign(place, 'doctor', agent);
      expect(fine).toMatchObject({
        exitCode: 0,
        said: expect.stringContaining(`${title}, started here, had its call refused by Countersign.`),
      });
      if (before === '') rmSync(file);
      else writeFileSync(file, before);
      const { exitCode, said } = await countersign(place, 'doctor', agent);
      expect(exitCode).toBe(2);
      expect(said).toContain(`${title}, started here, had a call that Countersign forbids not refused by it`);
      expect(said).toContain('No such file');
    } finally {
      await endProcessesOf(place.home);
    }
  },
);

function countersign(place: Place, ...args: string[]): Promise<{ readonly exitCode: number; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env: place.env, cwd: place.project }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, said: stdout + stderr });
    });
  });
}
