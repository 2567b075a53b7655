/** One word for a POSIX shell, and for others in which single quotes mean the same, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
