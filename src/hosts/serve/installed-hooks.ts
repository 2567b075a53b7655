import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import manifest from '../../../package.json' with { type: 'json' };
import { gateName } from '../../agents/claude-code/gate.ts';
import { hookUrl } from '../../agents/claude-code/hooks-config.ts';
import type { Home } from '../../storage/home.ts';
import { renderClaudeCode } from '../../storage/install/claude-code.ts';
import { renewGatewayLauncher } from '../../storage/install/gateway-launcher.ts';
import { renewLauncher } from '../../storage/install/launcher.ts';
import { alteredFiles } from '../../storage/install/rendered-record.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { programBeside } from './program-beside.ts';

/**
 * Writes the installed hooks anew when sessions could not use them: they name another port, or a program that is gone (the
 * editor removes the folder of an extension's old version), lack the gate that came later, or were
 * changed since they were rendered. Sessions that start from now on read them. Nothing happens where
 * none are installed. Returns the files that changed.
 */
export function renewHooks(home: Home, port: number): readonly string[] {
  const plugin = join(home.agents, 'claude-code', 'plugins', 'countersign');
  const file = join(plugin, 'hooks', 'hooks.json');
  if (!existsSync(file)) return [];
  const token = readOrCreateToken(home.hookToken);
  const text = readFileSync(file, 'utf8');
  const isAsRendered = alteredFiles(join(home.agents, 'claude-code')).length === 0;
  const hasGate = text.includes(gateName) && existsSync(join(plugin, '.mcp.json'));
  if (
    isAsRendered &&
    hasGate &&
    text.includes(`"${hookUrl(port)}"`) &&
    text.includes(token) &&
    programsOf(text).every((program) => existsSync(program))
  )
    return [];
  const isElectron = process.versions['electron'] !== undefined;
  return renderClaudeCode({
    home,
    version: manifest.version,
    port,
    token,
    runtime: process.execPath,
    script: programBeside('hook'),
    isElectron,
  });
}

/** The same for what starts the hooks of other agents, and the gateway. */
export function renewHookLauncher(home: Home): void {
  const runtime = { home, runtime: process.execPath, isElectron: process.versions['electron'] !== undefined };
  renewLauncher({ ...runtime, script: programBeside('hook') });
  renewGatewayLauncher({ ...runtime, script: programBeside('mcp-gateway') });
}

const file = z.object({
  hooks: z.record(z.string(), z.array(z.object({ hooks: z.array(z.object({ args: z.optional(z.array(z.string())) })) }))),
});

/** The absolute paths that the command hooks start; a file that cannot be read names none that exists. */
function programsOf(text: string): readonly string[] {
  try {
    const { hooks } = z.parse(file, JSON.parse(text));
    const args = Object.values(hooks)
      .flat()
      .flatMap((matcher) => matcher.hooks.flatMap((hook) => hook.args ?? []));
    return args.filter((argument) => argument.startsWith('/') || /^[A-Za-z]:\\/.test(argument));
  } catch {
    return [''];
  }
}
