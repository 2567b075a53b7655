const longest = 2000;

/** What the command line says that installing would change, as a question can show it: of the agent's files every line, of our own the names. */
export function shownPlan(plan: string): string {
  const parts = plan.split(/^(?=(?:new|change) )/m).map((part) => part.trimEnd());
  const theirs = parts.filter((part) => !isOurs(part)).join('\n');
  const ours = parts.filter(isOurs).map(firstLine);
  if (ours.length === 0) return shortened(theirs);
  return `${shortened(theirs)}\n\nCountersign’s own files:\n${ours.join('\n')}\n\nEvery line is in the log (Countersign: Show Log).`;
}

/** The rendered plugin, which the agent's settings only point at. */
function isOurs(part: string): boolean {
  return /[/\\]agents[/\\]claude-code[/\\]/.test(firstLine(part));
}

function firstLine(part: string): string {
  return part.split('\n', 1)[0] ?? '';
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}\n…` : text;
}
