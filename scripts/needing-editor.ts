/** A file of the build, with the names of those that it loads. */
export interface BuiltFile {
  readonly fileName: string;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

/**
 * Which of the programs would load `vscode`, at once or later: only an editor has it, and they would end. A part of the extension gets into
 * a file that they share as soon as it is loaded later.
 */
export function needingEditor(files: readonly BuiltFile[], programs: readonly string[]): readonly string[] {
  const byName = new Map(files.map((file) => [file.fileName, file]));
  return programs.filter((program) => {
    const reached = new Set([program]);
    for (const name of reached) {
      const { imports = [], dynamicImports = [] } = byName.get(name) ?? {};
      for (const next of [...imports, ...dynamicImports]) reached.add(next);
    }
    return reached.has('vscode');
  });
}
