import type { Language } from '../inner.ts';
import { effectOf } from './rules.ts';
import type { Token } from './tokens.ts';

const environments = /^(?:os\.environ|environ|process\.env|Bun\.env|ENV|[\\]?%ENV|ENVIRON|\$_ENV|\$_SERVER)$/;
const allOfIt =
  /^(?:os\.environ|environ)\.(?:items|values|copy)$|^ENV\.(?:to_h|to_hash|to_a|inspect|each|each_pair|map|sort|values|select|filter)$|^Deno\.env\.toObject$/;
const showing =
  /^(?:print|pprint|pprint\.pprint|pp|p|puts|warn|say|printf|json\.dumps?|dumps|sys\.stdout\.write|console\.\w+|JSON\.stringify|Object\.(?:entries|values)|util\.inspect|inspect|process\.stdout\.write|print_r|var_dump|var_export|json_encode|Dumper|keys|values|each|map|sort|join)$/;

const printing = /^(?:print|printf|console\.\w+|puts|p)$/;

/** Whether the code prints or sends every variable of its environment, secrets among them. */
export function environmentShown(tokens: readonly Token[], language: Language): boolean {
  const open: string[] = [];
  return tokens.some((token, at) => {
    if (token.kind === 'mark' && token.text === '(') open.push(nameOf(tokens[at - 1]));
    else if (token.kind === 'mark' && token.text === ')') open.pop();
    if (token.kind !== 'name' || !isWhole(tokens, at)) return false;
    if (tokens.length === 1) return true;
    const [before, earlier] = [nameOf(tokens[at - 1]), nameOf(tokens[at - 2])];
    // A loop over it, in code that prints.
    if (before === 'in') return tokens.some((one) => printing.test(nameOf(one)));
    return (
      [before, earlier, ...open].some((name) => showing.test(name) || effectOf(name, language) === 'network') || allOfIt.test(token.text)
    );
  });
}

/** The environment itself, and not one of its variables or a question about it. */
function isWhole(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  if (token?.kind !== 'name') return false;
  if (token.text === 'getenv') return isMark(after, '(') && isMark(tokens[at + 2], ')');
  if (allOfIt.test(token.text) && !token.text.endsWith('.copy')) return true;
  if (!environments.test(token.text) && !allOfIt.test(token.text)) return false;
  if (isMark(after, '[') || isMark(after, '{') || isMark(after, '=') || (after?.kind === 'name' && after.text.startsWith('.')))
    return false;
  return nameOf(before) !== 'in' || tokens.slice(Math.max(0, at - 6), at).some((one) => nameOf(one) === 'for');
}

function nameOf(token: Token | undefined): string {
  return token?.kind === 'name' ? token.text : '';
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
