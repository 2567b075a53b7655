import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPrint, type PrintOptions } from '../../../lab/claude/client.ts';
import { until } from '../../../lab/editor/until.ts';
import { govern, lastWord } from '../governed.ts';

// Runs where /etc is a copy that nobody else sees, and says on stdout what the real client did with managed settings there.

const folder = '/etc/claude-code';
const dropIns = join(folder, 'managed-settings.d');
await using lab = await govern((governed) => [
  { calls: [...(governed.mark('denied').turn.calls ?? []), ...(governed.mark('automatic').turn.calls ?? [])] },
  { text: lastWord },
]);
mkdirSync(folder);
const organisation = '{"cleanupPeriodDays": 20}\n';
writeFileSync(join(folder, 'managed-settings.json'), organisation);

function project(settings: unknown): void {
  mkdirSync(join(lab.scratch.project, '.claude'), { recursive: true });
  writeFileSync(join(lab.scratch.project, '.claude', 'settings.json'), JSON.stringify(settings));
}
async function ran(settings: unknown, options: Partial<PrintOptions>): Promise<readonly number[]> {
  const marks = [lab.mark('denied'), lab.mark('automatic')];
  const before = marks.map((mark) => mark.runs());
  project(settings);
  await runPrint(lab.scratch, { prompt: 'go', mode: 'bypassPermissions', ...options });
  return marks.map((mark, index) => mark.runs() - (before[index] ?? 0));
}

const off = { disableAllHooks: true, enabledPlugins: { 'countersign@countersign': false } };
const before = await ran(off, {});
const shown = await lab.countersign('install', 'claude-code', '--managed', '--only-managed-hooks');
const written = existsSync(dropIns);
project({});
await lab.succeeds('install', 'claude-code', '--managed', '--only-managed-hooks', '--yes');
const { level, problems } = await until('the governor to see it', async () => {
  const status = await lab.call('status', {});
  return status.level === 'managed' ? status : undefined;
});
const doctor = await lab.countersign('doctor');
const with_ = {
  'nothing special': await ran({}, {}),
  'hooks and plugin off in the project': await ran(off, {}),
  '--bare': await ran({}, { args: ['--bare'] }),
  'other setting sources': await ran({}, { args: ['--setting-sources', 'project'] }),
  '--settings that switch hooks off': await ran({}, { args: ['--settings', '{"disableAllHooks":true}'] }),
};
await lab.succeeds('uninstall', 'claude-code', '--managed', '--yes');
const left = { names: readdirSync(folder), organisation: readFileSync(join(folder, 'managed-settings.json'), 'utf8') === organisation };
process.stdout.write(
  `${JSON.stringify({ before, shown: shown.stdout, written, level, problems, doctor: doctor.stdout, with: with_, left })}\n`,
);
