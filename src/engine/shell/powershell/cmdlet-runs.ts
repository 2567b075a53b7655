import type { Word } from '../analysis.ts';
import type { Bound } from './bind.ts';
import { runProgram } from './programs.ts';
import type { Argument } from './script.ts';
import { added, behind, unknown, type Step } from './step.ts';
import { pipedOn, usesOf } from './uses.ts';

/** Cmdlets that change what later names mean, or bring code of their own. */
const changing: ReadonlySet<string> = new Set(['Set-Alias', 'New-Alias', 'Import-Alias', 'Add-Type', 'New-PSDrive']);
/** Cmdlets that run what they are given in a way that is not looked into. */
const opaque: ReadonlySet<string> = new Set(
  'Invoke-CimMethod Invoke-WmiMethod Set-WmiInstance Register-ScheduledJob Register-ScheduledTask Invoke-History Invoke-Item Invoke-Command Start-Job Start-ThreadJob'.split(
    ' ',
  ),
);
const network: ReadonlySet<string> = new Set(
  `Invoke-WebRequest Invoke-RestMethod Start-BitsTransfer Test-NetConnection Test-Connection Send-MailMessage Install-Module Save-Module
  Update-Module Find-Module Install-Package Install-Script Save-Script Install-PSResource Save-PSResource Enter-PSSession New-PSSession
  Invoke-Command Resolve-DnsName Update-Help`.split(/\s+/),
);

/** A cmdlet, with the files and hosts it uses and what it runs. Gives back what goes on through the pipe. */
export function runCmdlet(step: Step, cmdlet: string, bound: Bound, args: readonly Argument[]): readonly Word[] | undefined {
  const { gathering, piped } = step;
  const uses = usesOf(cmdlet, bound, piped);
  if (network.has(cmdlet) || uses.hosts.length > 0) gathering.talks();
  if (uses.redefines || changing.has(cmdlet) || isModuleFile(cmdlet, bound))
    gathering.change(`${cmdlet} changes what names mean`, step.text);
  gathering.folders(uses.folders);
  const runs = cmdlet === 'Invoke-Expression' || cmdlet === 'Start-Process';
  added(step, { program: cmdlet, args: bound.args, files: [...uses.files, ...step.files], hosts: uses.hosts, isWrapper: runs });
  const within = behind(step, cmdlet);
  if (cmdlet === 'Invoke-Expression') evaluate(within, bound, args, piped);
  if (cmdlet === 'Start-Process') start(within, bound);
  if (cmdlet === 'ForEach-Object') each(within, args);
  if (cmdlet === 'Where-Object') filter(within, args);
  if (opaque.has(cmdlet) && !isOnlyBlocks(args)) unknown(within, `what ${cmdlet} runs is not known`);
  return pipedOn(cmdlet, bound, piped);
}

/** The modules of the machine are as trusted as its programs; a file may be anybody's. */
function isModuleFile(cmdlet: string, { args }: Bound): boolean {
  return cmdlet === 'Import-Module' && args.some((arg) => typeof arg !== 'string' || /[\\/]|\.(?:psm1|psd1|ps1|dll)$/i.test(arg));
}

/** Blocks were opened up where they stand. */
function isOnlyBlocks(args: readonly Argument[]): boolean {
  const isBlock = ({ words, parameter }: Argument): boolean =>
    parameter === undefined
      ? words.every((word) => typeof word === 'string' && word.startsWith('{'))
      : /^-(?:s|scriptblock)/i.test(parameter);
  return args.length > 0 && args.every(isBlock);
}

function evaluate(within: Step, { values }: Bound, args: readonly Argument[], piped: readonly Word[] | undefined): void {
  const given = values.filter(({ parameter }) => parameter.name === 'Command').map(({ word }) => word);
  const words = given.length > 0 ? given : (piped ?? []);
  if (words.length > 0 && words.every((word) => typeof word === 'string')) return within.runText(words.join('\n'), within.place);
  const isMade = args.some(({ text }) => text.includes('('));
  if (piped !== undefined || isMade || within.gathering.isTalking) within.gathering.pipes();
  unknown(within, 'the text that Invoke-Expression runs is not known before it runs');
}

/** `Start-Process -FilePath program -ArgumentList 'a', 'b'`; one text of arguments is split as Windows does it, at blanks. */
function start(within: Step, { values }: Bound): void {
  const all = (name: string): readonly Word[] => values.filter(({ parameter }) => parameter.name === name).map(({ word }) => word);
  const [program] = all('FilePath');
  const verb = all('Verb')[0];
  const privileged = within.place.privileged || (verb !== undefined && !(typeof verb === 'string' && verb.toLowerCase() !== 'runas'));
  const step: Step = { ...within, place: { ...within.place, privileged } };
  if (typeof program !== 'string') return unknown(step, 'the program that Start-Process starts is not known before it runs');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(program)) return within.gathering.talks();
  runProgram(step, program, [...all('ArgumentList'), ...all('Args')].flatMap(split));
}

function split(word: Word): readonly Word[] {
  if (typeof word !== 'string') return [word];
  return [...word.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([part]) => part.replaceAll('"', ''));
}

const properties: ReadonlySet<string> = new Set(
  'name fullname length count extension basename directory directoryname id processname path version lastwritetime value line key keys values tostring trim toupper tolower'.split(
    ' ',
  ),
);

/** `ForEach-Object Delete` calls the method of that name, `ForEach-Object $block` whatever the variable holds. */
function each(within: Step, args: readonly Argument[]): void {
  const named = args.findIndex(({ parameter }) => /^-m/i.test(parameter ?? ''));
  const members = named < 0 ? positional(args) : [...(args[named]?.words ?? []), ...(args[named + 1]?.words ?? [])];
  for (const member of members) {
    const isKnown = typeof member === 'string' && (properties.has(member.toLowerCase()) || member.startsWith('{'));
    if (!isKnown) unknown(within, `what the member ${typeof member === 'string' ? member : member.text} does is not known`);
  }
}

/** `Where-Object $block`. */
function filter(within: Step, args: readonly Argument[]): void {
  const [first] = positional(args);
  if (first !== undefined && typeof first !== 'string' && args.length === 1) unknown(within, `what ${first.text} does is not known`);
}

function positional(args: readonly Argument[]): readonly Word[] {
  return args[0]?.parameter === undefined ? (args[0]?.words ?? []) : [];
}
