import type { Word } from './analysis.ts';

export type Language =
  | 'shell'
  | 'python'
  | 'javascript'
  | 'perl'
  | 'ruby'
  | 'php'
  | 'awk'
  | 'lua'
  | 'applescript'
  | 'r'
  | 'powershell'
  | 'other';

interface Shared {
  /** Whether it runs in the very shell that started it: `eval`, `source`, `command`. */
  readonly same?: boolean;
  readonly privileged?: boolean;
  /** Whether it runs on another machine or in a container: what lies on the disk here says nothing about it. */
  readonly elsewhere?: boolean;
  /** `NAME=value` for it alone. */
  readonly assignments?: readonly Word[];
  /** Where it runs, from the directory of what runs it. */
  readonly directory?: Word;
  /** Whether it stands in a file: a package.json, a Makefile. */
  readonly fromFile?: boolean;
  /** Whether it runs at some later time, too: after functions were defined that it may call. */
  readonly later?: boolean;
  /** Whether its standard input is not that of what runs it. */
  readonly apart?: boolean;
}

/** What a program runs on behalf of its arguments. */
export type Inner = Shared &
  (
    | { readonly kind: 'words'; readonly words: readonly Word[] }
    | { readonly kind: 'script'; readonly text: Word; readonly args?: readonly Word[]; readonly zero?: boolean }
    | { readonly kind: 'code'; readonly language: Language; readonly text: Word }
    | {
        readonly kind: 'file';
        readonly language: Language;
        readonly path: Word;
        readonly args: readonly Word[];
        readonly shellFile: boolean;
      }
    | { readonly kind: 'input'; readonly language: Language; readonly args: readonly Word[] }
    | { readonly kind: 'unknown'; readonly reason: string }
    /** A part that is not known, of a program that is. */
    | { readonly kind: 'doubt'; readonly reason: string }
  );

/** What a program is asked about what it runs with. */
export interface InnerQuestion {
  readonly name: string;
  readonly args: readonly Word[];
  /** Standard input, where it is known. */
  readonly input: Word | undefined;
  readonly piped: boolean;
  /** The text of a file by a word that names it. */
  readonly file: (path: Word) => Word | undefined;
}

export const nothing: readonly Inner[] = [];

export function unknownInner(reason: string): readonly Inner[] {
  return [{ kind: 'unknown', reason }];
}
