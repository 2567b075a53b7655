import type { PolicySet } from './policy-set.ts';
import type { Origin } from './packs.ts';
import type { Position } from './position.ts';
import type { ToolPolicySource } from './schema.ts';
import type { YamlDocument } from './yaml-source.ts';

interface LayerProblem {
  readonly position: Position;
  readonly message: string;
}

/** What only the organisation and the user may say, where somebody else says it. */
export function checkLayer(source: ToolPolicySource, yaml: YamlDocument, { layer }: Origin): readonly LayerProblem[] {
  if (layer === 'organisation' || layer === 'user') return [];
  const only = `allowed in the organisation and user layers only, this is the ${layer} layer`;
  return [
    ...(source.exempt === undefined ? [] : [{ position: yaml.whereKey(['exempt']), message: `Exemptions are ${only}` }]),
    ...(source.spec.onUngoverned === undefined
      ? []
      : [{ position: yaml.whereKey(['spec', 'onUngoverned']), message: `"onUngoverned" is ${only}` }]),
  ];
}

/** What becomes of a session whose calls run without a decision: the strictest word of anybody who may say so. */
export function onUngoverned({ files }: PolicySet): 'alert' | 'kill' {
  const speaking = files.filter(({ layer, onlyObserves }) => (layer === 'organisation' || layer === 'user') && onlyObserves !== true);
  const documents = speaking.flatMap((file) => file.documents);
  return documents.some((document) => document.onUngoverned === 'kill') ? 'kill' : 'alert';
}
