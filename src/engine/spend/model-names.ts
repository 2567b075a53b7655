/**
 * What a model may be called in a price table, the most exact first: as the record names it, then without what says where it ran and
 * which snapshot it was. Only ever the same model: a name that merely begins alike is another model with another price.
 */
export function namesOf(model: string): readonly string[] {
  const bare = model.replace(/\[1m\]$/, '');
  const local = bare.replace(/^(us|eu|apac|global|jp|au)\.(?=anthropic\.)/, '').replace(/^(anthropic|openai)[./]/, '');
  const unversioned = local.replace(/-v\d+(:\d+)?$/, '').replace(/@(\d{8}|latest|default)$/, '');
  const undated = unversioned.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
  return [...new Set([model, bare, local, unversioned, undated])];
}
