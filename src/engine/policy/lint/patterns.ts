import { analyzeCommand } from '../../shell/analyze.ts';
import { canonicalTools } from '../../tool-call.ts';
import { allCommandsMatch, anyCommandMatches } from '../command-pattern.ts';
import { compileCommandPatterns } from '../command-syntax.ts';
import { expandBraces } from '../glob.ts';
import { nearest } from '../nearest.ts';
import { pathCovers } from './covers.ts';
import { finding, patternsAt, type LintedRule, type LintFinding } from './finding.ts';

/** Patterns that are well formed, and that nothing can match. */
export function patternFindings(linted: LintedRule): readonly LintFinding[] {
  return [...toolPatterns(linted), ...commandPatterns(linted), ...pathPatterns(linted), ...domainPatterns(linted)];
}

const permission = /^\w+\((.+?)(:\*)?\)$/;

function toolPatterns(linted: LintedRule): readonly LintFinding[] {
  const ofServer = linted.document.scope.some(({ field }) => field === 'mcpServer');
  return patternsAt(linted.rule.source.tools, [...linted.path, 'tools']).flatMap(({ text, path }) => {
    const odd = /[^\w.*?[\]{}!,/:@\\^-]/u.exec(text)?.[0];
    const command = permission.exec(text)?.[1];
    const instead = command === undefined ? '' : `; what a command does is matched by "commands: ${command}"`;
    if (odd !== undefined) return [finding(linted, 'never-matches', path, `No tool has "${odd}" in its name${instead}`)];
    const guess = ofServer || text.includes('/') ? undefined : nearest(text, canonicalTools, 1);
    if (guess === undefined || guess === text || text !== text.toLowerCase()) return [];
    return [finding(linted, 'never-matches', path, `No built-in tool is called "${text}", did you mean "${guess}"?`, 'hint')];
  });
}

function commandPatterns(linted: LintedRule): readonly LintFinding[] {
  const { source } = linted.rule;
  const filesJudged = source.paths?.write !== undefined || source.paths?.any !== undefined;
  const certain = source.action === 'allow' || source.action === 'abstain';
  return patternsAt(source.commands, [...linted.path, 'commands']).flatMap(({ text, path }) => {
    const example = exampleOf(text);
    if (example === undefined) return [];
    const patterns = compileCommandPatterns(text);
    const analysis = analyzeCommand(example, { cwd: '/home/user/project', home: '/home/user' });
    if (!anyCommandMatches(patterns, analysis, 'ignore'))
      return [finding(linted, 'never-matches', path, `Not even "${example}" matches this: ${permissionHint(text)}`)];
    if (!certain || allCommandsMatch(patterns, analysis, filesJudged)) return [];
    return [
      finding(linted, 'never-matches', path, `A rule that allows takes nothing like "${example}" for certain, so this never matches`),
    ];
  });
}

/** Patterns may have been taken from the permissions of an agent: `Bash(git push:*)`. */
function permissionHint(text: string): string {
  const command = permission.exec(text)?.[1];
  return command === undefined ? 'each simple command of a line is matched by itself' : `write the command itself, "${command}"`;
}

/** A command that a pattern should match, if one can be made up. */
function exampleOf(pattern: string): string | undefined {
  if (/[[\\~$`]/.test(pattern)) return undefined;
  const words = pattern.trim().split(/\s+/);
  return words
    .filter((word) => word !== '**')
    .map((word) => (expandBraces(word)[0] ?? '').replaceAll(/\*+|\?/g, 'x'))
    .join(' ');
}

const kinds = ['read', 'write', 'any'] as const;

function pathPatterns(linted: LintedRule): readonly LintFinding[] {
  return kinds.flatMap((kind) => {
    const patterns = patternsAt(linted.rule.source.paths?.[kind], [...linted.path, 'paths', kind]);
    return patterns.flatMap(({ text, path }, index) => {
      const why = wrongPath(text) ?? takenBack(text, patterns.slice(index + 1));
      return why === undefined ? [] : [finding(linted, 'never-matches', path, `This never matches: ${why}`)];
    });
  });
}

function wrongPath(text: string): string | undefined {
  if (/(^|\/)\.\.(\/|$)/.test(text))
    return 'paths are compared without ".."; write the folder itself, or begin with "/", "~" or "${workspace}"';
  if (/\\[\w.]/.test(text)) return 'a backslash takes the meaning from the next character; folders are written with "/"';
  return /^\w+:\/\//.test(text) ? 'it is an address, not a path; hosts are matched by "domains"' : undefined;
}

function takenBack(text: string, later: readonly { readonly text: string }[]): string | undefined {
  if (text.startsWith('!')) return undefined;
  const by = later.find((one) => one.text.startsWith('!') && pathCovers(one.text.slice(1), text));
  return by === undefined ? undefined : `"${by.text}" further down takes all of it back`;
}

function domainPatterns(linted: LintedRule): readonly LintFinding[] {
  return patternsAt(linted.rule.source.domains, [...linted.path, 'domains']).flatMap(({ text, path }) => {
    const host = /^(?:[\w+.-]+:\/\/)?(?:[^/@]*@)?([^/:]*)/.exec(text)?.[1] ?? '';
    const isIpV6 = /^\[?[\da-f:]+\]?$/i.test(text) && text.split(':').length > 2;
    if (host === text || isIpV6 || /[[{]/.test(text)) return [];
    return [finding(linted, 'never-matches', path, `This never matches: only the name of the host is compared, here "${host}"`)];
  });
}
