import type { Methods } from '../../channel/messages.ts';

export type ExportFormat = Methods['exportSearch']['params']['format'];

/** As the editor's dialog for saving offers them: what a format is called, and how its files end. */
export const exportFilters: Readonly<Record<string, string[]>> = {
  'JSON Lines': ['jsonl'],
  CSV: ['csv'],
  'OCSF 1.9, JSON Lines': ['ocsf.jsonl'],
  'OpenTelemetry logs, JSON Lines': ['otlp.jsonl'],
};

/** By how the file's name ends; `undefined` where that says nothing. */
export function exportFormatOf(file: string): ExportFormat | undefined {
  const name = file.toLowerCase();
  if (name.endsWith('.csv')) return 'csv';
  if (name.endsWith('.ocsf.jsonl')) return 'ocsf';
  if (name.endsWith('.otlp.jsonl')) return 'otlp';
  return name.endsWith('.jsonl') ? 'jsonl' : undefined;
}
