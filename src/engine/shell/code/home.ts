import { stringOf } from './values.ts';
import type { Token } from './tokens.ts';

const calls = /^(?:os\.homedir|homedir|Path\.home|pathlib\.Path\.home|Dir\.home)$/;
const lookUps = /^(?:os\.environ|environ|process\.env|ENV|\$_ENV|\$_SERVER|\$ENV)$/;
const getters = /^(?:os\.environ\.get|environ\.get|os\.getenv|getenv|ENV\.fetch|Deno\.env\.get)$/;
const home: Token = { kind: 'string', pieces: [{ text: '~' }] };

/** The tokens with `~` in place of every expression that is the home directory. */
export function withHome(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((token) => token.kind === 'name' && /home|HOME|env|ENV|_SERVER/.test(token.text))) return tokens;
  const found: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const length = homeLength(tokens, at);
    const token = tokens[at];
    // Where the code sets it, it is anything.
    if (length > 0 && isMark(tokens[at + length], '=')) return tokens;
    if (length > 0) found.push(home);
    else if (token !== undefined) found.push(token);
    at += Math.max(0, length - 1);
  }
  return found;
}

/** How many tokens from here on are the home directory; 0: they are something else. */
function homeLength(tokens: readonly Token[], at: number): number {
  const token = tokens[at];
  if (token?.kind !== 'name') return 0;
  if (/^(?:process|Bun)\.env\.HOME$/.test(token.text)) return 1;
  if (token.text === 'require' && isText(tokens[at + 2], 'os', 'node:os') && isName(tokens[at + 4], '.homedir')) return 7;
  if (calls.test(token.text)) return isMark(tokens[at + 1], '(') && isMark(tokens[at + 2], ')') ? 3 : token.text === 'Dir.home' ? 1 : 0;
  const open = tokens[at + 1];
  const fits = (lookUps.test(token.text) && (isMark(open, '[') || isMark(open, '{'))) || (getters.test(token.text) && isMark(open, '('));
  return fits && isText(tokens[at + 2], 'HOME', 'USERPROFILE') && /^[)\]}]$/.test(textOf(tokens[at + 3])) ? 4 : 0;
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function isName(token: Token | undefined, text: string): boolean {
  return token?.kind === 'name' && token.text === text;
}

/** A string, or a bare word as a key of Perl. */
function isText(token: Token | undefined, ...texts: readonly string[]): boolean {
  const text = token?.kind === 'string' ? stringOf(token.pieces, new Map()) : token?.kind === 'name' ? token.text : undefined;
  return typeof text === 'string' && texts.includes(text);
}

function textOf(token: Token | undefined): string {
  return token?.kind === 'mark' ? token.text : '';
}
