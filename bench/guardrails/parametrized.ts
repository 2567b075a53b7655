import { Reader, type Environment, type Value } from './evaluate.ts';
import { tokensOf } from './tokens.ts';

export interface Case {
  readonly parameters: readonly string[];
  readonly values: readonly Value[];
}

/** The cases of `@pytest.mark.parametrize(parameters, [cases])` in a Python source, of those whose parameters are wanted. */
export function casesIn(source: string, wanted: (parameters: string) => boolean): readonly Case[] {
  const tokens = tokensOf(source, 'python');
  const environment: Environment = new Map();
  const cases: Case[] = [];
  let depth = 0;
  for (const [at, { text, type }] of tokens.entries()) {
    if (type === 'mark' && '([{'.includes(text)) depth += 1;
    if (type === 'mark' && ')]}'.includes(text)) depth -= 1;
    if (depth === 0 && type === 'name' && tokens[at + 1]?.text === '=' && tokens[at + 2]?.text !== '=')
      environment.set(text, new Reader(tokens, at + 2, environment, call).expression());
    const parameters = tokens[at + 2]?.text ?? '';
    if (text !== 'pytest.mark.parametrize' || !wanted(parameters)) continue;
    const list = new Reader(tokens, at + 4, environment, call).expression();
    const names = parameters.split(',').map((name) => name.trim());
    for (const one of Array.isArray(list) ? list : []) cases.push({ parameters: names, values: Array.isArray(one) ? one : [one] });
  }
  return cases;
}

function call(name: string, [first, ...rest]: readonly Value[]): Value {
  if (name === 'textwrap.dedent' && typeof first === 'string') return first;
  return name === 'pytest.param' ? [first, ...rest] : undefined;
}
