import type { PolicyFile, PolicyProblem, Position } from './policy-set.ts';

/**
 * The files of a machine with a problem added to each that uses a name of another file of its layer: a decision must
 * say which policy made it. Call it with all files at once, whenever one of them changed.
 */
export function withNameClashes(files: readonly PolicyFile[]): readonly PolicyFile[] {
  const owners = new Map<string, readonly PolicyFile[]>();
  for (const file of files)
    for (const { name } of named(file)) owners.set(`${file.layer}/${name}`, [...(owners.get(`${file.layer}/${name}`) ?? []), file]);
  return files.map((file) => {
    const problems = named(file).flatMap(({ name, position }): readonly PolicyProblem[] => {
      const other = owners.get(`${file.layer}/${name}`)?.find((owner) => owner !== file);
      return other === undefined
        ? []
        : [{ file: file.path, position, message: `A policy named "${name}" is in ${other.path} already; names are unique within a layer` }];
    });
    return problems.length === 0
      ? file
      : { ...file, documents: [], budgets: [], guardrails: [], artifacts: [], problems: [...file.problems, ...problems] };
  });
}

/** Policies of different kinds with one name could not be told apart, either. */
function named({
  documents,
  budgets,
  guardrails,
  artifacts,
}: PolicyFile): readonly { readonly name: string; readonly position: Position }[] {
  return [...documents, ...budgets, ...guardrails, ...artifacts];
}
