import type { Change, ChangeKind } from './difference.ts';

/** In the order in which a person wants to hear them: what makes agents freer first. */
const words: readonly (readonly [ChangeKind, one: string, many: string])[] = [
  ['auto-approve-added', 'autoApprove added', 'autoApprove added'],
  ['rule-loosened', 'rule loosened', 'rules loosened'],
  ['rule-removed', 'rule removed', 'rules removed'],
  ['policy-loosened', 'policy loosened', 'policies loosened'],
  ['policy-removed', 'policy removed', 'policies removed'],
  ['exemption-added', 'exemption added', 'exemptions added'],
  ['rule-changed', 'rule changed', 'rules changed'],
  ['policy-changed', 'policy changed', 'policies changed'],
  ['rule-tightened', 'rule tightened', 'rules tightened'],
  ['policy-tightened', 'policy tightened', 'policies tightened'],
  ['rule-added', 'rule added', 'rules added'],
  ['policy-added', 'policy added', 'policies added'],
  ['auto-approve-removed', 'autoApprove removed', 'autoApprove removed'],
  ['exemption-removed', 'exemption removed', 'exemptions removed'],
  ['wording', 'text or test reworded', 'texts or tests reworded'],
];
const named = 3;

/** `1 autoApprove added: build; 2 rules tightened: no-force-push, no-tags`. The names are those that whoever wrote the file chose. */
export function inWords(changes: readonly Change[] | undefined): string {
  if (changes === undefined) return 'one of the versions cannot be read';
  if (changes.length === 0) return 'nothing that matters to agents';
  return words
    .flatMap(([kind, one, many]) => {
      const names = changes.filter((change) => change.kind === kind).map(({ name }) => name);
      if (names.length === 0) return [];
      const rest = names.length > named ? ` and ${names.length - named} more` : '';
      return [`${names.length} ${names.length === 1 ? one : many}: ${names.slice(0, named).join(', ')}${rest}`];
    })
    .join('; ');
}
