import type { Form, RecordedChoice, RuleInSight, ToTry } from './messages.ts';
import type { Openings, TreeLine } from './tree-lines.ts';

type Answer = Extract<ToTry, { readonly type: 'explained' | 'problems' | 'failed' }>;

/** What the page shows. */
export interface View {
  readonly form: Form;
  readonly recorded: RecordedChoice | undefined;
  readonly sight: RuleInSight | undefined;
  /** Of the last question. */
  readonly answer: Answer | undefined;
  readonly isAsking: boolean;
  readonly openings: Openings;
  /** The line of the tree that has the focus, or would get it. */
  readonly current: string;
}

export interface Events {
  readonly typed: (form: Partial<Form>) => void;
  readonly ask: () => void;
  readonly pick: () => void;
  /** No recorded call any more: what the form says. */
  readonly typeInstead: () => void;
  readonly openEntry: (recorded: RecordedChoice) => void;
  readonly openProblem: (file: string, line: number) => void;
  readonly open: (event: Event, line: TreeLine) => void;
  readonly toggle: (line: TreeLine) => void;
  readonly current: (id: string) => void;
  readonly treeKey: (event: KeyboardEvent) => void;
}
