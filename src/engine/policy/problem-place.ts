/** Where a problem is, as short as a person needs it: `team.yaml, line 6`; empty when it is in no file. */
export function problemPlace(file: string | undefined, line: number | undefined): string {
  if (file === undefined) return '';
  const name = file.split(/[/\\]/).findLast((part) => part !== '') ?? file;
  return line === undefined ? name : `${name}, line ${line}`;
}
