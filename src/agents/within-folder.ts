import { shellWord } from './shell-word.ts';

/** The command as it reads when a tool runs it in another folder than the session's: what looks into commands follows `cd`. */
export function withinFolder(folder: string | undefined, command: string): string {
  return folder === undefined || folder === '' ? command : `cd ${shellWord(folder)} &&\n${command}`;
}
