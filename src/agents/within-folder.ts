/** The command as it reads when a tool runs it in another folder than the session's: what looks into commands follows `cd`. */
export function withinFolder(folder: string | undefined, command: string): string {
  return folder === undefined || folder === '' ? command : `cd ${quoted(folder)} &&\n${command}`;
}

/** One word of a command, whatever it holds. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
