import type { BudgetStanding } from '../../engine/budget/standing.ts';
import type { SpendKey, SpendReport } from '../../engine/spend/report.ts';
import type { ChartData } from './chart-data.ts';
import type { Choice } from './choice.ts';
import type { Period } from './period.ts';
import type { Column } from './rows.ts';

export interface PageState {
  readonly choice: Choice;
  /** What the numbers are about: until new ones come, the old ones are called what they are. */
  readonly shown: Choice;
  readonly now: number;
  /** Newer numbers are on their way. */
  readonly isAsking: boolean;
  /** Left out before the first answer. */
  readonly report: SpendReport | undefined;
  readonly budgets: readonly BudgetStanding[];
  readonly chart: ChartData | undefined;
  readonly hovered: number | undefined;
  readonly showsAll: boolean;
  /** What a person must know instead of, or besides, the numbers. */
  readonly trouble: { readonly title: string; readonly text: string } | undefined;
}

export interface PageEvents {
  readonly period: (period: Period) => void;
  readonly by: (by: SpendKey) => void;
  readonly shape: (shape: Choice['shape']) => void;
  readonly sort: (column: Column) => void;
  readonly session: (session: Choice['session']) => void;
  readonly all: () => void;
  readonly setPrice: (model: string) => void;
  readonly export: () => void;
  readonly retry: () => void;
}

export const keyLabels: Readonly<Record<SpendKey, string>> = {
  session: 'Session',
  agent: 'Agent',
  subagent: 'Subagent',
  model: 'Model',
  workspace: 'Workspace',
};
