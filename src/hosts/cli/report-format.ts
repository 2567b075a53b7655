import { WrongUsage } from './command.ts';

/** What is told of one place in a file, in whatever format. Paths are as they were given. */
export interface Report {
  readonly file: string;
  readonly position: { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number };
  readonly severity: 'error' | 'warning' | 'hint';
  /** Which check it is of; a name that never changes. */
  readonly check: string;
  readonly message: string;
}

const formats = ['text', 'json', 'junit', 'sarif'] as const;

export type ReportFormat = (typeof formats)[number];

export const formatOptions = { format: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `--json` is `--format json`. */
export function formatOf(values: { readonly format?: string | undefined; readonly json?: boolean | undefined }): ReportFormat {
  if (values.format === undefined) return values.json === true ? 'json' : 'text';
  const found = formats.find((format) => format === values.format);
  if (found === undefined) throw new WrongUsage(`"${values.format}" is not one of ${formats.join(', ')}`);
  if (values.json === true && found !== 'json') throw new WrongUsage('--json and another --format cannot be told together');
  return found;
}
