import { misplaced } from '../../storage/install/file-install.ts';
import { installedAs } from '../../storage/install/installed-record.ts';
import type { Finding, Installer } from '../../storage/install/installer.ts';
import { openHome } from '../../storage/home.ts';
import { readIfThere } from '../../storage/install/rendered-files.ts';
import { withGovernor } from './governor.ts';
import { version } from './version.ts';

/** The chain of one agent: its files, what may switch its hooks off, the governor, and a real call where its client can be started. */
export async function examineAgent(installer: Installer): Promise<readonly Finding[]> {
  const home = openHome();
  const wish = installedAs(home, installer.agent, version);
  if (wish === undefined)
    return [bad('installed', `${installer.title} has no hooks of Countersign. Run "countersign install ${installer.agent}".`)];
  const odd = misplaced(installer, wish);
  const found: Finding[] = odd.map((file) =>
    bad('hooks', `${file} is not as it was installed. Run "countersign install ${installer.agent}".`),
  );
  if (odd.length === 0)
    found.push({
      id: 'hooks',
      severity: 'fine',
      message: `The hooks are in place: ${filesOf(installer, wish) || 'the program that they start'}`,
    });
  found.push(...silenced(installer, process.cwd()));
  const status = await withGovernor((client) => client.call('status', {})).catch((error: unknown) => String(error));
  if (typeof status === 'string') return [...found, bad('governor', status)];
  found.push({ id: 'governor', severity: 'fine', message: `Governor ${status.version} answers, process ${status.pid}` });
  return [...found, ...(installer.prove === undefined ? [notTried(installer)] : await installer.prove(wish, process.cwd()))];
}

function filesOf(installer: Installer, wish: Parameters<Installer['edits']>[0]): string {
  return installer
    .edits(wish)
    .map(({ file }) => file)
    .join(', ');
}

function silenced({ silencers }: Installer, folder: string): readonly Finding[] {
  return (silencers?.(folder, process.env) ?? []).flatMap(({ file, effect }) => {
    const text = readIfThere(file);
    const said = text === undefined ? undefined : effect(text);
    return said === undefined ? [] : [bad('settings', `${file}: ${said}`)];
  });
}

function notTried({ title }: Installer) {
  return {
    id: 'call',
    severity: 'notice' as const,
    message: `${title} cannot be started here for a trial: its files were looked at, no call was made.`,
  };
}

function bad(id: string, message: string): Finding {
  return { id, severity: 'bad', message };
}
