import type { Nested, Script } from './script.ts';
import type { Scanner } from './scanner.ts';
import { doubleQuotes, readString, singleQuotes } from './strings.ts';

export interface MemberContext {
  readonly scan: Scanner;
  readonly nested: Nested;
  readonly script: Script;
}

/** Methods that change nothing, whatever object they are called on. `Replace` is none: of a file, it replaces the file. */
const harmlessMethods: ReadonlySet<string> = new Set(
  `tostring tolower toupper tolowerinvariant toupperinvariant trim trimend trimstart split substring startswith endswith contains indexof
  lastindexof padleft padright gettype containskey equals compareto adddays addhours addminutes addmonths addyears addseconds where foreach
  tochararray gethashcode toarray getenumerator tounixtimeseconds tolocaltime touniversaltime matches ismatch`.split(/\s+/),
);

/** Types whose casts and static members only compute. */
const harmlessTypes: ReadonlySet<string> = new Set(
  `int int16 int32 int64 long uint32 uint64 double single float decimal string char bool boolean byte array object hashtable pscustomobject
  psobject ordered datetime datetimeoffset timespan guid regex version uri math convert io.path text.encoding void switch switchparameter
  bigint text.stringbuilder stringsplitoptions collections.arraylist environment cultureinfo globalization.cultureinfo stringcomparison
  regularexpressions.regex text.regularexpressions.regex nullable validateset`.split(/\s+/),
);
const environmentMembers: ReadonlySet<string> = new Set(
  'getenvironmentvariable getfolderpath username machinename newline osversion processorcount currentdirectory is64bitoperatingsystem version'.split(
    ' ',
  ),
);

/** Behind a value: `.Name`, `?.Name`, `::Name(…)`, `[0]`. A method that may do something is kept as unknown. `type`: of static members. */
export function readMembers(context: MemberContext, type?: string): void {
  const { scan, nested } = context;
  const from = scan.at;
  for (let first = true; ; first = false) {
    if (scan.sees('[') || scan.sees('?[')) {
      scan.take(/\??/y);
      nested.index();
    } else if (scan.take(/(?:\?\.|::|\.(?!\.))(?=[\p{L}_'‘"“$({])/uy) !== undefined) {
      const name = memberName(context);
      const isCalled = scan.sees('(') || (scan.sees('{') && ['where', 'foreach'].includes(name ?? ''));
      const isKnown = isHarmless(name, isCalled, first ? type : undefined) || (name === 'replace' && hasOnlyTexts(scan.text));
      if (!isKnown) call(context, from, name, type);
      if (scan.sees('(')) nested.group();
      else if (isCalled) nested.block();
    } else return;
  }
}

/** Whether nothing in a script makes an object of a file. */
function hasOnlyTexts(script: string): boolean {
  return !/\b(?:get-item|gi|get-childitem|gci|ls|dir|new-object|new-item|ni|get-itemproperty|gp|import-clixml|get-command|gcm)\b|\[/i.test(
    script,
  );
}

function isHarmless(name: string | undefined, isCalled: boolean, type: string | undefined): boolean {
  if (type !== undefined && !isHarmlessType(type)) return true; // The type itself was found to be unknown.
  if (type === 'environment') return environmentMembers.has(name ?? '');
  return type !== undefined || !isCalled || harmlessMethods.has(name ?? '');
}

function call({ scan, script }: MemberContext, from: number, name: string | undefined, type: string | undefined): void {
  const object = type === undefined ? 'an object that is not known' : `[${type}]`;
  script.calls.push({
    reason: `it calls ${name ?? 'a method'} of ${object}`,
    text: scan.text.slice(from, scan.at),
    span: { start: from, end: scan.at },
  });
}

/** Lower case; `undefined` where the name is computed. */
function memberName({ scan, nested }: MemberContext): string | undefined {
  const name = scan.take(/[\p{L}_][\p{L}\p{N}_]*/uy);
  if (name !== undefined) return name[0].toLowerCase();
  if (scan.sees('(')) nested.group();
  else if (scan.sees('{')) nested.block();
  else if ((singleQuotes + doubleQuotes).includes(scan.next)) {
    const pieces = readString(scan, nested, new Set());
    return pieces.every(({ text }) => text !== undefined)
      ? pieces
          .map(({ text }) => text)
          .join('')
          .toLowerCase()
      : undefined;
  } else if (scan.take(/\$[\p{L}\p{N}_]+/uy) === undefined) scan.fail('a member has no name');
  return undefined;
}

/** `[type]`, at its bracket. Its name, lower case and without `System.`; `undefined` for an attribute. */
export function readType({ scan, nested, script }: MemberContext): string | undefined {
  const from = scan.at;
  const found = scan.take(/\[\s*([\p{L}_][\p{L}\p{N}_.`+]*)\s*((?:\[[\p{L}\p{N}_.,+\s[\]]*\])*)/uy);
  if (found === undefined) return scan.fail('a type is not understood');
  if (scan.sees('(')) {
    nested.group();
    scan.skipLines();
    scan.expect(']');
    return undefined;
  }
  scan.skipLines();
  scan.expect(']');
  const type = (found[1] ?? '').toLowerCase().replace(/^system\./, '');
  const elements = (found[2] ?? '')
    .toLowerCase()
    .split(/[^\w.]+/)
    .filter((name) => name !== '');
  if (![type, ...elements].every((name) => isHarmlessType(name.replace(/^system\./, ''))))
    script.calls.push({
      reason: `what the type [${found[1] ?? ''}] does is not known`,
      text: scan.text.slice(from, scan.at),
      span: { start: from, end: scan.at },
    });
  return type;
}

function isHarmlessType(name: string): boolean {
  return harmlessTypes.has(name) || /^collections\.generic\.(list|dictionary|hashset)(`\d)?$/.test(name);
}
