import type { Overlong } from './frame-lines.ts';

/** The id, as it is written, of a response of which only the ends are known; `undefined` where they do not tell. */
export function overlongId({ head, tail }: Overlong): string | undefined {
  const first = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*[,}]/.exec(head.toString('utf8'));
  const last = /,\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*\}\s*$/.exec(tail.toString('utf8'));
  return (first ?? last)?.[1];
}
