import type { Word } from '../analysis.ts';

/** What a call of PowerShell itself runs. `input`: its standard input. */
export type PowerShellInner =
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'file'; readonly path: Word; readonly args: readonly Word[] }
  | { readonly kind: 'input' }
  | { readonly kind: 'unknown'; readonly reason: string };

const names = /^(?:pwsh|pwsh-preview|powershell)(?:\.exe)?$/i;

/** Whether a program, named by its last part, is PowerShell. */
export function isPowerShell(name: string): boolean {
  return names.test(name);
}

// The parameters of `pwsh -?`; those with `=` take a value. Any beginning of a name stands for it, and some have short names.
const parameters =
  'command= encodedcommand= file= executionpolicy= inputformat= outputformat= windowstyle= version= workingdirectory= configurationname= configurationfile= custompipename= settingsfile= encodedarguments= psconsolefile= noprofile nologo noninteractive noexit noprofileloadtime interactive login sta mta help sshservermode'.split(
    ' ',
  );
const short: Readonly<Record<string, string>> = {
  c: 'command=',
  e: 'encodedcommand=',
  ec: 'encodedcommand=',
  f: 'file=',
  ep: 'executionpolicy=',
  ex: 'executionpolicy=',
  wd: 'workingdirectory=',
  w: 'windowstyle=',
  v: 'version=',
  nop: 'noprofile',
  noni: 'noninteractive',
  i: 'interactive',
  l: 'login',
  '?': 'help',
};

/** What `pwsh` or `powershell` with these arguments runs; `undefined` where it only tells of itself. `name`: how it was called. */
export function powershellInner(name: string, args: readonly Word[]): PowerShellInner | undefined {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (typeof arg !== 'string') return unknown('its arguments are not known before it runs');
    if (arg === '-') return { kind: 'input' };
    const rest = args.slice(at + 1);
    const option = /^(?:--?|\/(?=[A-Za-z?]+$))([A-Za-z?]+)(?::(.*))?$/s.exec(arg);
    // Without a parameter, the old one takes a command and the new one a file.
    if (option === null) return /^powershell/i.test(name) ? command(args.slice(at)) : { kind: 'file', path: arg, args: rest };
    const parameter = parameterOf((option[1] ?? '').toLowerCase());
    if (parameter === undefined) return unknown(`its parameter ${arg} is not known`);
    if (parameter === 'command=') return command(rest);
    if (parameter === 'encodedcommand=') return decoded(rest[0]);
    if (parameter === 'file=')
      return rest[0] === undefined || rest[0] === '-' ? { kind: 'input' } : { kind: 'file', path: rest[0], args: rest.slice(1) };
    if (parameter.endsWith('=') && option[2] === undefined) at += 1;
  }
  return args.some((arg) => typeof arg === 'string' && /^(?:--?|\/)(?:\?|h|help|v|version)$/i.test(arg)) ? undefined : { kind: 'input' };
}

function parameterOf(name: string): string | undefined {
  if (Object.hasOwn(short, name)) return short[name];
  return parameters.find((one) => one.replace('=', '') === name) ?? parameters.find((one) => one.startsWith(name));
}

function command(words: readonly Word[]): PowerShellInner {
  if (words.length === 0 || words[0] === '-') return { kind: 'input' };
  const literal = words.filter((word) => typeof word === 'string');
  return literal.length === words.length
    ? { kind: 'script', text: literal.join(' ') }
    : unknown('the command for PowerShell is not known before it runs');
}

/** Base64 of UTF-16, as `-EncodedCommand` takes it. */
function decoded(word: Word | undefined): PowerShellInner {
  if (typeof word !== 'string') return unknown('the encoded command is not known before it runs');
  try {
    const bytes = Uint8Array.from(atob(word), (sign) => sign.charCodeAt(0));
    return { kind: 'script', text: new TextDecoder('utf-16le', { fatal: true }).decode(bytes) };
  } catch {
    return unknown('the encoded command cannot be decoded');
  }
}

function unknown(reason: string): PowerShellInner {
  return { kind: 'unknown', reason };
}
