interface Rule {
  readonly goals: readonly string[];
  readonly needs: readonly string[];
  readonly recipe: readonly string[];
}

const maxRecipes = 64;

/** The recipes of some goals, and of what they need, as texts for a shell. Variables of the Makefile are put in where they are plain. */
export function recipesOf(text: string, goals: readonly string[], given: ReadonlyMap<string, string>): readonly string[] {
  const variables = new Map<string, string>();
  const rules: Rule[] = [];
  readLines(text, rules, variables);
  for (const [name, value] of given) variables.set(name, value);
  const first = rules.flatMap((rule) => rule.goals).find((goal) => !goal.startsWith('.'));
  const wanted = goals.length > 0 ? goals : first === undefined ? [] : [first];
  return collect(wanted, rules, new Set())
    .slice(0, maxRecipes)
    .map((line) => expand(line.replace(/^[@+-]+\s*/, ''), variables, 0));
}

function readLines(text: string, rules: Rule[], variables: Map<string, string>): void {
  let open: string[] | undefined;
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      open?.push(line.slice(1).trim());
      continue;
    }
    const assignment = /^\s*(?:export\s+|override\s+)?([\w.-]+)\s*(?::{1,3}|\?|\+)?=\s*(.*)$/.exec(line);
    if (assignment?.[1] !== undefined) {
      variables.set(assignment[1], assignment[2] ?? '');
      continue;
    }
    const rule = /^([^:=#\t][^:=#]*)::?(?!=)([^;]*)(?:;(.*))?$/.exec(line);
    if (rule?.[1] === undefined) continue;
    open = rule[3] === undefined ? [] : [rule[3].trim()];
    rules.push({ goals: split(rule[1]), needs: split((rule[2] ?? '').replace('|', ' ')), recipe: open });
  }
}

function split(text: string): readonly string[] {
  return text.trim().split(/\s+/).filter(Boolean);
}

function collect(goals: readonly string[], rules: readonly Rule[], seen: Set<string>): readonly string[] {
  return goals.flatMap((goal) => {
    if (seen.has(goal) || seen.size > maxRecipes) return [];
    seen.add(goal);
    const own = rules.filter((rule) => rule.goals.includes(goal));
    return own.flatMap((rule) => [...collect(rule.needs, rules, seen), ...rule.recipe]);
  });
}

/** `$(NAME)` and `${NAME}`, `$$` for the shell's own dollar. What make alone knows becomes a variable that nobody set. */
function expand(text: string, variables: ReadonlyMap<string, string>, depth: number): string {
  return text.replaceAll(/\$(?:\$|\(([^()]*)\)|\{([^{}]*)\}|([^\s$({]))/g, (whole, round?: string, curly?: string, one?: string) => {
    if (whole === '$$') return '$';
    const name = round ?? curly ?? one ?? '';
    if (name === 'MAKE') return 'make';
    if (name === 'RM') return 'rm -f';
    const shell = /^shell\s+([^]+)$/.exec(name)?.[1];
    if (shell !== undefined) return `$(${shell})`;
    const value = variables.get(name);
    return value === undefined || depth > 8 ? '$MAKE_VALUE' : expand(value, variables, depth + 1);
  });
}
