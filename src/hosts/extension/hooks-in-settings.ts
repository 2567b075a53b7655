import { homeOf } from '../../storage/home.ts';
import { installationOf } from '../../storage/install/claude-code.ts';
import { setMember } from '../../storage/install/json-edit.ts';
import { readIfThere } from '../../storage/install/rendered-files.ts';

/** Whether everything that installing writes into Claude Code's own settings is there. A file that cannot be read has nothing of ours. */
export function areHooksInstalled(environment: Readonly<Record<string, string | undefined>>): boolean {
  // Port, token and programs stand in other files.
  const { configuration } = installationOf({
    home: homeOf(environment),
    version: '',
    port: 1,
    token: '',
    runtime: '',
    script: '',
    environment: { ...environment },
  });
  return configuration.every(({ file, members }) => members.every(({ path, set }) => set === undefined || isSet(file, path, set)));
}

function isSet(file: string, path: readonly string[], value: unknown): boolean {
  try {
    const text = readIfThere(file) ?? '{}';
    return setMember(text, path, value) === text;
  } catch {
    return false;
  }
}
