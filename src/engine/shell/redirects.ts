import type { Redirection, SyntaxNode } from 'unbash';
import { plainInvocation, type FileUse, type Word } from './analysis.ts';
import type { Context } from './interpreter.ts';
import type { Scope } from './scope.ts';
import { knownFile, placeOf } from './files.ts';
import type { State } from './state.ts';
import { concat, isKnown, textOf } from './word-parts.ts';
import { documentText, singleWord } from './words.ts';

/** What the redirections of a command do. */
export interface Redirects {
  readonly files: readonly FileUse[];
  readonly replacesInput: boolean;
  readonly input: Word | undefined;
  readonly capturesOutput: boolean;
  /** Remembers what is written to a file, so that it is known when the file is run. */
  readonly keep: (written: Word, state: State) => void;
  /** Shows the files of something that is no simple command. */
  readonly emit: (node: SyntaxNode, at: Context) => void;
}

const none: Redirects = { files: [], replacesInput: false, input: undefined, capturesOutput: false, keep: () => {}, emit: () => {} };

export function readRedirects(redirects: readonly Redirection[], scope: Scope): Redirects {
  if (redirects.length === 0) return none;
  const files: FileUse[] = [];
  let [replacesInput, input]: [boolean, Word | undefined] = [false, undefined];
  const outputs: { readonly target: Word; readonly append: boolean }[] = [];
  for (const redirect of redirects) {
    if (redirect.type !== 'Redirect') {
      const text = inputText(redirect, scope);
      if (onInput(redirect)) [replacesInput, input] = [true, text];
      continue;
    }
    if (redirect.target === undefined) continue;
    const target = singleWord(redirect.target, scope);
    if (redirect.operator === '<' && onInput(redirect))
      [replacesInput, input] = [true, knownFile(target, scope.run.surroundings, scope.state)];
    if (isNoFile(redirect.operator, target)) continue;
    if (redirect.operator.includes('>') && onOutput(redirect)) outputs.push({ target, append: redirect.operator.includes('>>') });
    files.push(...usesOf(redirect.operator, target));
  }
  return {
    files,
    replacesInput,
    input,
    capturesOutput: outputs.length > 0,
    keep: (written, state) => keep(outputs, written, state, scope),
    emit: (node, at) => emit(files, node, at, scope),
  };
}

function inputText(redirect: Exclude<Redirection, { readonly type: 'Redirect' }>, scope: Scope): Word | undefined {
  if (redirect.type === 'HereDoc') {
    const text = documentText(redirect.body, scope);
    return redirect.operator === '<<-' && isKnown(text) ? text.replaceAll(/^\t+/gm, '') : text;
  }
  return redirect.target === undefined ? undefined : concat([singleWord(redirect.target, scope), '\n']);
}

function onInput({ descriptor }: Redirection): boolean {
  return descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 0);
}

function onOutput({ descriptor }: Redirection): boolean {
  return descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 1);
}

/** `2>&1`, `>&-` and `/dev/null`. */
function isNoFile(operator: string, target: Word): boolean {
  return typeof target === 'string' && (target === '/dev/null' || (operator.endsWith('&') && /^(\d+-?|-)$/.test(target)));
}

function usesOf(operator: string, target: Word): readonly FileUse[] {
  if (operator === '<' || operator === '<&') return [{ mode: 'read', target }];
  const write: FileUse = { mode: 'write', target };
  return operator === '<>' ? [{ mode: 'read', target }, write] : [write];
}

function keep(outputs: readonly { readonly target: Word; readonly append: boolean }[], written: Word, state: State, scope: Scope): void {
  for (const { target, append } of outputs) {
    const place = placeOf(target, scope.run.surroundings, state);
    if (place === undefined) continue;
    const before = append ? knownFile(target, scope.run.surroundings, state) : '';
    state.setFile(place, before === undefined || before === '' ? written : concat([before, written]));
  }
}

function emit(files: readonly FileUse[], node: SyntaxNode, at: Context, { run, state }: Scope): void {
  if (files.length === 0) return;
  run.emit({
    ...plainInvocation,
    program: ':',
    args: [],
    wrappers: at.wrappers,
    text: files.map(({ target }) => textOf(target)).join(' '),
    files,
    privileged: at.privileged,
    fromFile: at.fromFile,
    directories: shownDirectories(state),
    span: at.span ?? { start: node.pos, end: node.end },
  });
}

/** No directory when it is the call's own. */
export function shownDirectories({ directories }: State): readonly Word[] {
  return directories.length === 1 && directories[0] === '.' ? [] : directories;
}
