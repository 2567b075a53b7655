const most = 60;

/** The lines of a rule that begins on a line (counted from 1) of its policy's text: those that are indented deeper follow it. */
export function ruleExcerpt(text: string, line: number): string {
  const [first = '', ...rest] = text.split('\n').slice(line - 1, line - 1 + most);
  const depth = indentOf(first);
  const end = rest.findIndex((each) => each.trim() !== '' && indentOf(each) <= depth);
  const lines = [first, ...(end < 0 ? rest : rest.slice(0, end))];
  return lines
    .map((each) => each.slice(Math.min(depth, indentOf(each))))
    .join('\n')
    .trimEnd();
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
