import type { Home } from '../home.ts';
import type { TamperFinding } from './claude-tamper.ts';
import { misplaced } from './file-install.ts';
import { installedAs } from './installed-record.ts';
import type { Installer, InstallWish } from './installer.ts';
import { plainText } from './plain-text.ts';

/** Looks after the hooks of agents that have them in files of their own. Nothing is expected where none were put in. */
export interface AgentTamper {
  readonly findings: (folders: readonly string[]) => readonly TamperFinding[];
  /** What to watch for that. */
  readonly files: (folders: readonly string[]) => readonly string[];
}

export function agentTamper(home: Home, version: string, installers: Iterable<Installer>): AgentTamper {
  const all = [...installers];
  const installed = (): readonly { readonly installer: Installer; readonly wish: InstallWish }[] =>
    all.flatMap((installer) => {
      const wish = installedAs(home, installer.agent, version);
      return wish === undefined ? [] : [{ installer, wish }];
    });
  return {
    findings: (folders) =>
      installed().flatMap(({ installer, wish }) => [
        ...misplacedFindings(installer, wish),
        ...folders.flatMap((folder) => silencedIn(installer, wish, folder)),
      ]),
    files: (folders) =>
      installed().flatMap(({ installer, wish }) => [
        ...installer.edits(wish).map(({ file }) => file),
        ...folders.flatMap((folder) => installer.silencers?.(folder, wish.environment) ?? []).map(({ file }) => file),
      ]),
  };
}

function misplacedFindings(installer: Installer, wish: InstallWish): readonly TamperFinding[] {
  return misplaced(installer, wish).map((file) => ({
    id: `${installer.agent}:${file}`,
    severity: 'weak',
    message: `The hooks of ${installer.title} are not as Countersign put them: sessions that start now may not be governed. A person puts them in again: countersign install ${installer.agent}.`,
    file,
  }));
}

function silencedIn({ agent, title, silencers }: Installer, { environment }: InstallWish, folder: string): readonly TamperFinding[] {
  return (silencers?.(folder, environment) ?? []).flatMap(({ file, effect }) => {
    const text = plainText(file);
    const said = text === undefined ? undefined : effect(text);
    if (said === undefined) return [];
    return [
      { id: `${agent}:silenced:${file}`, severity: 'weak' as const, message: `${title} is not governed here: ${said}.`, file, folder },
    ];
  });
}
