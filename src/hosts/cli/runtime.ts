import { programPath } from './program.ts';

/** What the hooks have to start: this very Node, and our hook program. */
export function renderedRuntime(): { readonly runtime: string; readonly script: string; readonly isElectron: boolean } {
  return { runtime: process.execPath, script: programPath('hook'), isElectron: process.versions['electron'] !== undefined };
}
