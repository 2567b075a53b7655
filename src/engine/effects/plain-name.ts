import { baseName } from '../shell/programs.ts';

/** What a program is called, without its folder, and in lower case: descriptions are for what it may be. */
export function plainName(program: string): string {
  const name = baseName(program).toLowerCase();
  return name.replace(/^.*\\/, '').replace(/\.(exe|cmd|bat)$/, '');
}
