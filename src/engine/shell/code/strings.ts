/** A piece of a string: text, or the name of a variable whose value stands there, or `undefined` for anything else. */
export type Piece = { readonly text: string } | { readonly name: string } | undefined;

interface Live {
  readonly braces: boolean;
  readonly template: boolean;
  readonly dollars: boolean;
  readonly hashes: boolean;
  readonly raw: boolean;
}

/** The pieces of a string: escapes decoded, and the places where a value is put in. */
export function piecesOf(body: string, live: Live): readonly Piece[] {
  const marks = [
    live.template ? String.raw`\$\{([^}]*)\}` : '',
    live.hashes ? String.raw`#\{([^}]*)\}` : '',
    live.braces ? String.raw`\{\{|\}\}|\{([^}]*)\}` : '',
    live.dollars ? String.raw`\$(ENV\{['"]?HOME['"]?\})|\$\{?([A-Za-z_]\w*)\}?(?:\{[^}]*\}|\[[^\]]*\]|->[\w{[]+)*|@\{?([A-Za-z_]\w*)` : '',
  ].filter(Boolean);
  if (marks.length === 0) return [{ text: live.raw ? body : decodeEscapes(body) }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of body.matchAll(new RegExp(String.raw`\\[^]|${marks.join('|')}`, 'g'))) {
    if (found[0].startsWith('\\')) continue;
    pieces.push({ text: decodeEscapes(body.slice(from, found.index)) });
    if (found[0] === '{{' || found[0] === '}}') pieces.push({ text: found[0].slice(1) });
    else pieces.push(valueIn(found[0], found.slice(1).find((group) => group !== undefined) ?? '', live.dollars));
    from = found.index + found[0].length;
  }
  pieces.push({ text: decodeEscapes(body.slice(from)) });
  return pieces;
}

/** What is put into a string: the value of a variable, the home directory, or anything. */
function valueIn(whole: string, inside: string, dollars: boolean): Piece {
  const name = inside.trim();
  if (/^ENV\{['"]?HOME['"]?\}$/.test(name) || homeText.test(name)) return { text: '~' };
  // An element of a list or of a table is not the variable of that name.
  if (dollars && /[\]}>]$/.test(whole) && !/^\$\{\w+\}$/.test(whole)) return undefined;
  return /^[A-Za-z_$]\w*$/.test(name) ? { name: (dollars && whole.startsWith('$') ? '$' : '') + name } : undefined;
}

/** The home directory where it is put into a string: `${process.env.HOME}`, `#{ENV["HOME"]}`, `{Path.home()}`. */
const homeText =
  /^(?:process\.env\.HOME|(?:process\.env|os\.environ|ENV|\$_(?:ENV|SERVER))\[['"]?HOME['"]?\]|(?:os\.(?:environ\.get|getenv)|ENV\.fetch|getenv)\(['"]HOME['"]\)|(?:os\.)?homedir\(\)|(?:pathlib\.)?Path\.home\(\)|Dir\.home)$/;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  0: '\0',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
  e: '\u001B',
};

function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /\\(?:x\{?([\dA-Fa-f]{1,6})\}?|u\{?([\dA-Fa-f]{4,6})\}?|([0-7]{2,3})|(\r?\n)|([^]))/g,
    (_, hex?: string, unicode?: string, octal?: string, line?: string, one?: string) => {
      const code = hex ?? unicode;
      if (code !== undefined) return Number.parseInt(code, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(code, 16)) : '';
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (line !== undefined) return '';
      return Object.hasOwn(escapes, one ?? '') ? (escapes[one ?? ''] ?? '') : (one ?? '');
    },
  );
}
